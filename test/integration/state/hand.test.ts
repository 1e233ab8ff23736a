import {describe, expect, test} from '@jest/globals';
import {handId} from '../../../src/core/hand.ts';
import type {Claim, Settle} from '../../../src/core/state.ts';
import {again, handRig} from './hand-rig.ts';
import {at, leave, user, vector} from './rig.ts';

const {bar, claim, cutOff, finish, lift, mark, nowhere, present, presentGroup, rig, settle, sync, woken} =
  handRig();

describe('a cut-off by hand', () => {
  test('stands marked and first in its lane, with nothing thrown out of it, and is an obligation', async () => {
    await present('u1');
    expect(await mark('u1')).toBe(true);
    expect(await rig.hands.read('u1')).toEqual({by: 'ada@desk', at: rig.now, reason: 'stolen laptop'});
    expect(await rig.lane('u1')).toMatchObject([{id: handId('u1'), kind: 'cutOff', hand: {by: 'ada@desk'}}]);
    // Who asks again later is not who did it, and there is one entry still.
    rig.now += 5;
    await mark('u1', 'bob@desk');
    expect(await rig.hands.list()).toMatchObject([{subject: 'u1', mark: {by: 'ada@desk'}}]);
    expect(await rig.lane('u1')).toHaveLength(1);
  });

  test('a group is refused', async () => {
    await presentGroup('g1');
    expect(await mark('g1')).toBe(false);
    expect(await rig.hands.list()).toEqual([]);
    expect(woken).toEqual([]);
  });

  test('its lane is woken, so that a service carries it out when whoever marked it dies', async () => {
    await present('u1');
    await mark('u1');
    expect(woken).toEqual(['u1']);
  });

  test('goes past the guard and uses up nothing of it, is fenced by nothing, and moves no position', async () => {
    for (const one of ['a', 'b', 'c', 'd']) {
      await present(one, 9_000_000_000_000);
      await mark(one);
      expect(await claim(cutOff(one))).toMatchObject({verdict: 'go', remoteId: `remote-${one}`});
      await finish(one);
    }
    await present('u1');
    expect((await claim(leave('u1', 2))).verdict).toBe('go');
    // What was said before is decided as ever.
    expect((await claim(user('a', 8_999_999_999_999, 'v0'))).verdict).toBe('superseded');
  });

  test('another works on it: it waits for them', async () => {
    await present('u1');
    await claim(user('u1', 2, 'v2'), 'other');
    await mark('u1');
    expect((await claim(cutOff('u1'))).verdict).toBe('leased');
  });

  test('whoever died in the middle leaves it to be done: the mark, the entry and the obligation stay', async () => {
    await present('u1');
    await mark('u1');
    expect((await claim(cutOff('u1'), 'dies')).verdict).toBe('go');
    rig.now += 31_000;
    expect(await claim(cutOff('u1'), 'b')).toMatchObject({verdict: 'go', doubt: true, remoteId: 'remote-u1'});
    expect(await finish('u1', {token: 'b'})).toMatchObject({held: true});
    // Died after the settle: done again, which changes nothing.
    expect((await claim(cutOff('u1'))).verdict).toBe('go');
  });

  test('of somebody nobody knows: looked for, and the obligation stays while that fails', async () => {
    await mark('u1');
    expect(await claim(cutOff('u1'))).toMatchObject({verdict: 'go', remoteId: undefined});
    await settle({
      subject: 'u1',
      position: nowhere(),
      result: {done: false, maybeDone: false, decided: false},
    });
    const retried = await claim(cutOff('u1'));
    expect(retried).toMatchObject({verdict: 'go', cutOffBegunAt: rig.now});
    expect(
      await rig.state.adopt({
        ...{subject: 'u1', token: 'a', kind: 'user', remoteId: 'found', position: nowhere()},
        ...{isLeave: true, approved: true},
      }),
    ).toEqual({answer: 'ok'});
    await finish('u1', {remoteId: 'found'});
    expect(await claim(again('u1', 5))).toMatchObject({verdict: 'held'});
  });
});

describe('while it stands', () => {
  async function away(subject: string): Promise<void> {
    await mark(subject);
    await claim(cutOff(subject));
    await finish(subject);
  }

  test('no snapshot reopens the account, nor makes one; the newest is what is held', async () => {
    await present('u1');
    await away('u1');
    await away('nobody');
    for (const subject of ['u1', 'nobody']) {
      expect((await claim(again(subject, 2))).verdict).toBe('held');
      expect(await bar(subject, 2)).toBe('held');
      expect((await claim(again(subject, 4))).verdict).toBe('held');
      expect(await bar(subject, 4)).toBe('held');
      expect((await claim(again(subject, 3))).verdict).toBe('superseded');
      expect(await bar(subject, 3)).toBe('overtaken');
    }
    expect((await rig.holds.list()).map(({entry}) => entry.id)).toEqual(['t/0/4', 't/0/4']);
  });

  test('what was under way when it came takes over no account', async () => {
    await claim(user('u1', 2, 'v2'));
    await mark('u1');
    const adoption = {subject: 'u1', token: 'a', kind: 'user', remoteId: 'r', position: at(2)} as const;
    expect(await rig.state.adopt({...adoption, isLeave: false, approved: false})).toEqual({answer: 'lost'});
  });

  test('nobody else takes the account over, not even when the person has left too', async () => {
    await present('u1');
    await away('u1');
    expect((await claim(leave('u1', 2))).verdict).toBe('go');
    const left = {active: false, closesCutOff: true, endsMemberships: true, unwanted: true};
    await settle({subject: 'u1', position: at(2), remoteId: 'remote-u1', vector: vector('left'), ...left});
    await claim(user('u2', 3, 'v1'));
    const adoption = {
      subject: 'u2',
      token: 'a',
      kind: 'user',
      remoteId: 'remote-u1',
      position: at(3),
    } as const;
    const asked = {...adoption, isLeave: false, approved: false};
    expect(await rig.state.adopt(asked)).toEqual({answer: 'conflict', holder: 'u1'});
    await lift('u1');
    expect(await rig.state.adopt(asked)).toEqual({answer: 'ok'});
  });

  test('who leaves meanwhile leaves wholly, past a full guard, and what was barred is gone', async () => {
    for (const one of ['a', 'b', 'c', 'u1']) await present(one);
    for (const one of ['a', 'b', 'c']) expect((await claim(leave(one, 2))).verdict).toBe('go');
    await away('u1');
    await claim(again('u1', 2));
    await bar('u1', 2);
    expect(await claim(leave('u1', 3))).toMatchObject({verdict: 'go', same: false});
    expect(await rig.holds.list()).toEqual([]);
  });

  test('it is in no group at the target, whatever is said; lifted and back, in those that were said', async () => {
    await present('u1');
    for (const group of ['g1', 'g2', 'g3']) await presentGroup(group);
    const delta = (group: string, offset: number, more: Partial<Claim>): Claim => ({
      ...{op: 'delta', subject: group, position: at(offset), vector: vector('')},
      ...more,
    });
    const told = async (group: string, more: Partial<Settle>) =>
      settle({kind: 'group', subject: group, position: nowhere(), keeps: true, moves: false, ...more});
    for (const group of ['g1', 'g2']) {
      await claim(delta(group, 2, {added: ['u1']}));
      expect(await claim(sync(group))).toMatchObject({add: [{subject: 'u1'}]});
      await told(group, {members: {added: ['u1'], removed: []}});
    }
    await mark('u1');
    await claim(cutOff('u1'));
    expect((await finish('u1')).groups.sort()).toEqual(['g1', 'g2']);
    for (const group of ['g1', 'g2']) {
      expect(await claim(sync(group))).toMatchObject({add: [], remove: [{subject: 'u1'}]});
      await told(group, {members: {added: [], removed: ['u1']}});
      expect((await claim(sync(group))).verdict).toBe('unchanged');
    }
    await claim(delta('g2', 3, {removed: ['u1']}));
    await claim(sync('g2'));
    await told('g2', {members: {added: [], removed: ['u1']}});
    await claim(delta('g3', 3, {added: ['u1']}));
    expect((await claim(sync('g3'))).verdict).toBe('unchanged');
    await lift('u1');
    await claim(again('u1', 4));
    const back = await settle({subject: 'u1', position: at(4), remoteId: 'remote-u1', vector: vector('v4')});
    expect(back.groups.sort()).toEqual(['g1', 'g3']);
    expect(await claim(sync('g1'))).toMatchObject({add: [{subject: 'u1'}], remove: []});
  });

  test('who was told to be in while it came is told to be out', async () => {
    await present('u1');
    await presentGroup('g1');
    await claim({op: 'delta', subject: 'g1', position: at(2), vector: vector(''), added: ['u1']});
    expect(await claim(sync('g1'), 'g')).toMatchObject({add: [{subject: 'u1'}]});
    await mark('u1');
    const members = {added: ['u1'], removed: []};
    const group = {kind: 'group', subject: 'g1', position: nowhere(), keeps: true, moves: false} as const;
    expect((await settle({...group, token: 'g', members})).groups).toEqual(['g1']);
    expect(await claim(sync('g1'))).toMatchObject({add: [], remove: [{subject: 'u1'}]});
  });
});
