import avro, {type Schema, type Type, type types} from 'avsc';
import type {IdentityEvent} from '../../core/event.ts';
import {failed, ok, type Failure, type Result} from '../../core/failure.ts';
import {isArray, isMap, isRecord, isUnion, valuesOf} from './kinds.ts';

export interface Encoder {
  /** The event that a JSON value is, with the schema's defaults for what it leaves out. Failure: `undecodable`, naming the field. */
  read(value: unknown): Result<IdentityEvent>;
  /** An event in the Confluent wire format, written with the schema that has this id. */
  frame(event: IdentityEvent, schemaId: number): Buffer;
}

/** Writes events. `schema` is an event schema, parsed from JSON. */
export function createEncoder(schema: Schema): Encoder {
  const type = avro.Type.forSchema(schema);
  return {
    read(value) {
      const problems: string[] = [];
      const event = complete(type, value, '', problems);
      const [problem] = problems;
      if (problem === undefined) return ok(event as IdentityEvent);
      return failed({
        kind: 'undecodable',
        message: problem,
        cause: 'undecodable: not an event',
      } satisfies Failure);
    },
    frame(event, schemaId) {
      const head = Buffer.alloc(5);
      head.writeUInt32BE(schemaId, 1);
      return Buffer.concat([head, type.toBuffer(event)]);
    },
  };
}

/** `value` as the type wants it; what is wrong goes to `problems`, with the path of its field. */
function complete(type: Type, value: unknown, path: string, problems: string[]): unknown {
  if (isUnion(type)) {
    const inner = type.types.find((branch) => branch.typeName !== 'null');
    return value === null || inner === undefined ? null : complete(inner, value, path, problems);
  }
  if (isRecord(type)) return completeRecord(type, value, path, problems);
  if (isArray(type) && Array.isArray(value)) {
    return value.map((item, index) => complete(type.itemsType, item, `${path}[${index}]`, problems));
  }
  if (isMap(type) && isObject(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([name, item]) => [name, complete(valuesOf(type), item, `${path}.${name}`, problems)]),
    );
  }
  if (!type.isValid(value)) problems.push(`${path}: expected ${expected(type)}, found ${shown(value)}`);
  return value;
}

function completeRecord(type: RecordType, value: unknown, path: string, problems: string[]): unknown {
  if (!isObject(value)) {
    problems.push(`${path || 'value'}: expected an object, found ${shown(value)}`);
    return value;
  }
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  const names = new Set(type.fields.map(({name}) => name));
  for (const name of Object.keys(value))
    if (!names.has(name)) problems.push(`${at(name)}: there is no such field`);
  const entries = type.fields.map((field): [string, unknown] => {
    const given = value[field.name];
    if (given !== undefined) return [field.name, complete(field.type, given, at(field.name), problems)];
    const byDefault: unknown = field.defaultValue();
    if (byDefault === undefined) problems.push(`${at(field.name)}: is missing`);
    return [field.name, byDefault];
  });
  return Object.fromEntries(entries);
}

type RecordType = types.RecordType;

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
