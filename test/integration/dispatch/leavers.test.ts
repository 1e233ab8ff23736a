import {expect, test} from '@jest/globals';
import {MANAGER} from '../../../src/core/plan.ts';
import {dispatchRig, gone, person} from './rig.ts';

const updates = ({calls}: {calls: readonly {what: string}[]}): number =>
  calls.filter(({what}) => what === 'update user').length;

test('a leaver of whom nothing is known to differ is told nothing, and that is said', async () => {
  const rig = await dispatchRig();
  rig.here.users.set('old', {userName: 'ada', externalId: 'ada', active: true});
  await rig.ended(rig.say(gone('ada')), 'applied');
  const judge = rig.say(person('ada', {active: false, title: 'judge'}));
  expect(await rig.ended(judge, 'unchanged')).not.toHaveProperty('did');
  expect(updates(rig.here)).toBe(0);
});

test('a leaver whose title changes is told so, once', async () => {
  const rig = await dispatchRig();
  await rig.ended(rig.say(person('ada', {title: 'clerk'})), 'applied');
  await rig.ended(rig.say(person('ada', {active: false, title: 'clerk'})), 'applied');
  const judge = person('ada', {active: false, title: 'judge'});
  expect(await rig.ended(rig.say(judge), 'applied')).toMatchObject({did: 'updated'});
  await rig.ended(rig.say(judge), 'unchanged');
  expect(updates(rig.here)).toBe(1);
});

test('news of a leaver sets the time of a deletion that a refused return has ended', async () => {
  const rig = await dispatchRig({deleteAfterMs: 3_600_000});
  await rig.ended(rig.say(person('ada', {title: 'clerk'})), 'applied');
  await rig.ended(rig.say(person('ada', {active: false, title: 'clerk'})), 'applied');
  await rig.redis.zrem(rig.key('del'), 'ada');
  await rig.ended(rig.say(person('ada', {active: false, title: 'judge'})), 'applied');
  expect(Number(await rig.redis.zscore(rig.key('del'), 'ada'))).toBeGreaterThan(Date.now());
});

test('a manager is said to be awaited where one is', async () => {
  const rig = await dispatchRig();
  await rig.ended(rig.say(person('ada', {title: 'clerk'})), 'applied');
  const silent = await rig.ended(rig.say(person('ada')), 'unchanged');
  expect(silent.reason ?? '').not.toContain('manager');
  const enterprise = {managerId: 'boss'} as NonNullable<
    NonNullable<Parameters<typeof person>[1]>['enterprise']
  >;
  const awaits = await rig.ended(rig.say(person('ada', {enterprise})), 'unchanged');
  expect(awaits.reason).toContain('manager');
  expect(rig.here.named('ada')?.attributes).not.toHaveProperty([MANAGER]);
});

/*
 * Redis knows nothing of ada. Her leave can not be looked up, and is parked; then she is back.
 */
test('a leave that nothing was begun of is overtaken in its lane by a return', async () => {
  const rig = await dispatchRig({retry: {maxAgeMs: 3_600_000, baseDelayMs: 60_000, maxDelayMs: 60_000}});
  rig.here.users.set('hers', {userName: 'ada', externalId: 'ada', active: true});
  const away = {kind: 'transient', cause: '500', message: 'not now'} as const;
  rig.here.answer = ({what}) => (what === 'find user' ? away : undefined);
  const left = rig.say(gone('ada'));
  await rig.ended(left, 'parked');
  rig.here.answer = () => undefined;
  const back = rig.say(person('ada', {title: 'clerk'}));
  await rig.ended(left, 'superseded');
  await rig.ended(back, 'applied');
  expect(rig.here.calls.map(({what}) => what)).not.toContain('deactivate user');
  expect(rig.here.users.get('hers')).toMatchObject({active: true, title: 'clerk'});
});

/*
 * Redis knows nothing: old has left, new is hired again under the same userName, and the account is new's.
 */
test('an account of another externalId is not the leaver’s, although names may be taken over', async () => {
  const rig = await dispatchRig({adopt: 'userName'});
  rig.here.users.set('hers', {userName: 'ada', externalId: 'new', active: true});
  const left = rig.say(person('old', {userName: 'ada', active: false}));
  expect((await rig.ended(left, 'dead')).failure).toMatchObject({
    kind: 'conflict',
    cause: 'another externalId',
    message: expect.stringContaining('avro-scim cut-off ID'),
  });
  expect(rig.here.users.get('hers')).toMatchObject({active: true});
  const mine = rig.say(person('bob', {active: false}));
  await rig.ended(mine, 'unchanged');
  rig.here.users.set('nameless', {userName: 'eve', active: true});
  await rig.ended(rig.say(person('eve', {active: false})), 'applied');
});
