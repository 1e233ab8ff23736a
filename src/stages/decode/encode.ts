import avro, {type Schema} from 'avsc';
import type {IdentityEvent} from '../../core/event.ts';
import {failed, ok, type Failure, type Result} from '../../core/failure.ts';
import {complete} from './complete.ts';

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
      const event = complete(type, value, {problems, fills: true});
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
