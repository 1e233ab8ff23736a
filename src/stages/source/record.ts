import type {IHeaders, KafkaMessage} from 'kafkajs';
import type {SourceRecord} from '../../core/change.ts';

/** A record that still shares the memory of the whole fetch: `own` it before keeping it. */
export function toRecord(topic: string, partition: number, message: KafkaMessage): SourceRecord {
  const {offset, timestamp, key, value, headers} = message;
  return {
    topic,
    partition,
    offset: Number(offset),
    timestamp: Number(timestamp),
    key,
    value,
    headers: toHeaders(headers),
  };
}

const noHeaders: Record<string, string> = Object.freeze({});

/** Of a header that stands several times, the last value. */
function toHeaders(headers: IHeaders | undefined): Record<string, string> {
  if (headers === undefined || Object.keys(headers).length === 0) return noHeaders;
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) plain[name] = last.toString();
  }
  return plain;
}

/**
 * A record whose bytes are strings of one byte a character: a Buffer of its own for each of 100,000 records takes four
 * times the memory of the record. Key and value are made when they are asked for.
 */
class Kept implements SourceRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly headers: Record<string, string>;
  readonly #key: string | null;
  readonly #value: string | null;

  constructor(record: SourceRecord, subject: string) {
    this.topic = record.topic;
    this.partition = record.partition;
    this.offset = record.offset;
    this.timestamp = record.timestamp;
    this.headers = record.headers;
    const key = record.key && record.key.toString('latin1');
    // Nearly always: one text for both.
    this.#key = key === subject ? subject : key;
    this.#value = record.value && record.value.toString('latin1');
  }

  get key(): Buffer | null {
    return this.#key === null ? null : Buffer.from(this.#key, 'latin1');
  }

  get value(): Buffer | null {
    return this.#value === null ? null : Buffer.from(this.#value, 'latin1');
  }
}

/** The record of this subject in memory of its own, not the fetch's. */
export const own = (record: SourceRecord, subject: string): SourceRecord => new Kept(record, subject);
