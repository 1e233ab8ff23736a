import {afterAll, afterEach, expect, test} from '@jest/globals';
import type {LaneEntry, Release} from '../../src/core/parked.ts';
import {createLanes, type LaneStage} from '../../src/stages/lanes/index.ts';
import {createLeftovers} from '../../src/stages/leftovers/index.ts';
import {eventually} from '../support/eventually.ts';
import {openRedis} from '../support/redis.ts';
import {dispatchRig, gone, person} from './dispatch/rig.ts';

const store = openRedis();
afterAll(() => store.close());
const ignore = (): void => undefined;
const log = {debug: ignore, info: ignore, warn: ignore, error: ignore};
const names = (count: number): string[] => Array.from({length: count}, (_, n) => `joiner${n}`);

const position = {source: 1, offset: 1, occurredAt: 1_000_001};
const entry = (kind: 'snapshot' | 'cutOff', value: unknown = null): LaneEntry => ({
  ...{id: `events/0/${kind}`, kind, saysMembers: false, position, firstAt: 1, attempts: 0, ageMs: 0},
  record: {
    ...{topic: 'events', partition: 0, offset: 1, timestamp: 0, key: null, headers: {}},
    value: Buffer.from(JSON.stringify(value)),
  },
});
const release = (subject: string): Release => ({
  ...{subject, kind: 'user', position},
  ...{maybeDone: false, decided: false, unwanted: false},
});

let target = 0;
const opened: LaneStage[] = [];
afterEach(async () => {
  for (const stage of opened.splice(0)) await stage.stop();
});
function open(clock: () => number): LaneStage {
  const stage = createLanes({...store, target: `l${target}`, coalesce: true, log, now: clock});
  opened.push(stage);
  return stage;
}
/** Whose lanes are handed out, in order; none comes to an end before the stop. */
async function handedOut(lanes: LaneStage): Promise<{subject: string; isCutOff: boolean}[]> {
  const handed: {subject: string; isCutOff: boolean}[] = [];
  const {promise, resolve} = Promise.withResolvers<undefined>();
  const stop = lanes.stop.bind(lanes);
  lanes.stop = () => {
    resolve(undefined);
    return stop();
  };
  await lanes.start((subject, isCutOff) => {
    handed.push({subject, isCutOff});
    return promise;
  });
  return handed;
}

test('of 1,200 lanes that are due the leaver’s is handed out first, and no number of joiners takes its place', async () => {
  target += 1;
  let now = Date.now();
  const lanes = open(() => now);
  await Promise.all(names(1200).map((one) => lanes.park(release(one), entry('snapshot'), 1000)));
  await lanes.park(release('leaver'), entry('cutOff'), 1040);
  now += 1100;
  const handed = await handedOut(lanes);
  await eventually(() => handed.length >= 1000);
  expect(handed[0]).toEqual({subject: 'leaver', isCutOff: true});
  expect(handed.filter(({isCutOff}) => isCutOff)).toHaveLength(1);
  // As many joiners as are handed out at the same time are at work: one of them leaves, and somebody else does.
  for (const one of ['joiner7', 'another']) await lanes.park(release(one), entry('cutOff'), 0);
  now += 100;
  await eventually(() => handed.filter(({isCutOff}) => isCutOff).length === 3);
  expect(
    handed
      .slice(-2)
      .map(({subject}) => subject)
      .toSorted(),
  ).toEqual(['another', 'joiner7']);
});

test('a leaver’s lane that was left behind is found before those of joiners, for as long as it is a leaver’s', async () => {
  target += 1;
  const now = Date.now();
  const lanes = open(() => now);
  for (const one of names(3)) await lanes.park(release(one), entry('snapshot'), 0);
  await lanes.park(release('leaver'), entry('cutOff'), 10);
  const leftovers = createLeftovers({...store, target: `l${target}`});
  expect((await leftovers.find(now + 10, 2)).lanes[0]).toBe('leaver');
  await lanes.putOff('leaver', 1000);
  expect((await leftovers.find(now + 999, 2)).lanes).not.toContain('leaver');
  await lanes.park(release('leaver'), {...entry('snapshot'), position: {...position, offset: 2}}, 0);
  expect(await lanes.turn(release('leaver'), 'events/0/cutOff')).toBe(1);
  expect((await leftovers.find(now, 10)).lanes).toEqual([...names(3), 'leaver']);
});

test('a parked leaver is cut off while parked joiners wait for the four who hold every slot', async () => {
  const rig = await dispatchRig();
  await rig.ended(rig.say(person('ada')), 'applied');
  const {promise, resolve} = Promise.withResolvers<undefined>();
  rig.here.answer = ({what}) => (what === 'create user' ? promise : undefined);
  const {lanes} = rig.stages;
  const joiners = names(50);
  await Promise.all(joiners.map((one) => lanes.park(release(one), entry('snapshot', person(one)), 0)));
  const creates = () => rig.here.calls.filter(({what}) => what === 'create user').length - 1;
  await eventually(() => creates() === 4);
  const left = {...entry('cutOff', gone('ada')), position: {...position, occurredAt: Date.now()}};
  await lanes.park(release('ada'), left, 0);
  await eventually(() => rig.here.named('ada')?.attributes['active'] === false);
  expect(creates()).toBe(4);
  rig.here.answer = () => undefined;
  resolve(undefined);
  await eventually(async () => (await lanes.parked()) === 0, {deadlineMs: 20_000});
});
