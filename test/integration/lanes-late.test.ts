import {afterAll, afterEach, beforeEach, expect, test} from '@jest/globals';
import type {LaneEntry, Release} from '../../src/core/parked.ts';
import {createLanes, type LaneStage} from '../../src/stages/lanes/index.ts';
import {createState} from '../../src/stages/state/index.ts';
import {openRedis} from '../support/redis.ts';
import {dispatchRig} from './dispatch/rig.ts';

const store = openRedis();
afterAll(() => store.close());
const ignore = (): void => undefined;
const log = {debug: ignore, info: ignore, warn: ignore, error: ignore};
const hour = 3_600_000;

let lanes: LaneStage;
let now = 0;
let target = 0;
beforeEach(() => {
  now = Date.now();
  target += 1;
  lanes = createLanes({...store, target: `t${target}`, coalesce: true, log, now: () => now});
});
afterEach(() => lanes.stop());

const position = {source: 1, offset: 1, occurredAt: 1_000_001};
const entry: LaneEntry = {
  ...{id: 'events/0/1', kind: 'snapshot', saysMembers: false, position},
  ...{firstAt: 1, attempts: 0, ageMs: 0},
};
const release: Release = {
  ...{subject: 'u', kind: 'user', position},
  ...{maybeDone: false, decided: true, unwanted: false},
};
const due = async (): Promise<number> =>
  Number(await store.redis.zscore(`{${store.prefix}:t${target}}:lanes`, 'u'));

test('a turn whose lease was lost writes nothing: neither what was learnt, nor that it is done', async () => {
  const guard = {maxLeavers: 3, perMs: 60_000};
  const state = createState({...store, target: `t${target}`, leaseMs: 30_000, guard, now: () => now});
  await lanes.park(release, entry, 0);
  const claim = {op: 'user' as const, subject: 'u', position, vector: Buffer.from('v'), fromLane: true};
  await state.claim('first', [claim]);
  now += 31_000;
  await state.claim('second', [claim]);
  const late = {...release, token: 'first'};
  const next = {entry: {...entry, attempts: 7}, delayMs: hour};
  expect(await lanes.turn(late, entry.id, next)).toBe(1);
  expect(await lanes.turn(late, entry.id)).toBe(1);
  expect(await lanes.head('u')).toEqual(entry);
  expect(await due()).toBeLessThan(now);
  expect(await lanes.turn({...late, token: 'second'}, entry.id, next)).toBe(1);
  expect(await lanes.head('u')).toMatchObject({attempts: 7});
});

test('a lane that is put off is never brought forward', async () => {
  await lanes.park(release, entry, 0);
  await lanes.putOff('u', 1000);
  expect(await due()).toBe(now + 1000);
  await lanes.putOff('u', 500);
  expect(await due()).toBe(now + 1000);
});

test('a wake too many at a closed gate brings no lane forward', async () => {
  const rig = await dispatchRig();
  rig.gate.wait(Date.now() + hour);
  const at = Date.now();
  await rig.stages.lanes.park(release, entry, 2 * hour);
  await rig.dispatcher.workLane('u');
  expect(Number(await rig.redis.zscore(rig.key('lanes'), 'u'))).toBeGreaterThanOrEqual(at + 2 * hour);
});
