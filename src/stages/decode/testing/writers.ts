import {readFileSync} from 'node:fs';
import {jest} from '@jest/globals';
import avro, {type Schema, type Type} from 'avsc';
import type {SourceRecord} from '../../../core/change.ts';
import type {Result} from '../../../core/failure.ts';
import {createDecoder, type DecoderOptions} from '../index.ts';
import {writerOptions} from '../kinds.ts';

interface RecordJson {
  type: 'record';
  name: string;
  fields: {name: string; type: unknown; default?: unknown}[];
}
const path = new URL('../../../../schemas/identity-event.avsc', import.meta.url);
export const canonical = (): RecordJson => JSON.parse(readFileSync(path, 'utf8')) as RecordJson;
export const parse = (schema: unknown): Type => avro.Type.forSchema(schema as Schema, writerOptions());

export const meta = {eventId: 'e1', occurredAt: 1_790_000_000_000, source: 'hr'};
export const least = {id: 'u1', userName: 'ada', active: true};

export function recordOf(value: Buffer | null, key: string | null = 'u1'): SourceRecord {
  const bytes = key === null ? null : Buffer.from(key);
  return {topic: 't', partition: 0, offset: 1, timestamp: 7, key: bytes, value, headers: {}};
}
export function framed(id: number, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(id, 1);
  return Buffer.concat([head, body]);
}
const unknownSchema: Result<Type> = {
  ok: false,
  failure: {kind: 'undecodable', message: 'no such schema', cause: 'x'},
};
export const away: Result<Type> = {ok: false, failure: {kind: 'unavailable', message: 'away', cause: 'x'}};

export function decoderFor(
  writers: Record<number, Type>,
  options: Pick<Partial<DecoderOptions>, 'maxBytes' | 'now' | 'onNewKind'> = {},
) {
  const schema = jest.fn((id: number): Promise<Result<Type>> => {
    const value = writers[id];
    return Promise.resolve(value ? {ok: true, value} : unknownSchema);
  });
  const decoder = createDecoder({
    registry: {schema},
    readerSchema: canonical() as Schema,
    maxBytes: 10_000,
    ...options,
  });
  return {decoder, schema};
}

export async function decodeWith(writer: Type, value: object) {
  return decoderFor({1: writer}).decoder.decode(recordOf(framed(1, writer.toBuffer(value))));
}

const isNamed = (node: object, name: string): node is RecordJson =>
  'name' in node && node.name === name && 'type' in node && node.type === 'record';

/** The canonical schema, with the record that is named changed. */
export function changed(name: string, change: (record: RecordJson) => void): Type {
  const schema = canonical();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    if (typeof node !== 'object' || node === null) return;
    if (isNamed(node, name)) change(node);
    Object.values(node).forEach(visit);
  };
  visit(schema);
  return parse(schema);
}
export const without = (record: string, ...names: string[]) =>
  changed(record, (node) => {
    node.fields = node.fields.filter((field) => !names.includes(field.name));
  });

export const whole = parse(canonical());

/** An event of the writer's type: what is not given takes the default, or null. */
export function full(writer: Type, value: object): object {
  const fill = (field: {name: string; defaultValue(): unknown}, given: unknown) =>
    given === undefined ? (field.defaultValue() ?? null) : given;
  return writer.clone({...meta, ...value}, {fieldHook: fill}) as object;
}
