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
    headers: headers === undefined ? {} : toHeaders(headers),
  };
}

/** Of a header that stands several times, the last value. */
function toHeaders(headers: IHeaders): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) plain[name] = last.toString();
  }
  return plain;
}

/** The record with key and value in memory of their own: not the fetch's, and not a pool's that others keep alive. */
export function own(record: SourceRecord): SourceRecord {
  const keyBytes = record.key?.length ?? 0;
  const memory = Buffer.allocUnsafeSlow(keyBytes + (record.value?.length ?? 0));
  record.key?.copy(memory, 0);
  record.value?.copy(memory, keyBytes);
  return {
    ...record,
    key: record.key && memory.subarray(0, keyBytes),
    value: record.value && memory.subarray(keyBytes),
  };
}
