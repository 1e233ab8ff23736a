import {afterAll, expect} from '@jest/globals';
import type {AuditRecord} from '../../src/core/audit.ts';
import type {DeadLetter} from '../../src/core/parked.ts';
import {createDeadLetters} from '../../src/stages/dead-letters/index.ts';
import {
  createLetterRetries,
  type LetterRetries,
  type RetriesOptions,
} from '../../src/stages/dead-letters/retries.ts';
import {createState} from '../../src/stages/state/index.ts';
import {openRedis} from '../support/redis.ts';

const store = openRedis();
afterAll(() => store.close());

let number = 0;
export function rig() {
  number += 1;
  const clock = {now: 1_795_000_000_000};
  const place = {...store, target: `r${number}`, now: () => clock.now};
  const audit: AuditRecord[] = [];
  const woken: string[] = [];
  const options: RetriesOptions = {
    ...place,
    audit: {append: (records) => Promise.resolve(void audit.push(...records))},
    wake: (subject) => Promise.resolve(void woken.push(subject)),
    ...{everyMs: 0, mostParked: 1000},
  };
  const key = (name: string): string => `{${store.prefix}:${place.target}}:${name}`;
  const letters = createDeadLetters(place);
  const retries = createLetterRetries(options);
  const parked = async (): Promise<number> => Number((await place.redis.hget(key('n'), 'parked')) ?? 0);
  return {clock, place, audit, woken, options, key, letters, retries, parked};
}
type Rig = ReturnType<typeof rig>;

export const letterOf = (offset: number, more: Partial<DeadLetter> = {}): DeadLetter => ({
  id: `events/0/${offset}`,
  target: 'wiki',
  subject: `u${offset}`,
  kind: 'snapshot',
  saysMembers: false,
  failure: {kind: 'rejected', cause: '400 invalidValue', message: 'the target refuses a value'},
  attempts: 3,
  firstAt: 1,
  at: 1,
  position: {source: 1, offset, occurredAt: offset},
  record: {
    ...{topic: 'events', partition: 0, offset, timestamp: 1, headers: {}},
    ...{key: Buffer.from(`u${offset}`), value: Buffer.from('x')},
  },
  ...more,
});
export const foresee = () => Promise.resolve({does: 'account wanted'});

export async function fill({letters, clock}: Rig, count: number): Promise<string> {
  await Promise.all(Array.from({length: count}, (_, i) => letters.add(letterOf(i + 1))));
  clock.now += 1;
  return (await letters.groups())[0]?.id ?? '';
}
export async function started({retries}: Rig, group: string): Promise<void> {
  const seen = await retries.previewRetry(group, foresee);
  const begun = await retries.startRetry(group, seen?.token ?? '', {by: 'ann', reason: 'mended'});
  expect(begun).toEqual({result: 'started'});
}
export async function toTheEnd(retries: LetterRetries, group: string): Promise<void> {
  while ((await retries.step(group)) !== undefined);
}
/** A newer snapshot of the subject was decided. */
export async function decide({place}: Rig, subject: string): Promise<void> {
  const state = createState({...place, leaseMs: 30_000, guard: {maxLeavers: 9, perMs: 1000}});
  const position = {source: 1, offset: 1000, occurredAt: 1000};
  await state.claim('other', [{op: 'user', subject, position, vector: Buffer.from('v')}]);
}
