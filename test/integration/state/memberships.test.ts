import {describe, expect, test} from '@jest/globals';
import type {Claim} from '../../../src/core/state.ts';
import {at, leave, stateRig, subjects, user, vector} from './rig.ts';

const {claim, present, presentGroup, rig, settle} = stateRig();

describe('memberships', () => {
  const delta = (offset: number, added: string[], removed: string[] = []): Claim => ({
    op: 'delta',
    subject: 'g1',
    position: at(offset),
    vector: vector(''),
    added,
    removed,
  });
  const sync: Claim = {op: 'sync', subject: 'g1', position: at(0), vector: vector('')};
  const synced = (members: string[]) =>
    settle({
      kind: 'group',
      subject: 'g1',
      position: at(0),
      remoteId: 'remote-g1',
      vector: vector('g1'),
      keeps: true,
      moves: false,
      members: {added: members, removed: []},
    });

  test('deltas merge, older news about one member is ignored, and what is done is not asked again', async () => {
    await presentGroup('g1');
    await present('u1');
    await present('u2');
    expect((await claim(delta(5, ['u1', 'u2']))).verdict).toBe('merged');
    expect((await claim(delta(4, [], ['u1']))).verdict).toBe('unchanged');
    const go = await claim(sync);
    expect(go.verdict).toBe('go');
    expect(subjects(go.add)).toEqual(['u1', 'u2']);
    expect((await synced(['u1', 'u2'])).groups).toEqual([]);
    expect((await claim(sync)).verdict).toBe('unchanged');
    expect((await claim(delta(5, ['u1', 'u2']))).verdict).toBe('unchanged');
  });

  test('a member that is not there yet waits beside the group, and enters when it comes', async () => {
    await presentGroup('g1');
    await claim(delta(5, ['u1']));
    expect((await claim(sync)).verdict).toBe('unchanged');
    expect((await present('u1', 6)).groups).toEqual(['g1']);
    expect(subjects((await claim(sync)).add)).toEqual(['u1']);
  });

  test('a whole list takes out who is not on it, keeps newer news, and fences older deltas', async () => {
    await presentGroup('g1');
    for (const id of ['u1', 'u2', 'u3', 'u4']) await present(id);
    await claim(delta(5, ['u1', 'u2']));
    await claim(sync);
    await synced(['u1', 'u2']);
    await claim(delta(20, ['u3']));
    const list = await claim({
      op: 'group',
      subject: 'g1',
      position: at(10),
      vector: vector('g1'),
      whole: ['u2'],
    });
    expect(list.verdict).toBe('go');
    expect(subjects(list.add)).toEqual(['u3']);
    expect(subjects(list.remove)).toEqual(['u1']);
    await settle({
      kind: 'group',
      subject: 'g1',
      position: at(10),
      remoteId: 'remote-g1',
      vector: vector('g1'),
      members: {added: ['u3'], removed: ['u1']},
    });
    expect((await claim(delta(9, ['u4'], ['u2']))).verdict).toBe('unchanged');
    expect((await claim(delta(11, ['u4']))).verdict).toBe('merged');
  });

  test('a user snapshot states its groups: [] says none, an older one changes nothing', async () => {
    await presentGroup('g1');
    const joined = await present('u1', 5, {whole: ['g1']});
    expect(joined.groups).toEqual(['g1']);
    expect(subjects((await claim(sync)).add)).toEqual(['u1']);
    await synced(['u1']);
    const older = await claim(user('u1', 4, 'v0', {whole: []}));
    expect(older).toMatchObject({verdict: 'superseded', groups: []});
    const none = await claim(user('u1', 6, 'v1', {whole: []}));
    expect(none).toMatchObject({verdict: 'unchanged', groups: ['g1']});
    expect(subjects((await claim(sync)).remove)).toEqual(['u1']);
  });

  test('a leaver is taken out of the groups, also of those that a group list put them in', async () => {
    await presentGroup('g1');
    await present('u1');
    await claim(delta(5, ['u1']));
    await claim(sync);
    await synced(['u1']);
    await claim(leave('u1', 6));
    const left = await settle({
      subject: 'u1',
      position: at(6),
      remoteId: 'remote-u1',
      active: false,
      closesCutOff: true,
      endsMemberships: true,
      unwanted: true,
    });
    expect(left.groups).toEqual(['g1']);
    expect(subjects((await claim(sync)).remove)).toEqual(['u1']);
    expect((await claim(delta(5, ['u1']))).verdict).toBe('unchanged');
  });

  test('back before the cut-off was verified, a leaver is out of the groups from before it, and in those since', async () => {
    await presentGroup('g1');
    await present('u1');
    await claim(delta(5, ['u1']));
    await claim(sync);
    await synced(['u1']);
    await claim(leave('u1', 6));
    await settle({subject: 'u1', position: at(6), result: {done: false, maybeDone: true, decided: true}});
    await presentGroup('g2', 7);
    await claim({...delta(8, ['u1']), subject: 'g2'});
    expect((await claim(user('u1', 9, 'v1'))).cutOffBegunAt).toBeDefined();
    const ends = {closesCutOff: true, endsMemberships: true};
    const back = await settle({subject: 'u1', position: at(9), remoteId: 'remote-u1', ...ends});
    expect(back.groups).toEqual(['g1']);
    expect(subjects((await claim(sync)).remove)).toEqual(['u1']);
    expect(subjects((await claim({...sync, subject: 'g2'})).add)).toEqual(['u1']);
  });

  test('a leave while the group is told that the person is in: the person is told out afterwards', async () => {
    await presentGroup('g1');
    await present('u1');
    await claim(delta(5, ['u1']));
    expect(subjects((await claim(sync)).add)).toEqual(['u1']);
    await claim(leave('u1', 6), 'b');
    const position = at(6);
    const ended = {active: false, closesCutOff: true, endsMemberships: true, unwanted: true};
    await settle({token: 'b', subject: 'u1', position, remoteId: 'remote-u1', ...ended});
    expect((await synced(['u1'])).groups).toEqual(['g1']);
    expect(subjects((await claim(sync)).remove)).toEqual(['u1']);
  });

  test('a group that is made again is told all its members again', async () => {
    await presentGroup('g1');
    await present('u1');
    await claim(delta(5, ['u1']));
    await claim(sync);
    await synced(['u1']);
    const unscoped = {byScope: true, keepsMemberships: true};
    const drop = await claim({
      op: 'ungroup',
      subject: 'g1',
      position: at(6),
      vector: vector(''),
      ...unscoped,
    });
    expect(drop.verdict).toBe('go');
    await settle({
      kind: 'group',
      subject: 'g1',
      position: at(6),
      absent: true,
      active: false,
      unwanted: true,
    });
    const again = await claim({op: 'group', subject: 'g1', position: at(7), vector: vector('g1')});
    expect(again).toMatchObject({verdict: 'go', remoteId: undefined});
    const made = await settle({
      kind: 'group',
      subject: 'g1',
      position: at(7),
      remoteId: 'other',
      vector: vector('g1'),
    });
    expect(made.groups).toEqual(['g1']);
    expect(subjects((await claim(sync)).add)).toEqual(['u1']);
  });
});

describe('groups that go', () => {
  const ungroup = (subject: string, offset: number, more: Partial<Claim> = {}): Claim => ({
    op: 'ungroup',
    subject,
    position: at(offset),
    vector: vector(''),
    ...more,
  });

  test('the guard counts them apart from leavers, holds the fourth in a minute, and lets an approved one pass', async () => {
    for (const id of ['u1', 'u2', 'u3']) {
      await present(id);
      expect((await claim(leave(id, 2))).verdict).toBe('go');
    }
    for (const id of ['g1', 'g2', 'g3', 'g4']) await presentGroup(id);
    for (const id of ['g1', 'g2', 'g3']) expect((await claim(ungroup(id, 2))).verdict).toBe('go');
    expect((await claim(ungroup('g4', 2))).verdict).toBe('held');
    expect((await claim(ungroup('g4', 2, {approved: true}))).verdict).toBe('go');
  });

  test('a newer snapshot of the group ends its hold', async () => {
    await presentGroup('g1');
    const head = {kind: 'snapshot', saysMembers: true, firstAt: 0, attempts: 0, ageMs: 0} as const;
    await rig.holds.hold({...head, id: 'events/0/2', position: at(2)}, 'g1');
    expect((await claim({...ungroup('g1', 3), op: 'group', vector: vector('g1')})).verdict).toBe('unchanged');
    expect(await rig.holds.count()).toBe(0);
  });
});

describe('references', () => {
  test('a manager who is not there yet is waited for, and filled in when they come', async () => {
    expect((await claim(user('u1', 1, 'v1', {managerId: 'boss'}))).managerRemoteId).toBeUndefined();
    await settle({subject: 'u1', position: at(1), remoteId: 'remote-u1', vector: vector('v1')});
    expect((await present('boss', 2)).people).toEqual(['u1']);
    const fill = await claim({op: 'reference', subject: 'u1', position: at(0), vector: vector('')});
    expect(fill).toMatchObject({verdict: 'go', managerRemoteId: 'remote-boss', remoteId: 'remote-u1'});
    await settle({
      subject: 'u1',
      position: at(0),
      remoteId: 'remote-u1',
      vector: vector('v1'),
      moves: false,
      fillsManager: true,
    });
    expect((await claim({op: 'reference', subject: 'u1', position: at(0), vector: vector('')})).verdict).toBe(
      'unchanged',
    );
  });
});
