import {stringify} from 'yaml';
import {configSchema} from './schema.ts';
import {shapeOf, type JsonSchema} from './shape.ts';

/**
 * Every setting with what it is for, written from the schema: what has a default stands with it, what has none is
 * commented out with an example. The file as it stands is a working config.
 */
export const exampleYaml = (): string => {
  const shape = shapeOf(configSchema);
  const head = [
    '# Every setting of avro-scim. What stands here is the default; a line that is commented out shows a setting',
    '# that is off. A secret is never written here: ${env:NAME} and ${file:/path} stand wherever a text may stand.',
    '',
  ];
  const sections = Object.entries(shape.properties ?? {}).map(([name, section]) =>
    name === 'targets' ? targetsSection(section) : settingLines(name, section, false, true),
  );
  return [...head, ...sections.flatMap((lines) => [...lines, ''])].join('\n');
};

const targetsSection = (section: JsonSchema): string[] => {
  const target = typeof section.additionalProperties === 'object' ? section.additionalProperties : {};
  const name = 'hr-wiki';
  return [
    ...comment(section.description),
    'targets:',
    ...comment(
      'The name of a target is yours to choose; it stands in logs, metrics and the consumer group.',
    ).map(indent),
    `  ${name}:`,
    ...Object.entries(target.properties ?? {})
      .flatMap(([key, setting]) => settingLines(key, setting, !['connector', 'config'].includes(key), false))
      .map((line) => indent(indent(line))),
  ];
};

/** The lines of one setting: what it is for, then its value, commented out when it is off or `isOff` says so. */
const settingLines = (name: string, setting: JsonSchema, isOff: boolean, isOpen: boolean): string[] => {
  const hasInner = setting.properties !== undefined && (isOpen || isEmpty(setting.default));
  if (hasInner && !setting.examples) {
    const inner = Object.entries(setting.properties ?? {}).flatMap(([key, one]) =>
      settingLines(key, one, false, false),
    );
    const isBare = inner.every((line) => line.startsWith('#'));
    const lines = [`${name}:`, ...inner.map(indent)];
    if (isBare && !isOff) lines[0] = `# ${name}:`;
    return [...comment(setting.description), ...(isOff ? lines.map((line) => `# ${line}`) : lines)];
  }
  const hasDefault = setting.default !== undefined && !isEmpty(setting.default);
  const examples = setting.examples ?? [];
  if (isOff || !hasDefault) {
    const shown = examples.length > 0 ? examples : [setting.default ?? placeholder(setting)];
    const lines = shown.flatMap((value, at) => [...(at === 0 ? [] : ['or']), ...yamlLines(name, value)]);
    const isNeeded = !isOff && setting.default === undefined && ['connector', 'config'].includes(name);
    return [...comment(setting.description), ...(isNeeded ? lines : lines.map((line) => `# ${line}`))];
  }
  const others = examples.map((value) => `# ${yamlLines(name, value).join('')}`);
  return [...comment(setting.description), ...yamlLines(name, setting.default), ...others];
};

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** A value that fits, for a setting with neither default nor example. */
const placeholder = ({
  type,
  enum: values,
  exclusiveMinimum,
}: JsonSchema & {exclusiveMinimum?: number}): unknown =>
  values?.[0] ??
  (type === 'integer' || type === 'number' ? (exclusiveMinimum ?? 0) + 1 : type === 'boolean' ? true : '…');

const yamlLines = (name: string, value: unknown): string[] => {
  const options = {collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false} as const;
  return [`${name}: ${stringify(value, options).trimEnd()}`];
};

const width = 100;

const comment = (text = ''): string[] => {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((one) => one !== '')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length > width) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
};

const indent = (line: string): string => (line === '' ? '' : `  ${line}`);
