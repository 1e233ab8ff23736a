import {describe, expect, test} from '@jest/globals';
import type {Claim} from '../../../src/core/state.ts';
import {at, leave, stateRig, user, vector} from './rig.ts';

const {claim, present, presentGroup, settle} = stateRig();

const about = (op: Claim['op'], offset: number, more: Partial<Claim> = {}): Claim => ({
  op,
  subject: 'x',
  position: at(offset),
  vector: vector('g1'),
  ...more,
});

describe('one id for a person and for a group', () => {
  test('what is said of a group is no news of the person who has the id', async () => {
    await present('x', 1);
    for (const one of [
      about('group', 2, {whole: ['u1']}),
      about('ungroup', 3),
      about('delta', 4, {added: ['u1']}),
    ])
      expect(await claim(one)).toMatchObject({verdict: 'otherKind', kind: 'user'});
    // Not even where the group was named before the person came.
    expect((await claim(about('sync', 0))).verdict).not.toBe('go');
    expect((await claim(user('x', 2, 'v1'))).verdict).toBe('unchanged');
  });

  test('nor what is said of a person news of the group', async () => {
    await presentGroup('x');
    for (const one of [user('x', 2, 'v1'), leave('x', 3)])
      expect(await claim(one)).toMatchObject({verdict: 'otherKind', kind: 'group'});
    expect((await claim(about('group', 2))).verdict).toBe('unchanged');
  });

  test('members that were said before a person of that id came are told to nobody', async () => {
    await present('u1');
    await claim(about('delta', 2, {added: ['u1']}));
    await present('x', 3);
    expect((await claim(about('sync', 0))).verdict).toBe('waits');
  });

  test('while nobody knows whether there is an account, it is a person’s', async () => {
    await claim(user('x', 1, 'v1'));
    expect((await claim(about('group', 2), 'b')).verdict).toBe('otherKind');
    await settle({subject: 'x', position: at(1), result: {done: false, maybeDone: true, decided: true}});
    expect((await claim(about('group', 2), 'b')).verdict).toBe('otherKind');
  });

  test('an id that nobody has any more may become a group’s, and a person’s again', async () => {
    await present('x', 1, {whole: []});
    await claim(leave('x', 2));
    const ended = {closesCutOff: true, endsMemberships: true, active: false, absent: true, unwanted: true};
    await settle({subject: 'x', position: at(2), ...ended});
    await present('u1');
    expect((await claim(about('group', 3, {whole: ['u1']}))).verdict).toBe('go');
    const made = {kind: 'group', subject: 'x', remoteId: 'remote-x', vector: vector('g1')} as const;
    await settle({...made, position: at(3)});
    expect((await claim(about('sync', 0))).add).toEqual([{subject: 'u1', remoteId: 'remote-u1'}]);
    await settle({kind: 'group', subject: 'x', position: at(3), keeps: true, moves: false});
    expect((await claim(about('ungroup', 4))).verdict).toBe('go');
    await settle({kind: 'group', subject: 'x', position: at(4), absent: true, active: false, unwanted: true});
    expect((await claim(user('x', 5, 'v1'))).verdict).toBe('go');
  });
});
