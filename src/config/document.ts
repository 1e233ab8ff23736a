import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Alias,
  type Document,
  type ParsedNode,
  type YAMLError,
} from 'yaml';
import {pathText, type Problem} from './problem.ts';
import {fillTemplates, type Values} from './template.ts';

type Path = readonly PropertyKey[];
type Node = ParsedNode | null | undefined;

/** The file as plain data with its templates filled in, and the way back from a setting to its place in the text. */
export interface ConfigDocument {
  data: unknown;
  problems: Problem[];
  /** Values that came from templates: never to be printed. */
  secrets: string[];
  /** Files that templates named, absolute. */
  files: string[];
  /** Those that templates at or below a setting named. */
  filesBelow(path: Path): string[];
  /** Whether the text is no YAML, or one without an end, so that the data says nothing. */
  broken: boolean;
  isTemplate(path: Path): boolean;
  /** What stands at a setting in the file, templates not filled in; `undefined` when nothing does. */
  written(path: Path): unknown;
  /** The place of a setting, or of the nearest one around it; with `key`, of its name instead of its value. */
  place(path: Path, key?: 'key'): {line: number; column: number};
}

interface Reading {
  values: Values;
  templates: Set<string>;
  /** Each file beside the setting that names it. */
  filesAt: {path: Path; files: readonly string[]}[];
  /** What aliases name and is being read now: one of these again would never end. */
  open: Set<Node>;
  aliases: number;
  isEndless: boolean;
  document: Pick<ConfigDocument, 'problems' | 'secrets' | 'files'>;
  placeOf: (offset: number | undefined) => {line: number; column: number};
}

/** Parses the config file. Nothing is thrown: what is wrong is in `problems`, each with line and column from 1. */
export const readDocument = (text: string, values: Values): ConfigDocument => {
  const lines = new LineCounter();
  const yaml = parseDocument(text, {lineCounter: lines, prettyErrors: false});
  const placeOf = (offset: number | undefined) => {
    const {line, col} = lines.linePos(offset ?? 0);
    return {line: Math.max(line, 1), column: Math.max(col, 1)};
  };
  const document = {
    problems: yaml.errors.map((error) => yamlProblem(error, text, placeOf)),
    secrets: [],
    files: [],
  };
  const begun = {open: new Set<Node>(), aliases: 0, isEndless: false};
  const reading: Reading = {values, templates: new Set(), filesAt: [], ...begun, document, placeOf};
  const isYaml = yaml.errors.every((error) => error.code === 'DUPLICATE_KEY');
  const data = isYaml ? plain(yaml.contents, [], yaml, reading) : undefined;
  return {
    ...document,
    broken: !isYaml || reading.isEndless,
    data,
    filesBelow: (path) =>
      reading.filesAt
        .filter((one) => path.every((part, depth) => one.path[depth] === part))
        .flatMap(({files}) => files),
    isTemplate: (path) => reading.templates.has(pathText(path)),
    written: (path) => {
      const node = yaml.getIn(path, true);
      if (isScalar(node)) return node.value;
      return isMap(node) || isSeq(node) ? (node.toJS(yaml) as unknown) : undefined;
    },
    place: (path, key) => placeOf(offsetOf(yaml.contents, path, key)),
  };
};

const yamlProblem = (error: YAMLError, text: string, placeOf: Reading['placeOf']): Problem => {
  const [start, end] = error.pos;
  if (error.code !== 'DUPLICATE_KEY')
    return {...placeOf(start), path: '', message: `not YAML: ${error.message}`};
  const name = /^[^\s:]+/.exec(text.slice(start, Math.max(end, start + 80)))?.[0] ?? '';
  return {...placeOf(start), path: '', message: `the name ${name} is used twice: each may stand once`};
};

/** The data of a node; anchors and aliases work, and templates are filled in where strings stand. */
const plain = (node: Node, path: PropertyKey[], yaml: Document.Parsed, reading: Reading): unknown => {
  if (isAlias(node)) return aliased(node, path, yaml, reading);
  reading.open.add(node);
  const data = settingsOf(node, path, yaml, reading);
  reading.open.delete(node);
  return data;
};

const maxAliases = 10_000;

const aliased = (
  node: Alias.Parsed,
  path: PropertyKey[],
  yaml: Document.Parsed,
  reading: Reading,
): unknown => {
  const named = node.resolve(yaml) as Node;
  reading.aliases += 1;
  const isInside = reading.open.has(named);
  if (!isInside && reading.aliases <= maxAliases) return plain(named, path, yaml, reading);
  const message = isInside
    ? `the alias *${node.source} stands inside what it names`
    : `there are more than ${maxAliases} aliases, those in what aliases name counted again`;
  if (!reading.isEndless)
    reading.document.problems.push({...reading.placeOf(node.range[0]), path: pathText(path), message});
  reading.isEndless = true;
  return undefined;
};

const settingsOf = (node: Node, path: PropertyKey[], yaml: Document.Parsed, reading: Reading): unknown => {
  if (isMap<ParsedNode, Node>(node)) {
    const settings = new Map<string, unknown>();
    for (const {key, value} of node.items) {
      const name = isScalar(key) ? String(key.value) : String(key);
      // Of a name that stands twice the first is read: it is the one that places are told of.
      if (!settings.has(name)) settings.set(name, plain(value, [...path, name], yaml, reading));
    }
    return Object.fromEntries(settings);
  }
  if (isSeq<ParsedNode>(node)) return node.items.map((item, at) => plain(item, [...path, at], yaml, reading));
  // A name with nothing after it (all below it commented out) is as good as left out.
  if (!isScalar(node) || (node.value === null && node.source === '')) return undefined;
  if (typeof node.value !== 'string') return node.value;
  const filled = fillTemplates(node.value, reading.values);
  if (filled.isTemplate) reading.templates.add(pathText(path));
  reading.document.secrets.push(...filled.values);
  reading.document.files.push(...filled.files);
  if (filled.files.length > 0) reading.filesAt.push({path, files: filled.files});
  const place = reading.placeOf(node.range[0]);
  for (const message of filled.problems)
    reading.document.problems.push({...place, path: pathText(path), message});
  return filled.text;
};

const offsetOf = (root: Node, path: Path, key?: 'key'): number | undefined => {
  let node: Node = root;
  let offset = node?.range[0];
  for (const [depth, part] of path.entries()) {
    if (isMap<ParsedNode, Node>(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === part);
      if (!isPair(pair)) return offset;
      offset = pair.key.range[0];
      node = pair.value;
      if (depth === path.length - 1 && key === undefined && (isScalar(node) || isAlias(node)))
        offset = node.range[0];
    } else if (isSeq<ParsedNode>(node) && typeof part === 'number') {
      node = node.items[part];
      offset = node?.range[0] ?? offset;
    } else return offset;
  }
  return offset;
};

/** A mistake at a setting of the file; with `key`, at its name. */
export const problemAt = (
  document: Pick<ConfigDocument, 'place'>,
  path: PropertyKey[],
  message: string,
  key?: 'key',
): Problem => ({...document.place(path, key), path: pathText(path), message});
