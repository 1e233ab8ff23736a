import {afterAll, expect, test} from '@jest/globals';
import type {LaneEntry, Release} from '../../src/core/parked.ts';
import {createLanes} from '../../src/stages/lanes/index.ts';
import {createState} from '../../src/stages/state/index.ts';
import {eventually} from '../support/eventually.ts';
import {openRedis} from '../support/redis.ts';

const store = openRedis();
afterAll(() => store.close());
const ignore = (): void => undefined;
const log = {debug: ignore, info: ignore, warn: ignore, error: ignore};

const position = {source: 1, offset: 1, occurredAt: 1_000_001};
const entry: LaneEntry = {
  ...{id: 'events/0/1', kind: 'snapshot', saysMembers: false, position},
  ...{firstAt: 1, attempts: 0, ageMs: 0},
};
const release = (subject: string): Release => ({
  ...{subject, kind: 'user', position},
  ...{maybeDone: false, decided: true, unwanted: false},
});

test('lanes that are due together are woken by one job, each once; one at which somebody is, is left', async () => {
  let now = Date.now();
  const target = {...store, target: 'ticks', now: () => now};
  const lanes = createLanes({...target, coalesce: true, log});
  const state = createState({...target, leaseMs: 30_000, guard: {maxLeavers: 3, perMs: 60_000}});
  const subjects = Array.from({length: 40}, (_, n) => `s${n}`);
  await Promise.all(subjects.map((subject) => lanes.park(release(subject), entry, 1000)));
  expect(await store.redis.zcard(`{${store.prefix}:ticks}:lanes:delayed`)).toBe(1);
  const vector = Buffer.from('v');
  await state.claim('somebody', [{op: 'user', subject: 's7', position, vector, fromLane: true}]);
  now += 1000;
  const worked: string[] = [];
  await lanes.start((subject) => Promise.resolve(void worked.push(subject)));
  await eventually(() => worked.length >= 39);
  expect(worked.toSorted()).toEqual(subjects.filter((subject) => subject !== 's7').toSorted());
  await lanes.stop();
});
