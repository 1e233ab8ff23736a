import {expect, test} from '@jest/globals';
import {eventually} from '../../support/eventually.ts';
import {dispatchRig, gone, person, type DispatchRig} from './rig.ts';

/** `ada` and `bob` have accounts, `cyd` is parked after a failure, and the target is paused. */
async function paused(rig: DispatchRig): Promise<void> {
  await rig.ended(rig.say(person('ada'), person('bob')) + 1, 'applied');
  rig.here.answer = ({whom}) =>
    whom === 'cyd' ? {kind: 'transient', cause: '500', message: 'broken'} : undefined;
  await rig.ended(rig.say(person('cyd')), 'parked');
  await rig.stages.pauses.pause('ops@desk', 'a bad extract');
  await eventually(() => rig.gate.paused);
  await eventually(async () => (await rig.redis.hlen(rig.key('l'))) === 0);
  rig.here.answer = () => undefined;
}

test('nothing leaves while it is paused, what failed grows no older, and all goes on when it is over, leavers first', async () => {
  const rig = await dispatchRig({concurrency: 1, retry: {maxAgeMs: 9e5, baseDelayMs: 6e4, maxDelayMs: 6e4}});
  await paused(rig);
  const before = await rig.stages.lanes.head('cyd');
  const calls = rig.here.calls.length;
  const first = rig.say(person('new'), person('bob', {title: 'lead'}), gone('ada'));
  await rig.dispatcher.sweep(0);
  await rig.dispatcher.workLane('cyd');
  expect(rig.here.calls).toHaveLength(calls);
  expect(rig.stages.window.cutOffs).toBe(1);
  expect(await rig.stages.lanes.head('cyd')).toEqual(before);
  expect(await rig.stages.pauses.resume()).toMatchObject({by: 'ops@desk', reason: 'a bad extract'});
  await eventually(() => rig.gate.open);
  await rig.stages.lanes.wake('cyd', 0);
  for (const offset of [first, first + 1, first + 2]) await rig.ended(offset, 'applied');
  const whats = rig.here.calls.slice(calls).map(({what}) => what);
  expect(whats.indexOf('deactivate user')).toBeLessThan(whats.indexOf('create user'));
  await eventually(() => rig.here.named('cyd'));
});

test('it is paused once, resumed once, and a Redis that is wiped has forgotten it', async () => {
  const {stages, redis, key, gate} = await dispatchRig();
  const {pauses} = stages;
  expect(await pauses.resume()).toBeUndefined();
  const {pause: first, isNew} = await pauses.pause('ops@desk');
  expect(isNew).toBe(true);
  expect(await pauses.pause('another@desk', 'as well')).toEqual({pause: first, isNew: false});
  expect(await pauses.read()).toEqual({by: 'ops@desk', at: first.at});
  expect(await pauses.resume()).toEqual(first);
  expect(await pauses.resume()).toBeUndefined();
  await pauses.pause('ops@desk');
  await eventually(() => gate.paused);
  await redis.del(key('pause'));
  await eventually(() => gate.open);
});
