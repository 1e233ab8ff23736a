import {expect, test} from '@jest/globals';
import type {Failure} from '../../../src/core/failure.ts';
import {byHand, type HandEnd} from '../../../src/core/hand.ts';
import {createPolicy} from '../../../src/core/policy.ts';
import {eventually} from '../../support/eventually.ts';
import {dispatchRig, gone, person, type DispatchRig} from './rig.ts';

const actor = {id: 'ada@desk', kind: 'human'};
const refused: Failure = {kind: 'rejected', cause: '400', message: 'refused'};

/** Marks and does it; resolves to how it ended. */
async function cutOff({stages, dispatcher}: DispatchRig, subject: string): Promise<HandEnd> {
  const {hands, lanes} = stages;
  const mark = {by: 'ada@desk', at: Date.now(), reason: 'stolen laptop'};
  expect(await hands.mark(subject, mark, lanes)).toBe(true);
  await dispatcher.workLane(subject);
  return eventually(() => hands.end(subject));
}

test('access ends with a receipt, a snapshot is held, and lifted it is applied: each with its audit record', async () => {
  const rig = await dispatchRig({deleteAfterMs: 1});
  await rig.ended(rig.say(person('u1')), 'applied');
  const end = await cutOff(rig, 'u1');
  expect(end).toMatchObject({complete: true, receipt: {steps: [{name: 'deactivate'}], complete: true}});
  expect(rig.here.named('u1')?.attributes).toMatchObject({active: false});
  expect(rig.audit.at(-1)).toMatchObject({
    ...{subject: 'u1', outcome: 'applied', did: 'cut off', actor, eventReason: 'stolen laptop'},
    receipt: {complete: true},
  });
  // Nobody has said that the person left.
  expect(await rig.redis.exists(rig.key('del'))).toBe(0);
  const held = rig.say(person('u1', {title: 'Boss'}));
  expect(await rig.ended(held, 'held')).toMatchObject({reason: byHand});
  expect(rig.here.named('u1')?.attributes).toMatchObject({active: false});
  expect(await rig.stages.hands.lift('u1', rig.stages.lanes)).toBe(true);
  await rig.ended(held, 'applied');
  expect(rig.here.named('u1')?.attributes).toMatchObject({active: true, title: 'Boss'});
  for (const name of ['hand', 'proof', 'c', 'h', 'lane:u1'])
    expect(await rig.redis.exists(rig.key(name))).toBe(0);
});

test('somebody nobody knows is looked for by externalId; who is not there is not made', async () => {
  const rig = await dispatchRig();
  rig.here.users.set('old', {userName: 'old-name', externalId: 'u1', active: true});
  expect(await cutOff(rig, 'u1')).toMatchObject({complete: true, receipt: {remoteId: 'old'}});
  expect(rig.here.users.get('old')).toMatchObject({active: false});
  expect(await cutOff(rig, 'u2')).toEqual({
    ...{at: expect.any(Number), complete: true, reason: 'it has no account here'},
  });
  await rig.ended(rig.say(person('u2')), 'held');
  expect(rig.here.named('u2')).toBeUndefined();
});

test.each<[string, Parameters<typeof dispatchRig>[0]]>([
  ['nobody is looked for', {adopt: 'never'}],
  ['they are found by their user name', {adopt: 'userName'}],
  [
    'their externalId is another here',
    {policy: createPolicy({scope: {}, attributes: {externalId: {omit: true}}})},
  ],
])(
  'that nobody is known is no proof where %s: it is said, and no account is made',
  async (_how, settings) => {
    const rig = await dispatchRig(settings);
    rig.here.users.set('old', {userName: 'ada', externalId: 'HR-7', active: true});
    const reason = 'none is known; not looked for by name';
    const end = await cutOff(rig, 'u1');
    expect(end).toEqual({at: expect.any(Number), complete: false, reason, isUnseen: true});
    expect(rig.audit.at(-1)).toMatchObject({outcome: 'unchanged', reason, actor});
    expect(await rig.redis.exists(rig.key('c'), rig.key('lane:u1'))).toBe(0);
    await rig.ended(rig.say(person('u1', {userName: 'ada'})), 'held');
    // That they left is news: now it is known what they are called.
    const left = rig.say(person('u1', {userName: 'ada', externalId: 'HR-7', active: false}));
    if (settings?.adopt !== 'userName') return;
    await rig.ended(left, 'applied');
    expect(rig.here.users.get('old')).toMatchObject({active: false});
  },
);

test('what fails is told, goes on by itself, and is done in the end', async () => {
  const rig = await dispatchRig();
  await rig.ended(rig.say(person('u1')), 'applied');
  rig.here.answer = ({what}) => (what.startsWith('deactivate') ? {...refused, kind: 'transient'} : undefined);
  expect(await cutOff(rig, 'u1')).toMatchObject({complete: false, failure: {cause: '400'}});
  expect(rig.audit.at(-1)).toMatchObject({outcome: 'parked', actor, failure: {cause: '400'}});
  expect(await rig.redis.exists(rig.key('c'))).toBe(1);
  rig.here.answer = () => undefined;
  await eventually(async () => (await rig.stages.hands.end('u1'))?.complete);
  await eventually(async () => (await rig.redis.exists(rig.key('c'))) === 0);
});

test('what is refused is a dead letter, and the obligation stays; retried, it is done', async () => {
  const rig = await dispatchRig();
  await rig.ended(rig.say(person('u1')), 'applied');
  rig.here.answer = ({what}) => (what.startsWith('deactivate') ? refused : undefined);
  expect(await cutOff(rig, 'u1')).toMatchObject({complete: false, failure: {kind: 'rejected'}});
  const letter = await eventually(() => rig.stages.letters.get('u1/cut-off'));
  expect(letter).toMatchObject({kind: 'cutOff', hand: {by: 'ada@desk'}});
  expect(rig.audit.at(-1)).toMatchObject({outcome: 'dead', actor});
  // It comes back as somebody's news: held, and no success closes what is open.
  await rig.ended(rig.say(person('u1', {title: 'Boss'})), 'held');
  expect(await rig.redis.exists(rig.key('c'))).toBe(1);
  rig.here.answer = () => undefined;
  expect(await rig.stages.letters.retry(['u1/cut-off'])).toMatchObject([{result: 'retried'}]);
  await eventually(async () => (await rig.stages.hands.end('u1'))?.complete);
});

test('lifted while it is refused: its letter and its obligation go, and the person is let in by a whole update', async () => {
  const rig = await dispatchRig();
  await rig.ended(rig.say(person('u1', {title: 'Boss'})), 'applied');
  rig.here.answer = ({what}) => (what.startsWith('deactivate') ? refused : undefined);
  await cutOff(rig, 'u1');
  await eventually(() => rig.stages.letters.get('u1/cut-off'));
  const held = rig.say(person('u1', {title: 'Boss'}));
  await rig.ended(held, 'held');
  await rig.stages.hands.lift('u1', rig.stages.lanes);
  await rig.ended(held, 'applied');
  expect(await rig.stages.letters.counts()).toEqual({});
  expect(await rig.redis.exists(rig.key('c'))).toBe(0);
});

test('asked for again, its dead letter is work again', async () => {
  const rig = await dispatchRig();
  await rig.ended(rig.say(person('u1')), 'applied');
  rig.here.answer = ({what}) => (what.startsWith('deactivate') ? refused : undefined);
  await cutOff(rig, 'u1');
  await eventually(() => rig.stages.letters.get('u1/cut-off'));
  rig.here.answer = () => undefined;
  expect(await cutOff(rig, 'u1')).toMatchObject({complete: true});
  expect(await rig.stages.letters.counts()).toEqual({});
});

test('two that do it together do it one after the other', async () => {
  const rig = await dispatchRig();
  await rig.ended(rig.say(person('u1')), 'applied');
  const waits: (() => void)[] = [];
  let atOnce = 0;
  rig.here.answer = ({what}) => {
    if (!what.startsWith('deactivate')) return undefined;
    atOnce += 1;
    return new Promise<undefined>((resolve) => waits.push(() => resolve(undefined)));
  };
  await rig.stages.hands.mark('u1', {by: 'ada@desk', at: Date.now()}, rig.stages.lanes);
  const first = rig.dispatcher.workLane('u1');
  await eventually(() => waits.length === 1);
  await rig.stages.hands.mark('u1', {by: 'bob@desk', at: Date.now()}, rig.stages.lanes);
  const left = rig.say(gone('u1'));
  expect(atOnce).toBe(1);
  rig.here.answer = () => undefined;
  waits[0]?.();
  await first;
  await rig.ended(left, 'applied');
  expect(await rig.stages.hands.read('u1')).toMatchObject({by: 'ada@desk'});
});
