import avro, {type Schema, type Type, type types} from 'avsc';
import type {IdentityEvent} from '../../core/event.ts';
import {isArray, isMap, isMicros, isRecord, isUnion, valuesOf} from './kinds.ts';

type RecordType = types.RecordType;
/** An Avro schema as JSON: the library's typing of it refuses a union whose member is computed. */
type Fitted = string | object;

/** The reader's schema does not fit the writer's: the message says at which field. */
export class Unresolvable extends Error {}

/**
 * The reader for one writer: it has the writer's fields alone, so that a field that the writer lacks says nothing instead
 * of taking the reader's default. Names of records do not count, and what the writer may leave null the reader may too
 * (tools that make up schemas make everything nullable). Throws `Unresolvable`.
 */
export function resolveReader(reader: Type, writer: Type): (body: Buffer) => IdentityEvent {
  if (!isRecord(writer))
    throw new Unresolvable(`the writer's schema is of type ${writer.typeName}, not a record`);
  const schema = fit(reader, writer, '', new Map());
  try {
    const fitted = avro.Type.forSchema(schema as Schema);
    const resolver = fitted.createResolver(writer, {ignoreNamespaces: true});
    const scale = timeScale(writer);
    return (body) => {
      const event = fitted.fromBuffer(body, resolver) as IdentityEvent;
      if (scale !== 1) event.occurredAt = Math.floor(event.occurredAt / scale);
      return event;
    };
  } catch (error) {
    throw new Unresolvable(error instanceof Error ? error.message : 'the two schemas do not fit');
  }
}

/** What `reader` becomes for `writer`; `place` is the path of fields to here, `named` the records made so far. */
function fit(reader: Type, writer: Type, place: string, named: Map<string, string>): Fitted {
  const options = isUnion(writer) ? writer.types : [writer];
  const wanted = isUnion(reader) ? (reader.types.find((type) => type.typeName !== 'null') ?? reader) : reader;
  const given = options.filter((type) => type.typeName !== 'null');
  const source = given.find((type) => type.typeName === wanted.typeName) ?? given[0];
  if (source === undefined) throw new Unresolvable(`${place} is always null in the writer's schema`);
  const fitted = fitValue(wanted, source, place, named);
  const nullable = isUnion(reader) || options.some((type) => type.typeName === 'null');
  return nullable ? ['null', fitted] : fitted;
}

function fitValue(reader: Type, writer: Type, place: string, named: Map<string, string>): Fitted {
  if (isRecord(reader) && isRecord(writer)) return fitRecord(reader, writer, place, named);
  if (isArray(reader) && isArray(writer)) {
    return {type: 'array', items: fit(reader.itemsType, writer.itemsType, place, named)};
  }
  if (isMap(reader) && isMap(writer)) {
    return {type: 'map', values: fit(valuesOf(reader), valuesOf(writer), place, named)};
  }
  if (isRecord(reader) || isArray(reader) || isMap(reader)) {
    throw new Unresolvable(
      `${place} is of type ${writer.typeName} in the writer's schema: expected ${reader.typeName}`,
    );
  }
  return reader.typeName;
}

function fitRecord(
  reader: RecordType,
  writer: RecordType,
  place: string,
  named: Map<string, string>,
): Fitted {
  const pair = `${reader.name ?? ''} ${writer.name ?? ''}`;
  const known = named.get(pair);
  if (known !== undefined) return known;
  const name = `R${named.size}`;
  named.set(pair, name);
  const fields = reader.fields.flatMap((field) => {
    const path = place === '' ? field.name : `${place}.${field.name}`;
    const names = [field.name, ...field.aliases];
    const source = writer.fields.find((candidate) => names.includes(candidate.name));
    if (source === undefined) {
      if (field.defaultValue() !== undefined) return [];
      throw new Unresolvable(`${path} is not in the writer's schema`);
    }
    return [{name: field.name, aliases: [source.name], type: fit(field.type, source.type, path, named)}];
  });
  return {type: 'record', name, aliases: writer.name === undefined ? [] : [writer.name], fields};
}

/** How many of the writer's units of time make a millisecond. */
function timeScale(writer: RecordType): number {
  const type = writer.fields.find(({name}) => name === 'occurredAt')?.type;
  const branches = type && isUnion(type) ? type.types : [type];
  return branches.some((branch) => branch && isMicros(branch)) ? 1000 : 1;
}
