import {describe, expect, test} from '@jest/globals';
import type {Claim} from '../../../src/core/state.ts';
import {at, leave, stateRig, subjects, user, vector} from './rig.ts';

const {claim, present, presentGroup, rig, settle} = stateRig();

const delta = (offset: number, added: string[], removed: string[] = []): Claim => ({
  op: 'delta',
  subject: 'g1',
  position: at(offset),
  vector: vector(''),
  added,
  removed,
});
const list = (offset: number, whole: string[]): Claim => ({
  op: 'group',
  subject: 'g1',
  position: at(offset),
  vector: vector('g1'),
  whole,
});
const sync: Claim = {op: 'sync', subject: 'g1', position: at(0), vector: vector('')};
const told = (members: {added: string[]; removed: string[]}, token = 'a') =>
  settle({kind: 'group', subject: 'g1', token, position: at(0), keeps: true, moves: false, members});
const left = {active: false, closesCutOff: true, endsMemberships: true, unwanted: true};

describe('older news does not undo newer', () => {
  test('a user’s list that does not name a group overrules an older delta of that group', async () => {
    await presentGroup('g1');
    await present('u1', 5, {whole: []});
    expect((await claim(delta(4, ['u1']))).verdict).toBe('unchanged');
    expect((await claim(sync)).verdict).toBe('unchanged');
    expect((await claim(delta(6, ['u1']))).verdict).toBe('merged');
  });

  test('and an older list of that group, which counts for the others', async () => {
    await presentGroup('g1');
    await present('u2');
    await present('u1', 5, {whole: []});
    const go = await claim(list(4, ['u1', 'u2']));
    expect(subjects(go.add)).toEqual(['u2']);
  });

  test('a leave overrules an older delta that comes after it', async () => {
    await presentGroup('g1');
    await present('u1');
    await claim(leave('u1', 6));
    await settle({subject: 'u1', position: at(6), remoteId: 'remote-u1', ...left});
    expect((await claim(delta(5, ['u1']))).verdict).toBe('unchanged');
    await claim(user('u1', 7, 'v1'));
    const back = await settle({subject: 'u1', position: at(7), remoteId: 'remote-u1', vector: vector('v1')});
    expect(back.groups).toEqual([]);
  });

  test('a leave of who is cut off already ends what was said of them since', async () => {
    await presentGroup('g1');
    await present('u1');
    await claim(leave('u1', 6));
    await settle({subject: 'u1', position: at(6), remoteId: 'remote-u1', vector: vector('left'), ...left});
    await claim(delta(7, ['u1']));
    expect((await claim(leave('u1', 8))).verdict).toBe('unchanged');
    await claim(user('u1', 9, 'v1'));
    const back = await settle({subject: 'u1', position: at(9), remoteId: 'remote-u1', vector: vector('v1')});
    expect(back.groups).toEqual([]);
  });

  test('an answer lost after a member was added, then an older removal: it is told in again', async () => {
    await presentGroup('g1');
    await present('u1');
    await claim(delta(5, ['u1']));
    expect(subjects((await claim(sync)).add)).toEqual(['u1']);
    const lost = {done: false, maybeDone: true, decided: false} as const;
    await settle({kind: 'group', subject: 'g1', position: at(0), moves: false, result: lost});
    expect((await claim(delta(4, [], ['u1']))).verdict).toBe('unchanged');
    expect((await claim(list(3, []))).add.map(({subject}) => subject)).toEqual(['u1']);
  });

  test('two sources say of one member at once, while the first is being told: the newer one stands', async () => {
    await presentGroup('g1');
    await present('u1');
    await claim(delta(5, ['u1']));
    expect(subjects((await claim(sync)).add)).toEqual(['u1']);
    const elsewhere = {source: 2, offset: 0, occurredAt: at(7).occurredAt};
    expect((await claim(user('u1', 0, 'v1', {position: elsewhere, whole: []}), 'b')).groups).toEqual(['g1']);
    expect((await claim(delta(6, ['u1']), 'b')).verdict).toBe('unchanged');
    expect((await told({added: ['u1'], removed: []})).groups).toEqual(['g1']);
    expect(subjects((await claim(sync)).remove)).toEqual(['u1']);
    expect((await told({added: [], removed: ['u1']})).groups).toEqual([]);
  });

  test('a list knows what the same batch has said of its members before', async () => {
    await presentGroup('g1');
    await present('u1');
    await present('u2');
    const {replies} = await rig.state.claim('b', [
      user('u1', 5, 'v1', {whole: ['g1']}),
      user('u2', 9, 'v1', {whole: []}),
      list(7, ['u2']),
    ]);
    expect(replies.map(({verdict}) => verdict)).toEqual(['unchanged', 'unchanged', 'go']);
    expect(replies[2]).toMatchObject({add: [], remove: [{subject: 'u1'}]});
  });
});
