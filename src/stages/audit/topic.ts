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
  /** What the topic takes at once; nothing where nobody says. */
  mostBytes(): Promise<number | undefined>;
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
  let most: number | undefined;
  return {
    async mostBytes() {
      most = (await producer.mostBytes()) ?? usualBytes;
      return most - spareBytes;
    },
    async write(records) {
      const schemaId = (id ??= await producer.register(schema));
      const messages = records.map(({line}) => {
        // As the hash has it: half a surrogate pair has no form in Avro.
        const record = JSON.parse(line) as Linked;
        return {key: keyOf(record), value: frame(record, schemaId), timestamp: String(record.at)};
      });
      for (const some of sends(messages, most ?? usualBytes)) await producer.send(some);
    },
    close: () => producer.close(),
  };
}

/** As a broker has it (`message.max.bytes`), of a batch of one partition; what is around the records takes some. */
const usualBytes = 1_048_588;
const spareBytes = 2048;
const perMessageBytes = 100;

/** No more at once than a partition takes, were they all of one. */
function sends(messages: readonly AuditMessage[], most: number): AuditMessage[][] {
  const all: AuditMessage[][] = [];
  let room = 0;
  for (const message of messages) {
    const bytes = message.value.length + Buffer.byteLength(message.key) + perMessageBytes;
    if (bytes > room) {
      all.push([]);
      room = most - spareBytes;
    }
    all.at(-1)?.push(message);
    room -= bytes;
  }
  return all;
}

/** What a record stands under in the topic. */
export const keyOf = ({subject, writer}: Linked): string => subject ?? writer;
