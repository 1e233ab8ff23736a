import {afterAll, afterEach, beforeEach, expect, test} from '@jest/globals';
import type {LaneEntry, Release} from '../../src/core/parked.ts';
import {createLanes, type LaneStage} from '../../src/stages/lanes/index.ts';
import {openRedis} from '../support/redis.ts';

const store = openRedis();
const log = {debug: () => {}, info: () => {}, warn: () => {}, error: () => {}};
let target = 0;
let lanes: LaneStage;

const positionOf = (offset: number) => ({source: 1, offset, occurredAt: 1_000_000 + offset});
const release = (subject: string, offset: number): Release => ({
  subject,
  kind: 'user',
  position: positionOf(offset),
  maybeDone: false,
  decided: false,
  unwanted: false,
});
const entry = (offset: number, attempts = 0): LaneEntry => ({
  id: `events/0/${offset}`,
  kind: 'snapshot',
  saysMembers: false,
  position: positionOf(offset),
  firstAt: Date.now(),
  attempts,
  ageMs: 0,
});
const many = Array.from({length: 40}, (_, n) => `u${n}`);

beforeEach(async () => {
  target += 1;
  lanes = createLanes({...store, target: `t${target}`, coalesce: true, log});
  for (const [n, subject] of many.entries()) await lanes.park(release(subject, n), entry(n), 0);
});
afterEach(() => lanes.stop());
afterAll(() => store.close());

const scripts = async (): Promise<number> =>
  Number(/cmdstat_evalsha:calls=(\d+)/.exec(await store.redis.info('commandstats'))?.[1]);

test('lanes are read in one call, and turned in one: each its own', async () => {
  const before = await scripts();
  const heads = await Promise.all(many.map((subject) => lanes.due(subject)));
  expect(heads.map((head) => head?.id)).toEqual(many.map((_, n) => `events/0/${n}`));
  const next = (n: number) => (n % 2 === 0 ? undefined : {entry: entry(n, 7), delayMs: 60_000});
  const left = await Promise.all(
    many.map((subject, n) => lanes.turn(release(subject, n), `events/0/${n}`, next(n))),
  );
  expect(left).toEqual(many.map((_, n) => n % 2));
  // One to read, one to turn, and one for the timer's tick.
  expect((await scripts()) - before).toBe(3);
  expect(await lanes.parked()).toBe(20);
  const [done, putOff] = [await lanes.head('u0'), await lanes.head('u1')];
  expect([done, putOff?.attempts]).toEqual([undefined, 7]);
  const notDue = await Promise.all(['u0', 'u1', 'nobody'].map((subject) => lanes.due(subject)));
  expect(notDue).toEqual([undefined, undefined, undefined]);
});

test('a lane that can not be read keeps the others from nothing', async () => {
  await store.redis.lset(`{${store.prefix}:t${target}}:lane:u3`, 0, '{not JSON');
  const heads = await Promise.allSettled(many.map((subject) => lanes.due(subject)));
  const turns = await Promise.allSettled(
    many.map((subject, n) => lanes.turn(release(subject, n), `events/0/${n}`)),
  );
  for (const ends of [heads, turns]) {
    expect(ends.flatMap(({status}, n) => (status === 'rejected' ? [n] : []))).toEqual([3]);
  }
  expect(await lanes.parked()).toBe(1);
});
