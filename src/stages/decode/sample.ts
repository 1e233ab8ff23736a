import type {Type, types} from 'avsc';
import type {Json} from '../../core/resource.ts';
import {
  isArray,
  isDate,
  isDecimal,
  isEnum,
  isFixed,
  isLogical,
  isMap,
  isMicros,
  isRecord,
  isUnion,
  valuesOf,
} from './kinds.ts';
import {dateText, decimalText, millis} from './plain.ts';

/** What is wrong with a sample, and at which field. */
export interface SampleProblem {
  path: string;
  message: string;
}

/**
 * A sample record as JSON, made what the decoder would make of the same record (`compilePlain`). Taken are Avro's JSON
 * (Avro specification 1.12, "JSON Encoding") and plain values: a union with or without the name of its branch, a decimal
 * and a date as text; what is left out takes the schema's default, or null where that may be.
 */
export function plainSample(
  writer: Type,
  value: unknown,
): {ok: true; value: Json} | {ok: false; problems: SampleProblem[]} {
  const problems: SampleProblem[] = [];
  const plain = convert(writer, value, '', problems);
  return problems.length === 0 ? {ok: true, value: plain} : {ok: false, problems};
}

function convert(type: Type, value: unknown, path: string, problems: SampleProblem[]): Json {
  if (isUnion(type)) return convertUnion(type.types, value, path, problems);
  if (isRecord(type)) return convertRecord(type, value, path, problems);
  if (isArray(type) && Array.isArray(value))
    return value.map((item, at) => convert(type.itemsType, item, `${path}[${at}]`, problems));
  if (isMap(type) && isObject(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([name, item]) => [name, convert(valuesOf(type), item, below(path, name), problems)]),
    );
  }
  const plain = convertValue(type, value);
  if (plain !== undefined) return plain;
  problems.push({path, message: `expected ${expected(type)}, found ${shown(value)}`});
  return null;
}

/** A value without parts, or `undefined` when it is not one of this type. */
function convertValue(type: Type, value: unknown): Json | undefined {
  if (isDecimal(type)) return convertDecimal(type.scale, value);
  if (isDate(type) && typeof value === 'string') return /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined;
  if (isLogical(type)) {
    const plain = convertValue(type.underlyingType, value);
    if (plain === undefined) return undefined;
    if (isMicros(type)) return millis(plain);
    return isDate(type) ? dateText(plain) : plain;
  }
  if (isEnum(type)) return typeof value === 'string' && type.symbols.includes(value) ? value : undefined;
  if (type.typeName === 'bytes' || isFixed(type)) {
    if (Buffer.isBuffer(value)) return value.toString('base64');
    return typeof value === 'string' ? Buffer.from(value, 'latin1').toString('base64') : undefined;
  }
  if (type.typeName === 'long') return convertLong(value);
  return type.isValid(value) ? (value as Json) : undefined;
}

const convertLong = (value: unknown): number | string | undefined =>
  Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d+$/.test(value))
    ? (value as number | string)
    : undefined;

function convertDecimal(scale: number, value: unknown): string | undefined {
  if (typeof value === 'number') return value.toFixed(scale);
  if (typeof value !== 'string') return undefined;
  const [, whole, fraction = ''] = /^(-?\d+)(?:\.(\d+))?$/.exec(value) ?? [];
  if (whole === undefined) return decimalText(Buffer.from(value, 'latin1'), scale);
  if (fraction.length > scale) return undefined;
  return scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0')}`;
}

/** Avro's JSON names the branch: `{"string": "x"}`; a plain value is of the first branch that takes it. */
function convertUnion(
  branches: readonly Type[],
  value: unknown,
  path: string,
  problems: SampleProblem[],
): Json {
  if (value === null && branches.some(({typeName}) => typeName === 'null')) return null;
  const given = branches.filter(({typeName}) => typeName !== 'null');
  const [name, ...others] = isObject(value) ? Object.keys(value) : [];
  if (isObject(value) && name !== undefined && others.length === 0) {
    const named = given.find((branch) => branchName(branch) === name);
    if (named) return convert(named, value[name], path, problems);
  }
  let nearest: SampleProblem[] | undefined;
  for (const branch of given) {
    const found: SampleProblem[] = [];
    const plain = convert(branch, value, path, found);
    if (found.length === 0) return plain;
    // Of a branch that it has the form of, what is wrong lies deeper.
    if (!nearest || found.every((problem) => problem.path !== path)) nearest = found;
  }
  problems.push(...(nearest ?? [{path, message: `expected null, found ${shown(value)}`}]));
  return null;
}

const branchName = (type: Type): string =>
  isLogical(type) ? branchName(type.underlyingType) : (type.name ?? type.typeName);

function convertRecord(
  type: types.RecordType,
  value: unknown,
  path: string,
  problems: SampleProblem[],
): Json {
  if (!isObject(value)) {
    problems.push({path, message: `expected an object, found ${shown(value)}`});
    return null;
  }
  const names = new Set(type.fields.map(({name}) => name));
  for (const name of Object.keys(value))
    if (!names.has(name)) problems.push({path: below(path, name), message: 'there is no such field'});
  const record: Record<string, Json> = {};
  for (const field of type.fields) {
    const byDefault: unknown = field.defaultValue() ?? (takesNull(field.type) ? null : undefined);
    const given = value[field.name] ?? byDefault;
    if (given === undefined) problems.push({path: below(path, field.name), message: 'is missing'});
    else record[field.name] = convert(field.type, given, below(path, field.name), problems);
  }
  return record;
}

const takesNull = (type: Type): boolean =>
  isUnion(type) ? type.types.some(({typeName}) => typeName === 'null') : type.typeName === 'null';

const below = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function expected(type: Type): string {
  if (isDecimal(type)) return 'a decimal';
  if (isDate(type)) return 'a date';
  if (isLogical(type)) return expected(type.underlyingType);
  if (isEnum(type)) return type.symbols.join(' or ');
  if (isArray(type)) return 'a list';
  if (isMap(type) || isRecord(type)) return 'an object';
  const words: Record<string, string> = {
    string: 'a text',
    boolean: 'true or false',
    int: 'a whole number',
    long: 'a whole number',
    float: 'a number',
    double: 'a number',
    bytes: 'a text of bytes',
    fixed: 'a text of bytes',
  };
  return words[type.typeName] ?? type.typeName;
}

function shown(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return (
    {string: 'a text', number: 'a number', boolean: 'true or false', undefined: 'nothing'}[
      typeof value as string
    ] ?? 'an object'
  );
}
