import {isMap, isPair, isScalar, isSeq, parseDocument, type Pair, type YAMLMap} from 'yaml';

/** One value of values.yaml that has a comment; `standard` is absent where those below it have their own. */
export interface ValueText {
  path: readonly string[];
  describe: string;
  standard?: unknown;
}

/** Every commented value of a chart's values.yaml, in its order. Throws where one has no comment, nor any above it. */
export function valueTexts(valuesYaml: string): ValueText[] {
  const document = parseDocument(valuesYaml);
  if (document.errors.length > 0) throw document.errors[0] as Error;
  if (!isMap(document.contents)) throw new Error('values.yaml: expected a map');
  return textsOf(document.contents, [], document.commentBefore ?? undefined, false);
}

function textsOf(
  map: YAMLMap,
  above: readonly string[],
  first: string | undefined,
  isToldAbove: boolean,
): ValueText[] {
  return map.items.flatMap((item, index) => {
    if (!isPair(item) || !isScalar(item.key)) throw new Error('values.yaml: expected plain keys');
    const path = [...above, String(item.key.value)];
    // The comment of a map's first value is the map's, as the parser has it.
    const comment = item.key.commentBefore ?? (index === 0 ? first : undefined);
    return pairTexts(item, path, comment, isToldAbove);
  });
}

function pairTexts(
  {value}: Pair,
  path: readonly string[],
  comment: string | undefined,
  isToldAbove: boolean,
): ValueText[] {
  const below =
    isMap(value) && value.items.length > 0
      ? textsOf(value, path, value.commentBefore ?? undefined, isToldAbove || comment !== undefined)
      : [];
  if (comment === undefined) {
    if (below.length === 0 && !isToldAbove) throw new Error(`values.yaml: ${path.join('.')} has no comment`);
    return below;
  }
  const describe = comment
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
  if (below.length > 0) return [{path, describe}, ...below];
  const standard: unknown = isScalar(value) || isMap(value) || isSeq(value) ? value.toJSON() : null;
  return [{path, describe, standard}];
}

/** A Markdown table of every value of the chart: name, default, what it is for. */
export const valueTable = (valuesYaml: string): string =>
  [
    '| value | default | what it is for |',
    '| --- | --- | --- |',
    ...valueTexts(valuesYaml).map(({path, describe, standard}) => {
      return `| ${[`\`${path.join('.')}\``, shownAs(standard), describe].map(cell).join(' | ')} |`;
    }),
  ].join('\n');

const longest = 60;

const shownAs = (standard: unknown): string => {
  if (standard === undefined) return '';
  const json = JSON.stringify(standard);
  return json.length > longest ? 'see values.yaml' : `\`${json}\``;
};

const cell = (text: string): string => text.replaceAll('|', '\\|');
