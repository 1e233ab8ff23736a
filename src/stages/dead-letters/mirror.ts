import type {SourceRecord} from '../../core/change.ts';
import type {DeadLetter} from '../../core/parked.ts';

/** One message for a Kafka topic; headers are UTF-8 texts. */
export interface MirrorMessage {
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, string>;
}

/**
 * Copies a letter to Kafka: the original key, bytes and headers, with headers beside them that say where it comes from and
 * why it is dead. The topic is the source topic's name with the suffix. A letter without a record has nothing to copy.
 */
export const createMirror =
  (send: (topic: string, message: MirrorMessage) => void, suffix: string) =>
  (letter: DeadLetter): void => {
    const {record} = letter;
    if (record === undefined) return;
    send(`${record.topic}${suffix}`, {
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
