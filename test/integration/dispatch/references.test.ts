import {expect, test} from '@jest/globals';
import type {Failure} from '../../../src/core/failure.ts';
import {MANAGER} from '../../../src/core/plan.ts';
import {eventually} from '../../support/eventually.ts';
import type {Call} from './here.ts';
import {dispatchRig, person, type DispatchRig} from './rig.ts';

const reports = (to: string) => ({enterprise: {managerId: to}}) as Parameters<typeof person>[1];
const broken: Failure = {kind: 'transient', cause: '500', message: 'broken'};

/** Ada, whose manager is not here yet, is; then the manager comes, and each update of ada ends so. */
async function awaited(rig: DispatchRig, failure: Failure | undefined): Promise<Call[]> {
  await rig.ended(rig.say(person('ada', reports('boss'))), 'applied');
  rig.here.answer = ({what}) => (what === 'update user' ? failure : undefined);
  await rig.ended(rig.say(person('boss')), 'applied');
  return rig.here.calls;
}
const updates = (calls: readonly Call[]): Call[] => calls.filter(({what}) => what === 'update user');

test('a manager who can not be filled in is tried again ever later, and is a dead letter in the end', async () => {
  const rig = await dispatchRig({retry: {maxAgeMs: 700, baseDelayMs: 200, maxDelayMs: 1000}});
  const calls = await awaited(rig, broken);
  const letter = await eventually(() => rig.stages.letters.get('ada/manager'), {deadlineMs: 8000});
  // Half of 200, 400 and 800 ms (full jitter, at one half), and then its age is over.
  const gaps = updates(calls).map(({at}, i, all) => at - (all[i - 1]?.at ?? at));
  expect(gaps).toHaveLength(4);
  for (const [i, least] of [0, 100, 200, 400].entries()) expect(gaps[i]).toBeGreaterThanOrEqual(least);
  expect(letter).toMatchObject({kind: 'reference', managerId: 'boss', subject: 'ada', attempts: 4});
  for (const name of ['rf', 'rq', 'ra', 'rm:boss']) expect(await rig.redis.exists(rig.key(name))).toBe(0);
});

test('a bug while a manager is filled in is a dead letter after five attempts', async () => {
  const rig = await dispatchRig();
  const calls = await awaited(rig, {kind: 'bug', cause: 'exception', message: 'a bug'});
  await eventually(() => rig.stages.letters.get('ada/manager'), {deadlineMs: 8000});
  expect(updates(calls)).toHaveLength(5);
});

test('such a letter is retried: the manager is set', async () => {
  const rig = await dispatchRig();
  await awaited(rig, {kind: 'rejected', cause: '400', message: 'refused'});
  await eventually(() => rig.stages.letters.get('ada/manager'));
  rig.here.answer = () => undefined;
  expect(await rig.stages.letters.retry(['ada/manager'])).toMatchObject([{result: 'retried'}]);
  const boss = rig.here.named('boss');
  await eventually(() => rig.here.named('ada')?.attributes[MANAGER], {deadlineMs: 5000});
  expect(rig.here.named('ada')?.attributes[MANAGER]).toEqual({value: boss?.id});
  expect(await rig.stages.letters.counts()).toEqual({});
});

test('such a letter closes when another manager is named, not when the same one is', async () => {
  const rig = await dispatchRig();
  await awaited(rig, {kind: 'rejected', cause: '400', message: 'refused'});
  await eventually(() => rig.stages.letters.get('ada/manager'));
  rig.here.answer = () => undefined;
  await rig.ended(rig.say(person('ada', {title: 'judge', ...reports('boss')})), 'applied');
  expect(await rig.stages.letters.get('ada/manager')).toBeDefined();
  await rig.ended(rig.say(person('ada', {title: 'judge', ...reports('other')})), 'unchanged');
  await eventually(async () => (await rig.stages.letters.get('ada/manager')) === undefined);
});

test('a manager who comes while their report has a busy lane is filled in later, and parks nothing', async () => {
  const rig = await dispatchRig({retry: {maxAgeMs: 3_600_000, baseDelayMs: 2000, maxDelayMs: 2000}});
  await rig.ended(rig.say(person('ada', reports('boss'))), 'applied');
  rig.here.answer = ({what}) => (what === 'update user' ? broken : undefined);
  await rig.ended(rig.say(person('ada', {title: 'judge', ...reports('boss')})), 'parked');
  await rig.ended(rig.say(person('boss')), 'applied');
  const claimed = rig.here.calls.length;
  await eventually(() => rig.redis.zscore(rig.key('rq'), 'ada'));
  rig.here.answer = () => undefined;
  await eventually(() => rig.here.named('ada')?.attributes[MANAGER], {deadlineMs: 5000});
  expect(rig.here.calls.length).toBeGreaterThan(claimed);
  expect(rig.audit.filter(({subject, outcome}) => subject === 'ada' && outcome === 'parked')).toHaveLength(1);
  await eventually(async () => (await rig.redis.exists(rig.key('rf'), rig.key('lanes'))) === 0);
});
