import type {Type, types} from 'avsc';
import {isArray, isMap, isRecord, isUnion, valuesOf} from './kinds.ts';

export interface Completion {
  /** What is wrong, each with the path of its field. */
  problems: string[];
  /** Whether what is left out takes the schema's default; else it stays out, and says nothing. */
  fills: boolean;
  /** Whether a value stands for a list of it alone, as in JSONata. */
  makesLists?: boolean;
}

/** `value` as the type wants it; what is wrong goes to the completion's problems. */
export function complete(type: Type, value: unknown, how: Completion, path = ''): unknown {
  if (isUnion(type)) {
    const inner = type.types.find((branch) => branch.typeName !== 'null');
    return value === null || inner === undefined ? null : complete(inner, value, how, path);
  }
  if (isRecord(type)) return completeRecord(type, value, how, path);
  const items = how.makesLists && value !== null && !Array.isArray(value) ? [value] : value;
  if (isArray(type) && Array.isArray(items)) {
    return items.map((item, index) => complete(type.itemsType, item, how, `${path}[${index}]`));
  }
  if (isMap(type) && isObject(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([name, item]) => [name, complete(valuesOf(type), item, how, `${path}.${name}`)]),
    );
  }
  if (!type.isValid(value)) how.problems.push(`${path}: expected ${expected(type)}, found ${shown(value)}`);
  return value;
}

function completeRecord(type: types.RecordType, value: unknown, how: Completion, path: string): unknown {
  const {problems} = how;
  if (!isObject(value)) {
    problems.push(`${path || 'value'}: expected an object, found ${shown(value)}`);
    return value;
  }
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  const names = new Set(type.fields.map(({name}) => name));
  for (const name of Object.keys(value))
    if (!names.has(name)) problems.push(`${at(name)}: there is no such field`);
  const entries = type.fields.flatMap((field): [string, unknown][] => {
    const given = value[field.name];
    if (given !== undefined) return [[field.name, complete(field.type, given, how, at(field.name))]];
    const byDefault: unknown = field.defaultValue();
    if (byDefault === undefined) problems.push(`${at(field.name)}: is missing`);
    return how.fills ? [[field.name, byDefault]] : [];
  });
  return Object.fromEntries(entries);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const expected = (type: Type): string => {
  if (isArray(type)) return 'a list';
  if (isMap(type)) return 'an object';
  return {string: 'a text', boolean: 'true or false', long: 'a whole number'}[type.typeName] ?? type.typeName;
};

/** What was found, by its kind: a value may be a person's. */
function shown(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return (
    {string: 'a text', number: 'a number', boolean: 'true or false'}[typeof value as string] ?? 'an object'
  );
}
