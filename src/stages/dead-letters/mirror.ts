import type {SourceRecord} from '../../core/change.ts';
import type {DeadLetter} from '../../core/parked.ts';

/** One message for a Kafka topic; headers are UTF-8 texts. */
export interface MirrorMessage {
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, string>;
}

/** Where the copies of a topic's dead letters go. */
export const mirrorTopic = (topic: string): string => `${topic}.dead-letters`;

/**
 * Copies a letter to Kafka: the original key, bytes and headers, with headers beside them that say where it comes from and
 * why it is dead. A letter without a record has nothing to copy. Rejects when `send` does.
 */
export const createMirror =
  (send: (topic: string, message: MirrorMessage) => Promise<void>) =>
  async (letter: DeadLetter): Promise<void> => {
    const {record} = letter;
    if (record === undefined) return;
    await send(mirrorTopic(record.topic), {
      key: record.key,
      value: record.value,
      headers: {...record.headers, ...reasons(letter, record)},
    });
  };

const reasons = (letter: DeadLetter, record: SourceRecord): Record<string, string> => ({
  'avroscim.target': letter.target,
  'avroscim.kind': letter.failure.kind,
  'avroscim.cause': letter.failure.cause,
  'avroscim.message': letter.failure.message,
  'avroscim.attempts': String(letter.attempts),
  'avroscim.topic': record.topic,
  'avroscim.partition': String(record.partition),
  'avroscim.offset': String(record.offset),
  'avroscim.timestamp': String(record.timestamp),
});
