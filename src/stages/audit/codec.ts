import {existsSync, readFileSync} from 'node:fs';
import avro, {type Schema, type Type} from 'avsc';
import {isLinked} from '../../core/audit/chain.ts';
import type {Linked} from '../../core/audit/written.ts';

/** Beside the sources, and two folders up from where the build puts this file. */
const places = ['../../../schemas/audit-record.avsc', '../../../../schemas/audit-record.avsc'];

/** The text of `schemas/audit-record.avsc`. Throws when the installation lacks it. */
export function readAuditSchema(): string {
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (found === undefined) throw new Error('schemas/audit-record.avsc is missing from this installation');
  return readFileSync(found, 'utf8');
}

/** The Confluent wire format: a zero byte, the schema's id in four bytes, the body. */
const frameBytes = 5;

/** Writes records in Avro. `schema`: the text of a schema. */
export function createFramer(schema: string): (record: Linked, schemaId: number) => Buffer {
  const type = avro.Type.forSchema(JSON.parse(schema) as Schema);
  return (record, schemaId) => {
    const head = Buffer.alloc(frameBytes);
    head.writeUInt32BE(schemaId, 1);
    return Buffer.concat([head, type.toBuffer(record)]);
  };
}

/** The id of the schema that a message was written with; none where it is no Avro in this format. */
export const schemaIdOf = (value: Buffer | null): number | undefined =>
  value === null || value.length < frameBytes || value[0] !== 0 ? undefined : value.readUInt32BE(1);

/**
 * Reads a message with its writer's own schema: all that was written is there, also what a newer program has added. Nothing
 * where it is no audit record.
 */
export function readFrame(value: Buffer, type: Type): Linked | undefined {
  try {
    const record = withoutNulls(type.fromBuffer(value.subarray(frameBytes)));
    return isLinked(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (inner === null ? [] : [[name, withoutNulls(inner)]])),
  );
}
