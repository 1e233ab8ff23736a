import {expect, test} from '@jest/globals';
import type {Failure} from '../../../src/core/failure.ts';
import {eventually} from '../../support/eventually.ts';
import {dispatchRig, gone, person, type DispatchRig} from './rig.ts';

const hour = 3_600_000;
const throttled = (retryAfterMs: number): Failure => ({
  kind: 'throttled',
  cause: '429',
  message: 'too many',
  retryAfterMs,
});
const names = ['p0', 'p1', 'p2', 'p3'];

/** Four are at work; a joiner is told to come again in an hour, and then the four leave. */
async function waiting(rig: DispatchRig): Promise<number> {
  await rig.ended(rig.say(...names.map((name) => person(name))) + 3, 'applied');
  await eventually(() => rig.here.users.size === 4);
  rig.here.answer = ({what}) => (what === 'create user' ? throttled(hour) : undefined);
  rig.say(person('joiner'));
  await eventually(() => rig.gate.state.state === 'waiting');
  return rig.here.calls.findLast(({what}) => what === 'create user')?.at ?? 0;
}
const cutOffs = ({here}: DispatchRig) => here.calls.filter(({what}) => what === 'deactivate user');

test('leavers do not wait for what was asked of joiners: one at a time, and not in the next second', async () => {
  const rig = await dispatchRig();
  const toldAt = await waiting(rig);
  let [running, most] = [0, 0];
  const create = rig.here.answer;
  rig.here.answer = async (call) => {
    if (call.what !== 'deactivate user') return create(call);
    most = Math.max(most, (running += 1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    running -= 1;
    return undefined;
  };
  const first = rig.say(...names.map((name) => gone(name)));
  for (const i of names.keys()) await rig.ended(first + i, 'applied');
  expect(most).toBe(1);
  expect((cutOffs(rig)[0]?.at ?? 0) - toldAt).toBeGreaterThanOrEqual(1000);
  expect(rig.gate.state.state).toBe('waiting');
  expect(rig.here.calls.filter(({whom, what}) => what === 'create user' && whom === 'joiner')).toHaveLength(
    1,
  );
});

test('a leaver who is parked already is cut off meanwhile too', async () => {
  const rig = await dispatchRig();
  await rig.ended(rig.say(person('ada')), 'applied');
  rig.here.answer = ({what}) =>
    what === 'deactivate user' ? {kind: 'transient', cause: '500', message: 'broken'} : undefined;
  const left = rig.say(gone('ada'));
  await rig.ended(left, 'parked');
  rig.gate.wait(Date.now() + hour);
  rig.here.answer = () => undefined;
  await eventually(() => rig.here.named('ada')?.attributes['active'] === false);
  expect(rig.gate.state.state).toBe('waiting');
  await eventually(async () => (await rig.stages.lanes.parked()) === 0);
});

test('a leaver who is told to wait does wait', async () => {
  const rig = await dispatchRig();
  await waiting(rig);
  rig.here.answer = ({what}) =>
    what === 'find user' ? undefined : throttled(cutOffs(rig).length > 1 ? hour : 1500);
  rig.say(...names.map((name) => gone(name)));
  await eventually(() => cutOffs(rig).length === 2);
  const [one, two] = cutOffs(rig);
  expect((two?.at ?? 0) - (one?.at ?? 0)).toBeGreaterThanOrEqual(1500);
  expect(await eventually(() => (rig.gate.cutOffsWaitMs ?? 0) > hour / 2)).toBe(true);
  expect(rig.stages.window.size).toBe(5);
});

test('a parked leaver whose claim brings the wait that another replica was told of is cut off meanwhile too', async () => {
  const rig = await dispatchRig();
  await rig.ended(rig.say(person('ada')), 'applied');
  rig.here.answer = ({what}) =>
    what === 'deactivate user' ? {kind: 'transient', cause: '500', message: 'broken'} : undefined;
  await rig.ended(rig.say(gone('ada')), 'parked');
  await rig.stages.state.wait(Date.now() + hour);
  rig.here.answer = () => undefined;
  await eventually(() => rig.gate.state.state === 'waiting');
  await eventually(() => rig.here.named('ada')?.attributes['active'] === false);
  expect(rig.gate.state.state).toBe('waiting');
});

test('a parked leaver whose wake was lost is found while the gate waits', async () => {
  const rig = await dispatchRig();
  await rig.ended(rig.say(person('ada')), 'applied');
  rig.here.answer = ({what}) =>
    what === 'deactivate user' ? {kind: 'transient', cause: '500', message: 'broken'} : undefined;
  await rig.ended(rig.say(gone('ada')), 'parked');
  rig.gate.wait(Date.now() + hour);
  rig.here.answer = () => undefined;
  // As after a crash: due long ago, and no timer that says so.
  await rig.redis.zadd(rig.key('lanes'), Date.now() - 60_000, 'ada');
  await rig.redis.del(rig.key('lanes:delayed'));
  await eventually(() => rig.here.named('ada')?.attributes['active'] === false);
});
