import {describe, expect, test} from '@jest/globals';
import type {Claim, Settle} from '../../../src/core/state.ts';
import {at, leave, stateRig, subjects, user, vector} from './rig.ts';

const {claim, present, presentGroup, rig, settle} = stateRig();

const about = (subject: string, op: Claim['op'], offset: number, more: Partial<Claim> = {}): Claim => ({
  op,
  subject,
  position: at(offset),
  vector: vector('g1'),
  ...more,
});
const delta = (group: string, offset: number, added: string[], removed: string[] = []): Claim =>
  about(group, 'delta', offset, {added, removed});
const sync = (group: string): Claim => about(group, 'sync', 0);
const told = (group: string, added: string[], removed: string[] = []) =>
  settle({
    kind: 'group',
    subject: group,
    position: at(0),
    keeps: true,
    moves: false,
    members: {added, removed},
  });
/** The sync of a group, and what it tells. */
const tell = async (group: string): Promise<{add: string[]; remove: string[]}> => {
  const reply = await claim(sync(group));
  if (reply.verdict !== 'go') return {add: [], remove: []};
  const [add, remove] = [subjects(reply.add), subjects(reply.remove)];
  await told(group, add, remove);
  return {add, remove};
};
const byScope = {byScope: true, keepsMemberships: true};
const outOfScope = (subject: string, offset: number, more: Partial<Claim> = {}): Claim =>
  leave(subject, offset, {...byScope, ...more});
const cutOff: Partial<Settle> = {active: false, closesCutOff: true, unwanted: true};
const suspended = {...cutOff, suspends: true};
const left = {...cutOff, endsMemberships: true};
const account = (subject: string, offset: number, more: Partial<Settle> = {}) =>
  settle({subject, position: at(offset), remoteId: `remote-${subject}`, vector: vector('v1'), ...more});
const back = async (subject: string, offset: number, more: Partial<Claim> = {}): Promise<string[]> => {
  expect((await claim(user(subject, offset, 'v2', more))).verdict).toBe('go');
  return (await account(subject, offset, {vector: vector('v2')})).groups;
};

describe('a person out of scope', () => {
  test('who never had an account is in the groups of before when they come into scope', async () => {
    await presentGroup('g1');
    await claim(delta('g1', 5, ['u1']));
    expect((await claim(outOfScope('u1', 6))).verdict).toBe('skipped');
    expect(await back('u1', 7)).toEqual(['g1']);
    expect(await tell('g1')).toEqual({add: ['u1'], remove: []});
  });

  test('is taken out of the groups at the target, and put back into those they are in by then', async () => {
    for (const id of ['g1', 'g2', 'g3']) await presentGroup(id);
    await present('u1');
    await claim(delta('g1', 5, ['u1']));
    await claim(delta('g2', 5, ['u1']));
    for (const id of ['g1', 'g2']) await tell(id);
    expect((await claim(outOfScope('u1', 6))).verdict).toBe('go');
    expect((await account('u1', 6, suspended)).groups.sort()).toEqual(['g1', 'g2']);
    for (const id of ['g1', 'g2']) expect(await tell(id)).toEqual({add: [], remove: ['u1']});
    await claim(delta('g2', 7, [], ['u1']));
    await claim(delta('g3', 7, ['u1']));
    expect((await back('u1', 8)).sort()).toEqual(['g1', 'g3']);
    for (const id of ['g1', 'g3']) expect(await tell(id)).toEqual({add: ['u1'], remove: []});
  });

  test('what their own list says meanwhile counts', async () => {
    for (const id of ['g1', 'g2']) await presentGroup(id);
    await present('u1', 5, {whole: ['g1']});
    await tell('g1');
    await claim(outOfScope('u1', 6, {whole: ['g2']}));
    await account('u1', 6, suspended);
    expect(await tell('g1')).toEqual({add: [], remove: ['u1']});
    expect(await back('u1', 7)).toEqual(['g2']);
  });

  test('who leaves then is in no group when they are hired again', async () => {
    await presentGroup('g1');
    await present('u1', 5, {whole: ['g1']});
    await tell('g1');
    await claim(outOfScope('u1', 6));
    await account('u1', 6, suspended);
    await tell('g1');
    await claim(leave('u1', 7));
    await account('u1', 7, left);
    expect(await back('u1', 8)).toEqual([]);
  });

  test('who left before a list that names them was said is in that group when they are back', async () => {
    await presentGroup('g1');
    await present('u1');
    await claim(about('g1', 'group', 7, {whole: ['u1']}));
    const made = {kind: 'group', remoteId: 'remote-g1', vector: vector('g1')} as const;
    await settle({...made, subject: 'g1', position: at(7), members: {added: ['u1'], removed: []}});
    await claim(leave('u1', 6));
    await account('u1', 6, left);
    expect(await tell('g1')).toEqual({add: [], remove: ['u1']});
    expect(await back('u1', 8)).toEqual(['g1']);
  });

  test('who is back in scope before the cut-off was verified stays in the groups', async () => {
    await presentGroup('g1');
    await present('u1', 5, {whole: ['g1']});
    await tell('g1');
    await claim(outOfScope('u1', 6));
    await settle({subject: 'u1', position: at(6), result: {done: false, maybeDone: true, decided: true}});
    expect((await claim(user('u1', 7, 'v1'))).cutOffBegunAt).toBeDefined();
    expect((await account('u1', 7, {closesCutOff: true, endsMemberships: true})).groups).toEqual([]);
    expect(await tell('g1')).toEqual({add: [], remove: []});
  });

  test('who had left, and whose cut-off out of scope verifies, is in no group of before that', async () => {
    await presentGroup('g1');
    await present('u1', 5, {whole: ['g1']});
    await tell('g1');
    await claim(leave('u1', 6));
    await settle({subject: 'u1', position: at(6), result: {done: false, maybeDone: true, decided: true}});
    await claim(outOfScope('u1', 7));
    await account('u1', 7, suspended);
    expect(await tell('g1')).toEqual({add: [], remove: ['u1']});
    expect(await back('u1', 8)).toEqual([]);
  });

  test('who was out of scope, and left before that was verified, is in no group of before', async () => {
    await presentGroup('g1');
    await present('u1', 5, {whole: ['g1']});
    await claim(outOfScope('u1', 6));
    await settle({subject: 'u1', position: at(6), result: {done: false, maybeDone: true, decided: true}});
    await claim(leave('u1', 7));
    await settle({subject: 'u1', position: at(7), result: {done: false, maybeDone: true, decided: true}});
    await claim(user('u1', 8, 'v1'));
    await account('u1', 8, {closesCutOff: true, endsMemberships: true});
    expect(await tell('g1')).toEqual({add: [], remove: ['u1']});
  });
});

describe('a group out of scope', () => {
  const gone = {kind: 'group', absent: true, active: false, unwanted: true} as const;
  const dropped = async (offset: number, more: Partial<Claim> = {}) => {
    expect((await claim(about('g1', 'ungroup', offset, more))).verdict).toBe('go');
    await settle({...gone, subject: 'g1', position: at(offset)});
  };
  const remade = async (offset: number): Promise<string[]> => {
    expect((await claim(about('g1', 'group', offset))).verdict).toBe('go');
    const made = {kind: 'group', remoteId: `again-${offset}`, vector: vector('g1')} as const;
    return (await settle({...made, subject: 'g1', position: at(offset)})).groups;
  };

  test('keeps its members, also those who wait beside it, and tells them when both are there', async () => {
    await presentGroup('g1');
    await present('u1');
    await claim(delta('g1', 5, ['u1', 'u2']));
    await tell('g1');
    await dropped(6, byScope);
    await present('u2', 7);
    expect(await tell('g1')).toEqual({add: [], remove: []});
    expect(await remade(8)).toEqual(['g1']);
    expect(await tell('g1')).toEqual({add: ['u1', 'u2'], remove: []});
  });

  test('left for one group only, the others go on', async () => {
    for (const id of ['g1', 'g2']) await presentGroup(id);
    await present('u1', 5, {whole: ['g1', 'g2']});
    for (const id of ['g1', 'g2']) await tell(id);
    await dropped(6, byScope);
    await present('u2', 7, {whole: ['g1', 'g2']});
    expect(await tell('g1')).toEqual({add: [], remove: []});
    expect(await tell('g2')).toEqual({add: ['u2'], remove: []});
    await claim(user('u1', 8, 'v1', {whole: ['g1']}));
    expect(await tell('g2')).toEqual({add: [], remove: ['u1']});
    await remade(9);
    expect(await tell('g1')).toEqual({add: ['u1', 'u2'], remove: []});
  });

  test('what its list says meanwhile counts', async () => {
    await presentGroup('g1');
    for (const id of ['u1', 'u2']) await present(id);
    await claim(delta('g1', 5, ['u1']));
    await tell('g1');
    await dropped(6, {...byScope, whole: ['u2']});
    await remade(7);
    expect(await tell('g1')).toEqual({add: ['u2'], remove: []});
  });

  test('deleted, it has no members when it is made again', async () => {
    await presentGroup('g1');
    for (const id of ['u1', 'u2']) await present(id);
    await claim(delta('g1', 5, ['u1', 'u3']));
    await tell('g1');
    await dropped(6);
    expect((await claim(delta('g1', 4, ['u2']))).verdict).toBe('unchanged');
    expect(await remade(7)).toEqual([]);
    expect((await present('u3', 8)).groups).toEqual([]);
    expect(await tell('g1')).toEqual({add: [], remove: []});
  });

  test('not deleted after all, it has the members of its next list', async () => {
    await presentGroup('g1');
    for (const id of ['u1', 'u2']) await present(id);
    await claim(delta('g1', 5, ['u1']));
    await tell('g1');
    expect((await claim(about('g1', 'ungroup', 6))).verdict).toBe('go');
    const failed = {done: false, maybeDone: false, decided: true} as const;
    await settle({kind: 'group', subject: 'g1', position: at(6), unwanted: true, result: failed});
    const again = await claim(about('g1', 'group', 7, {whole: ['u2']}));
    expect(again).toMatchObject({verdict: 'go', add: [{subject: 'u2'}], remove: [{subject: 'u1'}]});
  });

  test('held, its deletion changes nothing', async () => {
    await presentGroup('g1');
    for (const id of ['u1', 'u2']) await present(id);
    await claim(delta('g1', 5, ['u1']));
    await tell('g1');
    for (const id of ['g2', 'g3', 'g4']) {
      await presentGroup(id);
      await claim(about(id, 'ungroup', 6));
    }
    expect((await claim(about('g1', 'ungroup', 6))).verdict).toBe('held');
    const head = {kind: 'snapshot', saysMembers: true, firstAt: 0, attempts: 0, ageMs: 0} as const;
    await rig.holds.hold({...head, id: 'events/0/6', position: at(6)}, 'g1');
    await claim(delta('g1', 7, ['u2']));
    expect(await tell('g1')).toEqual({add: ['u2'], remove: []});
  });

  test('one that stays at the target is emptied, and filled again', async () => {
    await presentGroup('g1');
    await present('u1');
    await claim(delta('g1', 5, ['u1']));
    await tell('g1');
    const emptied = await claim(about('g1', 'group', 6, {...byScope, empties: true}));
    expect(emptied).toMatchObject({verdict: 'go', add: [], remove: [{subject: 'u1'}]});
    const members = {added: [], removed: ['u1']};
    const kept = {kind: 'group', remoteId: 'remote-g1', vector: vector('g1'), subject: 'g1'} as const;
    await settle({...kept, position: at(6), active: false, unwanted: true, members});
    expect((await claim(about('g1', 'group', 6, {...byScope, empties: true}))).verdict).toBe('unchanged');
    await present('u2', 7);
    await claim(delta('g1', 8, ['u2']));
    expect(await tell('g1')).toEqual({add: [], remove: []});
    const full = await claim(about('g1', 'group', 9));
    expect(full.verdict).toBe('go');
    expect(subjects(full.add)).toEqual(['u1', 'u2']);
  });
});
