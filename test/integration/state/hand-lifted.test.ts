import {expect, test} from '@jest/globals';
import {handId} from '../../../src/core/hand.ts';
import {again, handRig, snapshot} from './hand-rig.ts';
import {user} from './rig.ts';

const {bar, claim, cutOff, finish, lift, mark, present, rig, woken} = handRig();

test('what was barred goes on, once; the mark is gone', async () => {
  await present('u1');
  await mark('u1');
  await claim(cutOff('u1'));
  await finish('u1');
  await claim(again('u1', 2));
  await bar('u1', 2);
  expect(await lift('u1')).toBe(true);
  expect(await rig.lane('u1')).toMatchObject([{id: handId('u1')}, {id: 't/0/2', force: true}]);
  expect(woken).toEqual(['u1', 'u1']);
  expect(await rig.holds.list()).toEqual([]);
  expect((await claim(again('u1', 2))).verdict).toBe('go');
  expect(await lift('u1')).toBe(false);
});

test('before anybody began: there is nothing to do, and no obligation', async () => {
  await present('u1');
  await mark('u1');
  await lift('u1');
  expect(await rig.lane('u1')).toEqual([]);
  // Read from the lane before, and claimed after.
  expect((await claim(cutOff('u1'))).verdict).toBe('superseded');
  expect((await claim(user('u1', 1, 'v1'))).verdict).toBe('unchanged');
});

test('while it is being done: it is finished, then the person is let in again', async () => {
  await present('u1');
  await mark('u1');
  expect((await claim(cutOff('u1'), 'works')).verdict).toBe('go');
  await lift('u1');
  expect(await rig.lane('u1')).toHaveLength(1);
  rig.now += 31_000;
  expect((await claim(cutOff('u1'), 'b')).verdict).toBe('go');
  await finish('u1', {token: 'b'});
  expect((await claim(cutOff('u1'))).verdict).toBe('superseded');
  expect((await claim(again('u1', 2))).verdict).toBe('go');
});

test('between the claim that barred a snapshot and its hold: it is not kept for ever', async () => {
  await present('u1');
  await mark('u1');
  expect((await claim(again('u1', 2))).verdict).toBe('held');
  await lift('u1');
  expect(await bar('u1', 2)).toBe('lifted');
  expect((await claim(again('u1', 2))).verdict).toBe('go');
});

test('a leave that the guard holds is not what a lift lets go', async () => {
  await present('u1');
  await mark('u1');
  await rig.holds.hold({...snapshot(2), kind: 'cutOff'}, 'u1');
  await lift('u1');
  expect(await rig.holds.list()).toMatchObject([{subject: 'u1', entry: {id: 't/0/2'}}]);
});
