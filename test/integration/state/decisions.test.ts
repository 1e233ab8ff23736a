import {describe, expect, test} from '@jest/globals';
import type {LaneEntry} from '../../../src/core/parked.ts';
import {at, leave, stateRig, user, vector} from './rig.ts';

const {claim, present, rig, settle} = stateRig();

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
    rig.now += 31_000;
    // The target may have been told of 2: what is read again before 2 comes again takes nothing back.
    expect((await claim(user('u1', 1, 'v1'), 'b')).verdict).toBe('superseded');
    const second = await claim(user('u1', 2, 'v2'), 'b');
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

  test('a doubt outlives an attempt that ended before it wrote anything', async () => {
    await claim(leave('u1', 1));
    await settle({subject: 'u1', position: at(1), active: false, absent: true, unwanted: true});
    await claim(user('u1', 2, 'v1'), 'dies');
    rig.now += 31_000;
    expect(await claim(user('u1', 2, 'v1'), 'b')).toMatchObject({verdict: 'go', doubt: true});
    const nothingSent = {done: false, maybeDone: false, decided: false} as const;
    await settle({token: 'b', subject: 'u1', position: at(2), result: nothingSent});
    expect(await claim(leave('u1', 3))).toMatchObject({verdict: 'go', doubt: true});
  });

  const written = {externalId: 'hr-7', userName: 'ada'};
  const failed = (offset: number, maybeDone: boolean) =>
    settle({subject: 'u1', position: at(offset), result: {done: false, maybeDone, decided: true}});

  test('a leave without attributes is looked for by what a doubtful create has written', async () => {
    await claim(user('u1', 1, 'v1', written));
    await failed(1, true);
    expect(await claim(leave('u1', 2))).toMatchObject({verdict: 'go', doubt: true, ...written});
  });

  test('a doubtful create is looked for by what it wrote, not by what is wanted since', async () => {
    await claim(user('u1', 1, 'v1', written));
    await failed(1, true);
    const renamed = await claim(user('u1', 2, 'v2', {userName: 'ada.b'}));
    expect(renamed).toMatchObject({verdict: 'go', doubt: true, ...written});
  });

  test('what a create wrote is forgotten once it is known that it was not carried out', async () => {
    await claim(user('u1', 1, 'v1', written));
    await failed(1, false);
    const known = await claim(leave('u1', 2));
    expect(known).toMatchObject({verdict: 'go', doubt: false, externalId: undefined, userName: undefined});
  });
});

describe('leaving', () => {
  test('a leave begins an obligation that outlives newer snapshots until it is closed', async () => {
    await present('u1', 1);
    expect((await claim(leave('u1', 2))).cutOffBegunAt).toBe(rig.now);
    await settle({subject: 'u1', position: at(2), result: {done: false, maybeDone: true, decided: true}});
    const rehire = await claim(user('u1', 3, 'v1'));
    expect(rehire).toMatchObject({verdict: 'go', cutOffBegunAt: rig.now});
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

  test.each([
    ['held like anybody else', ['u2', 'u3', 'u4'], 'u1'],
    ['counted anew', ['u1', 'u2', 'u3'], 'u4'],
  ])('who left before that minute is %s', async (_, approved, next) => {
    for (const id of ['u1', 'u2', 'u3', 'u4']) await present(id);
    await claim(leave('u1', 2, {approved: true}));
    const back = {subject: 'u1', remoteId: 'remote-u1', closesCutOff: true};
    await settle({...back, position: at(2), active: false, unwanted: true});
    await claim(user('u1', 3, 'v3'));
    await settle({...back, position: at(3), vector: vector('v3')});
    rig.now += 60_001;
    for (const id of approved) expect((await claim(leave(id, 4, {approved: true}))).verdict).toBe('go');
    expect((await claim(leave(next, 4))).verdict).toBe('held');
  });
});

/** A leave as it is kept for a person. */
const heldLeave = (offset: number): LaneEntry => ({
  id: `events/0/${offset}`,
  kind: 'cutOff',
  saysMembers: true,
  position: at(offset),
  firstAt: 0,
  attempts: 0,
  ageMs: 0,
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
    expect(await rig.state.adopt(adoption('u2'))).toEqual({answer: 'conflict', holder: 'u1'});
    await claim(leave('u1', 10));
    await settle({
      subject: 'u1',
      position: at(10),
      remoteId: 'remote-u1',
      active: false,
      closesCutOff: true,
      unwanted: true,
    });
    expect(await rig.state.adopt(adoption('u2'))).toEqual({answer: 'ok'});
    expect(await claim(user('u1', 11, 'v1'))).toMatchObject({verdict: 'go', remoteId: undefined});
  });

  test('a leaver whose leave is held gives nothing up', async () => {
    for (const id of ['u1', 'u3', 'u4', 'u5']) await present(id);
    for (const id of ['u3', 'u4', 'u5']) await claim(leave(id, 2));
    expect((await claim(leave('u1', 10))).verdict).toBe('held');
    expect(await rig.holds.hold(heldLeave(10), 'u1')).toBe('held');
    await claim(user('u2', 9, 'v1'));
    expect(await rig.state.adopt(adoption('u2'))).toEqual({answer: 'conflict', holder: 'u1'});
  });
});
