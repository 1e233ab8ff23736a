import {describe, expect, test} from '@jest/globals';
import type {Claim} from '../../../src/core/state.ts';
import type {ProtectionSettings} from '../../../src/core/protection.ts';
import {handRig} from './hand-rig.ts';
import {at, leave, user, vector} from './rig.ts';

const {claim, cutOff, leaver, mark, present, presentGroup, rig, settle} = handRig();

const nowhere = {source: 0, offset: -1, occurredAt: 0};
const work = (op: Claim['op'], subject: string): Claim => ({
  op,
  subject,
  position: nowhere,
  vector: vector(''),
});
const joins = async (group: string, subject: string, offset: number): Promise<void> => {
  await claim({op: 'delta', subject: group, position: at(offset), vector: vector(''), added: [subject]});
  await claim(work('sync', group));
  const told = {kind: 'group', subject: group, position: nowhere, keeps: true, moves: false} as const;
  await settle({...told, members: {added: [subject], removed: []}});
};

describe('nothing is sent of a protected account, and the position moves', () => {
  test.each(['u1', 'remote-u1'])('by the name %s', async (name) => {
    await present('u1');
    rig.protect({names: [name]});
    for (const one of [user('u1', 2, 'v2'), leave('u1', 3)])
      expect(await claim(one)).toMatchObject({
        verdict: 'protected',
        protectedBy: expect.stringContaining('name'),
      });
    rig.protect({});
    expect((await claim(leave('u1', 2))).verdict).toBe('superseded');
    expect((await claim(leave('u1', 4))).verdict).toBe('go');
  });

  test('by a group, for as long as it is a member', async () => {
    await present('u1');
    await presentGroup('keys');
    await joins('keys', 'u1', 2);
    rig.protect({groups: ['keys']});
    const left = await claim(leave('u1', 3, {whole: []}));
    expect(left).toMatchObject({verdict: 'protected', protectedBy: 'the group keys'});
    await claim({op: 'delta', subject: 'keys', position: at(4), vector: vector(''), removed: ['u1']});
    expect((await claim(leave('u1', 5))).verdict).toBe('go');
  });

  test('by what its event says; a joiner gets no account', async () => {
    expect(await claim(user('u1', 2, 'v2', {isProtected: true}))).toMatchObject({verdict: 'protected'});
    expect((await claim(user('u1', 3, 'v3'))).verdict).toBe('go');
  });

  describe('by what its last event said, where the change says nothing of the user', () => {
    const tombstone = (subject: string, offset: number): Claim => ({
      ...{op: 'gone', subject, position: at(offset), vector: vector('')},
    });
    test.each<[string, Partial<ProtectionSettings>]>([
      ['a name', {names: ['root@example.com']}],
      ['a filter', {filters: ['title eq "Root"']}],
    ])('%s of the config', async (_how, protects) => {
      await present('u1');
      rig.protect(protects);
      await claim(user('u1', 2, 'v2', {isProtected: true}));
      const said = {verdict: 'protected', protectedBy: 'a name or a filter'};
      expect(await claim(tombstone('u1', 3))).toMatchObject(said);
      expect(await claim({...leave('u1', 4), vector: vector('')})).toMatchObject(said);
      await mark('u1');
      expect(await claim(cutOff('u1'))).toMatchObject(said);
      expect((await claim(tombstone('u1', 2))).verdict).toBe('superseded');
      // A leaver of whom an event speaks, and who is not protected by it.
      expect((await claim(leave('u1', 5))).verdict).toBe('go');
    });

    test('a rule that is gone keeps nobody in', async () => {
      for (const one of ['u1', 'u2']) await present(one);
      rig.protect({filters: ['title eq "Root"']});
      for (const one of ['u1', 'u2']) await claim(user(one, 2, 'v2', {isProtected: true}));
      rig.protect({groups: ['keys']});
      expect((await claim(tombstone('u1', 3))).verdict).toBe('go');
      await mark('u2');
      expect((await claim(cutOff('u2'))).verdict).toBe('go');
    });
  });

  test('a cut-off by hand leaves no mark, and no obligation', async () => {
    await present('u1');
    rig.protect({names: ['u1']});
    await mark('u1');
    expect(await claim(cutOff('u1'))).toMatchObject({verdict: 'protected', protectedBy: 'the name u1'});
    expect(await rig.hands.list()).toEqual([]);
    rig.protect({});
    expect(await claim(user('u1', 3, 'v3', {fromLane: true}))).toMatchObject({
      ...{verdict: 'go', cutOffBegunAt: undefined},
    });
  });

  test('the guard does not count it', async () => {
    for (const one of ['a', 'b', 'c', 'd', 'e']) await present(one);
    rig.protect({names: ['a', 'b', 'c']});
    for (const one of ['a', 'b', 'c']) await claim(leave(one, 2));
    expect((await claim(leave('d', 2))).verdict).toBe('go');
  });

  test('a cut-off that was begun is not gone on with', async () => {
    await present('u1');
    await claim(leave('u1', 2));
    await settle({subject: 'u1', position: at(2), result: {done: false, maybeDone: false, decided: true}});
    rig.protect({names: ['u1']});
    expect((await claim(leave('u1', 2))).verdict).toBe('protected');
    rig.protect({});
    expect(await claim(user('u1', 3, 'v3'))).toMatchObject({cutOffBegunAt: undefined});
  });

  test('granted, and seen at the account: the obligation is gone, and it counts for nothing at the guard', async () => {
    for (const one of ['a', 'b', 'c', 'd']) {
      await present(one);
      expect((await claim(leave(one, 2))).verdict).toBe('go');
      await settle({subject: one, position: at(2), keeps: true, isProtected: true});
    }
    expect(await claim(user('a', 3, 'v3'))).toMatchObject({verdict: 'go', cutOffBegunAt: undefined});
  });
});

test('a leaver’s account is not deleted', async () => {
  for (const [subject, names] of [
    ['u1', ['u1']],
    ['u2', []],
  ] as const) {
    await leaver(subject, {deleteAt: rig.now});
    rig.protect({names});
    if (names.length === 0) {
      await claim(work('delete', subject));
      await settle({subject, position: nowhere, keeps: true, isProtected: true, moves: false});
      rig.now += 3_700_000;
    } else expect((await claim(work('delete', subject))).verdict).toBe('protected');
    expect((await claim(work('delete', subject))).verdict).toBe('unchanged');
  }
});

describe('a whole list takes nobody out who is protected', () => {
  test.each<[string, Partial<ProtectionSettings>]>([
    ['by subject id', {names: ['u1']}],
    ['by account', {names: ['remote-u1']}],
    ['by group', {groups: ['keys']}],
    ['as its last event said', {filters: ['title eq "Root"']}],
  ])('%s', async (how, protects) => {
    for (const one of ['u1', 'u2']) await present(one);
    for (const one of ['keys', 'g1']) await presentGroup(one);
    if (how === 'by group') await joins('keys', 'u1', 2);
    for (const one of ['u1', 'u2']) await joins('g1', one, one === 'u1' ? 3 : 4);
    rig.protect(protects);
    if (how.startsWith('as')) await claim(user('u1', 5, 'v5', {isProtected: true}));
    const list = {op: 'group', subject: 'g1', position: at(6), vector: vector('g1')} as const;
    const reply = await claim({...list, whole: []});
    expect(reply).toMatchObject({verdict: 'go', remove: [{subject: 'u2'}], kept: ['u1']});
    const told = {kind: 'group', subject: 'g1', position: at(6), vector: vector('g1')} as const;
    await settle({...told, remoteId: 'remote-g1', members: {added: [], removed: ['u1', 'u2']}});
    expect((await claim({...list, whole: [], position: at(7)})).verdict).toBe('unchanged');
  });
});

test('a protected group is not deleted, nor what it is said to be forgotten', async () => {
  await presentGroup('keys');
  const drop = (op: 'ungroup' | 'gone', offset: number): Claim => ({
    ...{op, subject: 'keys', position: at(offset), vector: vector('')},
  });
  rig.protect({groups: ['keys']});
  for (const one of [drop('ungroup', 3), drop('gone', 4)])
    expect(await claim(one)).toMatchObject({verdict: 'protected', protectedBy: 'the group keys'});
  expect((await claim(drop('ungroup', 2))).verdict).toBe('superseded');
  const snapshot = {op: 'group', subject: 'keys', vector: vector('g2')} as const;
  expect((await claim({...snapshot, position: at(3)})).verdict).toBe('superseded');
  rig.protect({});
  expect(await claim(drop('ungroup', 5))).toMatchObject({verdict: 'go', remoteId: 'remote-keys'});
});
