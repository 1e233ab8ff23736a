import {afterAll, beforeEach, describe, expect, test} from '@jest/globals';
import {Redis} from 'ioredis';
import {randomUUID} from 'node:crypto';
import type {Position} from '../../src/core/change.ts';
import type {Claim, Settle, State} from '../../src/core/state.ts';
import {createState} from '../../src/stages/state/index.ts';

const redis = new Redis(process.env['AVRO_SCIM_TEST_REDIS'] ?? 'redis://127.0.0.1:6379/0');
afterAll(() => redis.quit());

let now = 0;
let state: State;
beforeEach(() => {
  now = 1_795_000_000_000;
  state = createState({
    redis,
    prefix: `test-${randomUUID()}`,
    target: 't',
    leaseMs: 30_000,
    guard: {maxLeavers: 3, perMs: 60_000},
    now: () => now,
  });
});

const at = (offset: number, source = 1): Position => ({source, offset, occurredAt: 1_000_000 + offset});
const vector = (text: string): Buffer => Buffer.from(text);
const user = (subject: string, offset: number, text: string, more: Partial<Claim> = {}): Claim => ({
  op: 'user',
  subject,
  position: at(offset),
  vector: vector(text),
  ...more,
});
const leave = (subject: string, offset: number, more: Partial<Claim> = {}): Claim => ({
  op: 'leave',
  subject,
  position: at(offset),
  vector: vector('left'),
  ...more,
});

async function claim(one: Claim, token = 'a') {
  const {replies} = await state.claim(token, [one]);
  const [reply] = replies;
  if (!reply) throw new Error('no reply');
  return reply;
}
async function settle(one: Partial<Settle> & {subject: string; position: Position}) {
  const [reply] = await state.settle([
    {token: 'a', kind: 'user', result: {done: true}, active: true, moves: true, ...one},
  ]);
  if (!reply) throw new Error('no reply');
  return reply;
}
/** A user who is at the target: claimed, created, settled. */
async function present(subject: string, offset = 1, more: Partial<Claim> = {}) {
  expect((await claim(user(subject, offset, 'v1', more))).verdict).toBe('go');
  return settle({subject, position: at(offset), remoteId: `remote-${subject}`, vector: vector('v1')});
}
async function presentGroup(subject: string, offset = 1) {
  const made = await claim({op: 'group', subject, position: at(offset), vector: vector('g1')});
  expect(made.verdict).toBe('go');
  return settle({
    kind: 'group',
    subject,
    position: at(offset),
    remoteId: `remote-${subject}`,
    vector: vector('g1'),
  });
}
const subjects = (list: {subject: string}[]): string[] => list.map((member) => member.subject).sort();

describe('fence and hash', () => {
  test('the same again is unchanged, a newer difference goes with what was applied before, an older one is superseded', async () => {
    await present('u1', 5);
    expect((await claim(user('u1', 5, 'v1'))).verdict).toBe('unchanged');
    expect((await claim(user('u1', 4, 'v0'))).verdict).toBe('superseded');
    const newer = await claim(user('u1', 6, 'v2'));
    expect(newer).toMatchObject({verdict: 'go', remoteId: 'remote-u1', active: true, doubt: false});
    expect(String(newer.vector)).toBe('v1');
  });

  test('unchanged moves the position: what lies between is superseded afterwards', async () => {
    await present('u1', 5);
    expect((await claim(user('u1', 9, 'v1'))).verdict).toBe('unchanged');
    expect((await claim(user('u1', 7, 'v2'))).verdict).toBe('superseded');
  });

  test('across sources the event time decides, and on a tie the cut-off', async () => {
    await present('u1', 5);
    const elsewhere = {source: 2, offset: 0, occurredAt: at(4).occurredAt};
    expect((await claim({...user('u1', 0, 'v9'), position: elsewhere})).verdict).toBe('superseded');
    const tie = {source: 2, offset: 0, occurredAt: at(5).occurredAt};
    expect((await claim({...leave('u1', 0), position: tie})).verdict).toBe('go');
  });
});

describe('lease and doubt', () => {
  test('a leased subject waits; a lease that ran out leaves a doubt, and the late settle is refused', async () => {
    await present('u1', 1);
    expect((await claim(user('u1', 2, 'v2'), 'a')).verdict).toBe('go');
    expect((await claim(user('u1', 2, 'v2'), 'b')).verdict).toBe('leased');
    now += 31_000;
    const second = await claim(user('u1', 1, 'v1', {force: false}), 'b');
    expect(second).toMatchObject({verdict: 'go', doubt: true, vector: undefined, remoteId: 'remote-u1'});
    expect((await settle({subject: 'u1', position: at(2), vector: vector('v2')})).held).toBe(false);
    expect(
      (
        await settle({
          token: 'b',
          subject: 'u1',
          position: at(2),
          remoteId: 'remote-u1',
          vector: vector('v2'),
        })
      ).held,
    ).toBe(true);
    expect((await claim(user('u1', 2, 'v2'))).verdict).toBe('unchanged');
  });

  test('an answer lost after a write, then a snapshot equal to the state before it, is sent', async () => {
    await present('u1', 1);
    await claim(user('u1', 2, 'v2'));
    await settle({subject: 'u1', position: at(2), result: {done: false, maybeDone: true, decided: true}});
    expect(await claim(user('u1', 3, 'v1'))).toMatchObject({verdict: 'go', doubt: true});
  });

  test('a create whose answer was lost is in doubt although nothing is known of an account', async () => {
    await claim(user('u1', 2, 'v2'));
    await settle({subject: 'u1', position: at(2), result: {done: false, maybeDone: true, decided: true}});
    expect(await claim(user('u1', 2, 'v2'))).toMatchObject({verdict: 'go', doubt: true, remoteId: undefined});
  });
});

describe('leaving', () => {
  test('a leave begins an obligation that outlives newer snapshots until it is closed', async () => {
    await present('u1', 1);
    expect((await claim(leave('u1', 2))).cutOffBegunAt).toBe(now);
    await settle({subject: 'u1', position: at(2), result: {done: false, maybeDone: true, decided: true}});
    const rehire = await claim(user('u1', 3, 'v1'));
    expect(rehire).toMatchObject({verdict: 'go', cutOffBegunAt: now});
    await settle({
      subject: 'u1',
      position: at(3),
      remoteId: 'remote-u1',
      vector: vector('v1'),
      closesCutOff: true,
    });
    expect((await claim(user('u1', 3, 'v1'))).verdict).toBe('unchanged');
  });

  test('once verified, the same leave is unchanged and what is older than it is superseded', async () => {
    await present('u1', 1);
    await claim(leave('u1', 5));
    await settle({
      subject: 'u1',
      position: at(5),
      remoteId: 'remote-u1',
      vector: vector('left'),
      active: false,
      closesCutOff: true,
      endsMemberships: true,
      unwanted: true,
    });
    expect((await claim(leave('u1', 5))).verdict).toBe('unchanged');
    expect((await claim(user('u1', 4, 'v4'))).verdict).toBe('superseded');
  });

  test('who is not known is looked up, unless only the scope leaves them out', async () => {
    expect(await claim(leave('u1', 1))).toMatchObject({
      verdict: 'go',
      remoteId: undefined,
      cutOffBegunAt: undefined,
    });
    expect((await claim(leave('u2', 1, {byScope: true}))).verdict).toBe('skipped');
    await settle({subject: 'u1', position: at(1), active: false, absent: true, unwanted: true});
    expect((await claim(leave('u1', 2))).verdict).toBe('unchanged');
  });

  test('the guard holds the fourth leaver in a minute, and lets one pass that a person approved', async () => {
    for (const id of ['u1', 'u2', 'u3', 'u4']) await present(id);
    for (const id of ['u1', 'u2', 'u3']) expect((await claim(leave(id, 2))).verdict).toBe('go');
    expect((await claim(leave('u4', 2))).verdict).toBe('held');
    expect((await claim(leave('u4', 2, {approved: true}))).verdict).toBe('go');
  });
});

describe('ownership', () => {
  const adoption = (subject: string) => ({
    subject,
    token: 'a',
    kind: 'user' as const,
    remoteId: 'remote-u1',
    position: at(9),
    isLeave: false,
    approved: false,
  });

  test('an account that a living subject holds is a conflict; a leaver gives it up', async () => {
    await present('u1', 1);
    await claim(user('u2', 9, 'v1'));
    expect(await state.adopt(adoption('u2'))).toEqual({answer: 'conflict', holder: 'u1'});
    await claim(leave('u1', 10));
    await settle({
      subject: 'u1',
      position: at(10),
      remoteId: 'remote-u1',
      active: false,
      closesCutOff: true,
      unwanted: true,
    });
    expect(await state.adopt(adoption('u2'))).toEqual({answer: 'ok'});
    expect(await claim(user('u1', 11, 'v1'))).toMatchObject({verdict: 'go', remoteId: undefined});
  });
});

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
      moves: false,
      members,
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
      members: ['u1', 'u3'],
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
