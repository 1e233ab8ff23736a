import type {Linked} from '../../core/audit/written.ts';
import {createFramer, readAuditSchema} from './codec.ts';
import type {Sink} from './sink.ts';

export interface AuditMessage {
  key: string;
  value: Buffer;
  /** Milliseconds since the epoch, as a text. */
  timestamp: string;
}

/** The topic, and the registry that its schema is registered in. */
export interface AuditProducer {
  /** The schema's id. Rejects while the registry does not give one. */
  register(schema: string): Promise<number>;
  /** Resolves once all replicas in sync have them. */
  send(messages: AuditMessage[]): Promise<void>;
  close(): Promise<void>;
}

/** Audit records in a Kafka topic, keyed by subject. A try that failed may have written some: verifying takes the same one twice. */
export function createTopicSink(producer: AuditProducer): Sink {
  const schema = readAuditSchema();
  const frame = createFramer(schema);
  let id: number | undefined;
  return {
    async write(records) {
      const schemaId = (id ??= await producer.register(schema));
      await producer.send(
        records.map(({line}) => {
          // As the hash has it: half a surrogate pair has no form in Avro.
          const record = JSON.parse(line) as Linked;
          return {key: keyOf(record), value: frame(record, schemaId), timestamp: String(record.at)};
        }),
      );
    },
    close: () => producer.close(),
  };
}

/** What a record stands under in the topic. */
export const keyOf = ({subject, writer}: Linked): string => subject ?? writer;
