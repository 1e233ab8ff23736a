import {describe, expect, test} from '@jest/globals';
import type {Claim} from '../../../src/core/state.ts';
import {at, leave, stateRig, user, vector} from './rig.ts';

const {claim, leaver, rig, settle} = stateRig();

const day = 24 * 60 * 60_000;
const hour = 60 * 60_000;
const nowhere = {source: 0, offset: -1, occurredAt: 0};
const deletion = (subject: string): Claim => ({
  op: 'delete',
  subject,
  position: nowhere,
  vector: Buffer.alloc(0),
});

/** Left and was cut off; the account is to be deleted a day later. */
const left = (subject: string) => leaver(subject, {deleteAt: rig.now + day});

const gone = {active: false, absent: true, closesCutOff: true, unwanted: true, moves: false};

describe('an account of a leaver that is kept for a day', () => {
  test('is deleted when that is over, and not before', async () => {
    await left('u1');
    rig.now += day - 1;
    expect((await claim(deletion('u1'))).verdict).toBe('unchanged');
    rig.now += 1;
    expect(await claim(deletion('u1'))).toMatchObject({verdict: 'go', remoteId: 'remote-u1'});
    await settle({subject: 'u1', position: nowhere, ...gone});
    expect((await claim(deletion('u1'))).verdict).toBe('unchanged');
    expect(await claim(user('u1', 3, 'v3'))).toMatchObject({verdict: 'go', remoteId: undefined});
  });

  test('stays when the person comes back', async () => {
    await left('u1');
    expect((await claim(user('u1', 3, 'v3'))).verdict).toBe('go');
    rig.now += 2 * day;
    // Still with the target: nobody may delete it now.
    expect((await claim(deletion('u1'), 'b')).verdict).toBe('unchanged');
    await settle({subject: 'u1', position: at(3), remoteId: 'remote-u1', vector: vector('v3')});
    expect((await claim(deletion('u1'))).verdict).toBe('unchanged');
    expect((await claim(user('u1', 3, 'v3'))).verdict).toBe('unchanged');
  });

  test('is tried again in an hour when the target does not delete it', async () => {
    await left('u1');
    rig.now += day;
    expect((await claim(deletion('u1'))).verdict).toBe('go');
    await settle({subject: 'u1', position: nowhere, result: {done: false, maybeDone: false, decided: false}});
    expect((await claim(deletion('u1'))).verdict).toBe('unchanged');
    rig.now += hour;
    expect((await claim(deletion('u1'))).verdict).toBe('go');
  });

  test('is deleted after all when the return was refused, and they leave again', async () => {
    await left('u1');
    expect((await claim(user('u1', 3, 'v3'))).verdict).toBe('go');
    await settle({subject: 'u1', position: at(3), result: {done: false, maybeDone: false, decided: true}});
    rig.now += day;
    // Wanted, and inactive still: not now.
    expect((await claim(deletion('u1'))).verdict).toBe('unchanged');
    expect((await claim(leave('u1', 4))).verdict).toBe('unchanged');
    rig.now += hour;
    expect((await claim(deletion('u1'))).verdict).toBe('go');
  });

  test('is another subject’s from when that one takes it over', async () => {
    await left('u1');
    await claim(user('u2', 4, 'v4'));
    const takes = {subject: 'u2', token: 'a', kind: 'user' as const, remoteId: 'remote-u1', position: at(4)};
    expect(await rig.state.adopt({...takes, isLeave: false, approved: false})).toEqual({answer: 'ok'});
    rig.now += day;
    expect((await claim(deletion('u1'))).verdict).toBe('unchanged');
  });
});
