import {describe, expect, test} from '@jest/globals';
import type {LaneEntry} from '../../../src/core/parked.ts';
import type {AdoptReply, Adoption} from '../../../src/core/state.ts';
import {at, leave, stateRig, user, vector} from './rig.ts';

const {claim, leaver, present, rig, settle} = stateRig();

const day = 24 * 60 * 60_000;
const nowhere = {source: 0, offset: -1, occurredAt: 0};
const deletion = {op: 'delete' as const, subject: 'u1', position: nowhere, vector: Buffer.alloc(0)};

/** A rehire under a new id has found the account of u1. */
async function rehired(more: Partial<Adoption> = {}): Promise<AdoptReply> {
  await claim(user('u2', 9, 'v2'), 'of the rehire');
  const position = at(9);
  return rig.state.adopt({
    ...{subject: 'u2', token: 'of the rehire', kind: 'user', remoteId: 'remote-u1', position},
    ...{isLeave: false, approved: false, ...more},
  });
}

const heldLeave: LaneEntry = {
  id: 'events/0/3',
  kind: 'cutOff',
  saysMembers: true,
  position: at(3),
  firstAt: 0,
  attempts: 0,
  ageMs: 0,
};

describe('an account that was a leaver’s', () => {
  test('is nobody else’s while its deletion is under way', async () => {
    await leaver('u1', {deleteAt: rig.now + day});
    rig.now += day;
    expect((await claim(deletion, 'deletes')).verdict).toBe('go');
    expect(await rehired()).toEqual({answer: 'busy'});
    // Its process has died since: the request may have left all the same.
    rig.now += 31_000;
    expect(await rehired()).toEqual({answer: 'busy'});
    const {held} = await settle({
      ...{subject: 'u1', token: 'deletes', position: nowhere},
      result: {done: false, maybeDone: false, decided: false},
    });
    expect(held).toBe(true);
    expect(await rehired()).toEqual({answer: 'ok'});
    rig.now += day;
    expect((await claim(deletion)).verdict).toBe('unchanged');
  });

  test('is nobody else’s while its leaver is told news', async () => {
    await leaver('u1');
    expect(await claim(leave('u1', 3, {vector: vector('news')}), 'tells')).toMatchObject({same: true});
    expect(await rehired()).toEqual({answer: 'busy'});
  });

  test('stays theirs, and is still to be deleted, where the guard holds the one who would end it', async () => {
    await leaver('u1', {deleteAt: rig.now + day});
    for (const id of ['u3', 'u4']) {
      await present(id);
      await claim(leave(id, 2));
    }
    expect(await rehired({isLeave: true})).toEqual({answer: 'held'});
    expect(await claim(leave('u1', 3, {vector: vector('news')}))).toMatchObject({remoteId: 'remote-u1'});
    const given = {result: {done: false, maybeDone: false, decided: true}, unwanted: true} as const;
    await settle({subject: 'u1', position: at(3), ...given});
    rig.now += day;
    expect((await claim(deletion)).verdict).toBe('go');
  });

  test('stays theirs where their held leave was discarded: its access goes on', async () => {
    await present('u1');
    expect(await rig.holds.hold(heldLeave, 'u1')).toBe('held');
    expect(await rig.holds.discard(['u1'], () => Promise.resolve())).toHaveLength(1);
    expect(await rehired()).toEqual({answer: 'conflict', holder: 'u1'});
  });
});

/** u2 has made an account, and its answer is not settled yet, when u1, who is in doubt, finds it. */
describe('an account that was made and is not settled', () => {
  const made = {subject: 'u2', token: 'makes', remoteId: 'r', position: at(9), result: {done: true}} as const;
  const finds = async (isLeave: boolean): Promise<AdoptReply> => {
    expect((await claim(user('u2', 9, 'v2'), 'makes')).verdict).toBe('go');
    await claim(isLeave ? leave('u1', 3) : user('u1', 3, 'v1'), 'finds');
    const takes = {subject: 'u1', token: 'finds', kind: 'user', remoteId: 'r', position: at(3)} as const;
    return rig.state.adopt({...takes, isLeave, approved: false});
  };
  const doubtful = async (): Promise<void> => {
    await claim(user('u1', 1, 'v1'), 'unanswered');
    const failed = {result: {done: false, maybeDone: true, decided: false}} as const;
    await settle({subject: 'u1', token: 'unanswered', position: at(1), ...failed});
  };

  test('is one subject’s: who has made it looks again, and finds whose it is', async () => {
    await doubtful();
    expect(await finds(false)).toEqual({answer: 'ok'});
    expect(await settle({...made, active: true})).toMatchObject({held: false});
    expect(await claim(user('u2', 9, 'v2'), 'looks')).toMatchObject({verdict: 'go', doubt: true});
    const takes = {subject: 'u2', token: 'looks', kind: 'user', remoteId: 'r', position: at(9)} as const;
    const asked = {...takes, isLeave: false, approved: false};
    expect(await rig.state.adopt(asked)).toEqual({answer: 'conflict', holder: 'u1'});
  });

  test('is made again when the other has deleted it meanwhile', async () => {
    await doubtful();
    expect(await finds(true)).toMatchObject({answer: 'ok'});
    const gone = {result: {done: true}, unwanted: true, absent: true, closesCutOff: true} as const;
    expect(await settle({subject: 'u1', token: 'finds', position: at(3), ...gone})).toMatchObject({
      held: true,
    });
    expect(await settle({...made, active: true})).toMatchObject({held: false});
    expect(await claim(user('u2', 9, 'v2'), 'looks')).toMatchObject({verdict: 'go', doubt: true});
    const again = {...made, token: 'looks', remoteId: 'r2', active: true, vector: vector('v2')};
    expect(await settle(again)).toMatchObject({held: true});
    expect(await claim(user('u2', 10, 'v2'))).toMatchObject({verdict: 'unchanged'});
    expect(await claim(user('u2', 11, 'v3'))).toMatchObject({verdict: 'go', remoteId: 'r2'});
  });
});
