import {canonical, hashOf} from './chain.ts';
import type {WrittenRecord} from './written.ts';

const fewest = 100;
const shortest = 1000;

/** What is taken first is what can be read elsewhere: the target has the values, the event has the members. */
const cuts: readonly ((record: WrittenRecord) => WrittenRecord)[] = [
  (record) => without(record, ['values', 'hashKey']),
  ({members, ...record}) => (members ? {...record, members: short(members)} : record),
  (record) => short(record),
  ({id, at, target, subject, outcome, action, topic, partition, offset, occurredAt}) =>
    short(
      {id, at, target, subject, outcome, action, topic, partition, offset, occurredAt},
      200,
    ) as WrittenRecord,
];

/**
 * A record of at most so many bytes (of its canonical form), marked where it is not whole: one that no broker takes would be tried again
 * for good, and everything behind it would wait.
 */
export function shorten(record: WrittenRecord, maxBytes: number): WrittenRecord {
  const whole = canonical(record);
  const bytes = Buffer.byteLength(whole);
  if (bytes <= maxBytes) return record;
  const hash = hashOf(whole);
  let left = record;
  for (const cut of cuts) {
    left = cut(left);
    const marked = {...left, shortened: {bytes, hash, fields: changed(record, left)}};
    if (Buffer.byteLength(canonical(marked)) <= maxBytes) return marked;
  }
  return {...left, shortened: {bytes, hash, fields: changed(record, left)}};
}

const changed = (whole: WrittenRecord, left: WrittenRecord): string[] =>
  Object.keys(whole).filter((name) => {
    const [before, after] = [whole, left].map((one) => (one as unknown as Record<string, unknown>)[name]);
    return before !== undefined && before !== after && canonical(before) !== canonical(after ?? null);
  });

function without(record: WrittenRecord, names: readonly string[]): WrittenRecord {
  const kept = Object.entries(record).filter(([name]) => !names.includes(name));
  return Object.fromEntries(kept) as unknown as WrittenRecord;
}

/** Its texts and lists cut, all the way down. */
function short<T>(value: T, longest = shortest): T {
  if (typeof value === 'string') return (value.length > longest ? `${value.slice(0, longest)}…` : value) as T;
  if (Array.isArray(value)) return value.slice(0, fewest).map((one: unknown) => short(one, longest)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).slice(0, fewest);
  return Object.fromEntries(
    entries.map(([name, inner]) => [short(name, longest), short(inner as unknown, longest)]),
  ) as T;
}
