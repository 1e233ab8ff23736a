import {afterAll, afterEach, beforeEach, expect, test} from '@jest/globals';
import type {LaneEntry} from '../../src/core/parked.ts';
import {createLanes, type LaneStage} from '../../src/stages/lanes/index.ts';
import {openRedis} from '../support/redis.ts';

const store = openRedis();
afterAll(() => store.close());
const ignore = (): void => undefined;
const log = {debug: ignore, info: ignore, warn: ignore, error: ignore};

let lanes: LaneStage;
let target = 0;
let now = 0;
beforeEach(() => {
  now = Date.now();
  target += 1;
  lanes = createLanes({...store, target: `o${target}`, coalesce: true, log});
});
afterEach(() => lanes.stop());

const at = (offset: number) => ({source: 1, offset, occurredAt: 1_000_000 + offset});
const park = (offset: number, more: Partial<LaneEntry> = {}) => {
  const head = {
    id: `events/0/${offset}`,
    kind: 'snapshot',
    saysMembers: false,
    position: at(offset),
  } as const;
  const release = {kind: 'user', maybeDone: false, decided: false, unwanted: false} as const;
  const entry = {...head, firstAt: now, attempts: 0, ageMs: 0, ...more};
  return lanes.park({subject: 'u', position: at(offset), ...release}, entry, 60_000);
};
const ids = async (): Promise<string[]> =>
  (await store.redis.lrange(key('lane:u'), 0, -1)).map((text) => (JSON.parse(text) as LaneEntry).id);
const key = (name: string): string => `{${store.prefix}:o${target}}:${name}`;

test('a newer snapshot takes the place of a cut-off that nobody has begun', async () => {
  await park(3, {kind: 'cutOff', saysMembers: true});
  const {superseded} = await park(4);
  expect(superseded.map(({id}) => id)).toEqual(['events/0/3']);
  expect(await ids()).toEqual(['events/0/4']);
  expect(await store.redis.zscore(key('lc'), 'u')).toBeNull();
});

test('a cut-off goes before a list of memberships, and what overtakes the cut-off leaves the list', async () => {
  await park(3, {saysMembers: true});
  expect((await park(4, {kind: 'cutOff', saysMembers: true})).superseded).toEqual([]);
  expect(await ids()).toEqual(['events/0/4', 'events/0/3']);
  const {superseded} = await park(5);
  expect(superseded.map(({id}) => id)).toEqual(['events/0/4']);
  expect(await ids()).toEqual(['events/0/3', 'events/0/5']);
});

test.each([
  ['begun, it is finished', () => store.redis.hset(key('c'), 'u', '{"begunAt":1}')],
  ['being tried, it may have begun', () => store.redis.hset(key('l'), 'u', `${now + 9000}token`)],
  ['of a person’s hand, it stays', () => Promise.resolve(0)],
])('%s', async (why, happens) => {
  const hand = why.includes('hand') ? {hand: {by: 'ada@desk', at: now}} : {};
  await park(3, {kind: 'cutOff', ...hand});
  await happens();
  expect((await park(4)).superseded).toEqual([]);
  expect(await ids()).toEqual(['events/0/3', 'events/0/4']);
});
