import {afterAll, afterEach, beforeEach, describe, expect, test} from '@jest/globals';
import type {Position} from '../../src/core/change.ts';
import type {LaneEntry, Release} from '../../src/core/parked.ts';
import {createLanes, type LaneStage} from '../../src/stages/lanes/index.ts';
import {createLeftovers} from '../../src/stages/leftovers/index.ts';
import {createState} from '../../src/stages/state/index.ts';
import {eventually} from '../support/eventually.ts';
import {openRedis} from '../support/redis.ts';

const store = openRedis();
let lanes: LaneStage;
let target = 0;
let now = 0;
const logged: {fields: object; message: string}[] = [];
const write = (fields: object, message: string): void => void logged.push({fields, message});
const log = {debug: write, info: write, warn: write, error: write};
const opened: LaneStage[] = [];

const open = (coalesce = true, clock = () => now): LaneStage => {
  const stage = createLanes({...store, target: `t${target}`, coalesce, log, now: clock});
  opened.push(stage);
  return stage;
};
const stateOf = () =>
  createState({
    ...store,
    target: `t${target}`,
    leaseMs: 30_000,
    guard: {maxLeavers: 3, perMs: 60_000},
    now: () => now,
  });

beforeEach(() => {
  now = Date.now();
  target += 1;
  logged.length = 0;
  lanes = open();
});
afterEach(async () => {
  for (const stage of opened.splice(0)) await stage.stop();
});
afterAll(() => store.close());

const at = (offset: number): Position => ({source: 1, offset, occurredAt: 1_000_000 + offset});
const entry = (offset: number, more: Partial<LaneEntry> = {}): LaneEntry => ({
  id: `events/0/${offset}`,
  kind: 'snapshot',
  saysMembers: false,
  position: at(offset),
  firstAt: now,
  attempts: 0,
  ageMs: 0,
  ...more,
});
const behind = (subject: string, offset: number, more: Partial<Release> = {}): Release => ({
  subject,
  kind: 'user',
  position: at(offset),
  maybeDone: false,
  decided: false,
  unwanted: false,
  ...more,
});
const ids = async (subject: string): Promise<string[]> => {
  const raw = await store.redis.lrange(`{${store.prefix}:t${target}}:lane:${subject}`, 0, -1);
  return raw.map((text) => (JSON.parse(text) as LaneEntry).id);
};
const park = (offset: number, more: Partial<LaneEntry> = {}, delayMs = 60_000) =>
  lanes.park(behind('u', offset), entry(offset, more), delayMs);

describe('parking', () => {
  test('a parked record comes back as it was, its bytes too', async () => {
    const record = {
      topic: 'events',
      partition: 0,
      offset: 7,
      timestamp: 5,
      key: Buffer.from('u'),
      value: Buffer.from([0, 255, 128, 10]),
      headers: {trace: 'é'},
    };
    const parked = entry(7, {record, failure: {kind: 'transient', cause: '500', message: 'it failed'}});
    await lanes.park(behind('u', 7), parked, 60_000);
    expect(await lanes.head('u')).toEqual(parked);
    expect(await lanes.head('nobody')).toBeUndefined();
  });

  test('the same again stays one, keeps its place, and what was learnt of it', async () => {
    await park(1, {kind: 'delta', attempts: 3});
    await park(2, {kind: 'delta'});
    expect(await park(1, {kind: 'delta'})).toEqual({lost: false, parked: 2, superseded: []});
    expect(await ids('u')).toEqual(['events/0/1', 'events/0/2']);
    expect(await lanes.head('u')).toMatchObject({attempts: 3});
    expect(await lanes.parked()).toBe(2);
  });

  test('a newer snapshot takes the place of an older one, never of what it does not say', async () => {
    await park(1);
    await park(2, {kind: 'delta'});
    await park(3, {saysMembers: true});
    const {superseded} = await park(4);
    expect(superseded).toEqual([]);
    expect(await ids('u')).toEqual(['events/0/2', 'events/0/3', 'events/0/4']);
    const {superseded: both} = await park(5, {saysMembers: true});
    expect(both.map(({id}) => id)).toEqual(['events/0/3', 'events/0/4']);
    expect(await lanes.parked()).toBe(2);
  });

  test('an older snapshot takes no place: it stands behind', async () => {
    await park(9);
    expect((await park(5, {force: true})).superseded).toEqual([]);
    expect(await ids('u')).toEqual(['events/0/9', 'events/0/5']);
  });

  test('a cut-off jumps its lane and supersedes older snapshots, not a newer one', async () => {
    await park(1, {kind: 'delta'});
    await park(2);
    const {superseded} = await park(3, {kind: 'cutOff'});
    expect(superseded.map(({id}) => id)).toEqual(['events/0/2']);
    await park(2);
    expect(await ids('u')).toEqual(['events/0/3', 'events/0/1', 'events/0/2']);
  });

  test('without coalescing nothing takes a place', async () => {
    lanes = open(false);
    await park(1);
    expect((await park(2)).superseded).toEqual([]);
    expect(await ids('u')).toEqual(['events/0/1', 'events/0/2']);
  });

  test('a lost lease writes nothing; a held one is given back in the same step', async () => {
    const state = stateOf();
    const claim = {op: 'user' as const, subject: 'u', position: at(3), vector: Buffer.from('v')};
    await state.claim('mine', [claim]);
    const release = behind('u', 3, {token: 'other', decided: true, maybeDone: true});
    expect(await lanes.park(release, entry(3), 1000)).toEqual({lost: true, parked: 0, superseded: []});
    expect(await lanes.parked()).toBe(0);
    expect((await state.claim('third', [claim])).replies[0]?.verdict).toBe('leased');
    await lanes.park({...release, token: 'mine'}, entry(3), 1000);
    const {replies} = await state.claim('third', [{...claim, fromLane: true}]);
    expect(replies[0]).toMatchObject({verdict: 'go', doubt: true});
  });
});

describe('turns', () => {
  test('the head that is done leaves, twice said once done', async () => {
    await park(1, {kind: 'delta'});
    await park(2, {kind: 'delta'});
    expect(await lanes.turn(behind('u', 1), 'events/0/1')).toBe(1);
    expect(await lanes.turn(behind('u', 1), 'events/0/1')).toBe(1);
    expect(await lanes.head('u')).toMatchObject({id: 'events/0/2'});
    expect(await lanes.turn(behind('u', 2), 'events/0/2')).toBe(0);
    expect(await lanes.counts()).toEqual({parked: 0, lanes: 0, openCutOffs: 0});
  });

  test('the head waits on with what was learnt; its lane is due after the delay', async () => {
    await park(1);
    const next = entry(1, {attempts: 1, ageMs: 5});
    expect(await lanes.turn(behind('u', 1), 'events/0/1', {entry: next, delayMs: 5000})).toBe(1);
    expect(await lanes.head('u')).toEqual(next);
    const leftovers = createLeftovers({...store, target: `t${target}`});
    expect((await leftovers.find(now + 4999, 10)).lanes).toEqual([]);
    expect((await leftovers.find(now + 5000, 10)).lanes).toEqual(['u']);
  });

  test('an entry that was overtaken meanwhile changes nothing', async () => {
    await park(1);
    await park(2);
    expect(await lanes.turn(behind('u', 1), 'events/0/1', {entry: entry(1), delayMs: 0})).toBe(1);
    expect(await ids('u')).toEqual(['events/0/2']);
  });

  test('the oldest parked change and the open cut-offs are counted', async () => {
    const state = stateOf();
    await state.claim('a', [{op: 'user', subject: 'x', position: at(1), vector: Buffer.from('v')}]);
    await state.settle([
      {
        subject: 'x',
        token: 'a',
        kind: 'user',
        position: at(1),
        result: {done: true},
        remoteId: 'r',
        active: true,
      },
    ]);
    await state.claim('a', [{op: 'leave', subject: 'x', position: at(2), vector: Buffer.from('w')}]);
    await park(1, {firstAt: now - 700});
    await lanes.park(behind('v', 1), entry(1, {firstAt: now - 50}), 1000);
    expect(await lanes.counts()).toEqual({
      parked: 2,
      lanes: 2,
      oldestParkedAt: now - 700,
      openCutOffs: 1,
      oldestCutOffAt: now,
    });
  });
});

describe('waking', () => {
  test('a lane is worked on after its delay, by a process that was started later too', async () => {
    const begun = Date.now();
    await open(true, Date.now).park(behind('u', 1), entry(1), 100);
    const worked: {subject: string; at: number}[] = [];
    await open(true, Date.now).start((subject) =>
      Promise.resolve(void worked.push({subject, at: Date.now()})),
    );
    await eventually(() => worked.length > 0);
    expect(worked[0]?.subject).toBe('u');
    expect(worked[0]?.at).toBeGreaterThanOrEqual(begun + 50);
  });

  test('a newer snapshot wakes at once; one behind others does not', async () => {
    const worked: number[] = [];
    await lanes.start(() => Promise.resolve(void worked.push(1)));
    await park(1, {kind: 'delta'});
    await park(2, {kind: 'snapshot'});
    const leftovers = createLeftovers({...store, target: `t${target}`});
    expect((await leftovers.find(now + 59_999, 10)).lanes).toEqual([]);
    await park(3);
    expect((await leftovers.find(now, 10)).lanes).toEqual(['u']);
    await eventually(() => worked.length > 0);
  });

  test('what throws is said, and leaves the lane to be found as overdue', async () => {
    await lanes.start(() => Promise.reject(new Error('broken')));
    await park(1, {}, 0);
    await eventually(() => logged.find(({message}) => message.includes('exception')));
    expect((await createLeftovers({...store, target: `t${target}`}).find(now, 10)).lanes).toEqual(['u']);
  });

  test('an overdue lane whose wake was lost is woken by hand; an empty one is not', async () => {
    await park(1, {}, 60_000);
    await store.redis.unlink(`{${store.prefix}:t${target}}:lanes:delayed`);
    const worked: string[] = [];
    await lanes.start((subject) => Promise.resolve(void worked.push(subject)));
    await lanes.wake('nobody', 0);
    await lanes.wake('u', 0);
    await eventually(() => worked.length > 0);
    expect(worked).toEqual(['u']);
  });
});
