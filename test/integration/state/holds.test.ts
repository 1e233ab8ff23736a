import {describe, expect, test} from '@jest/globals';
import type {LaneEntry} from '../../../src/core/parked.ts';
import type {Claim} from '../../../src/core/state.ts';
import {at, leave, stateRig, user, vector} from './rig.ts';

const {claim, present, presentGroup, rig, settle} = stateRig();

const held = (offset: number, kind: LaneEntry['kind'] = 'cutOff'): LaneEntry => ({
  ...{id: `events/0/${offset}`, kind, saysMembers: true, position: at(offset)},
  ...{firstAt: 0, attempts: 0, ageMs: 0},
});

/** Three leavers use up the guard's minute, and a fourth is held. */
async function hold(): Promise<void> {
  for (const id of ['u1', 'u2', 'u3', 'u4']) await present(id);
  for (const id of ['u1', 'u2', 'u3']) expect((await claim(leave(id, 2))).verdict).toBe('go');
  expect((await claim(leave('u4', 2))).verdict).toBe('held');
  expect(await rig.holds.hold(held(2), 'u4')).toBe('held');
  rig.now += 60_001;
}

const nobody = (): Promise<void> => Promise.resolve();

describe('what is held waits for a person', () => {
  test.each<[string, Claim]>([
    ['its record comes again', leave('u4', 2)],
    ['the next extract says the same', leave('u4', 3)],
    ['a tombstone says the same', {...leave('u4', 3), op: 'gone', vector: vector('')}],
  ])('also when the guard has room again, and %s', async (_, again) => {
    await hold();
    expect((await claim(again)).verdict).toBe('held');
    const [before] = await rig.holds.list();
    expect(await rig.holds.hold(held(again.position.offset), 'u4')).toBe('held');
    const now = [{subject: 'u4', heldAt: before?.heldAt, entry: {position: again.position}}];
    expect(await rig.holds.list()).toMatchObject(now);
    expect((await claim({...again, fromLane: true, approved: true})).verdict).toBe('go');
  });

  test('one who was not known here is not looked for again', async () => {
    await hold();
    expect((await claim(leave('u9', 2))).verdict).toBe('go');
    await settle({subject: 'u9', position: at(2), result: {done: false, maybeDone: false, decided: false}});
    expect(await rig.holds.hold(held(2), 'u9')).toBe('held');
    expect((await claim(leave('u9', 2))).verdict).toBe('held');
  });

  test('who is said to be here is not held any more', async () => {
    await hold();
    expect((await claim(user('u4', 3, 'v1'))).verdict).toBe('unchanged');
    expect(await rig.holds.count()).toBe(0);
    expect((await claim(leave('u4', 4))).verdict).toBe('go');
  });
});

describe('what a person has discarded', () => {
  test('is not done when its record comes again', async () => {
    await hold();
    expect(await rig.holds.discard(['u4'], nobody)).toEqual(['u4']);
    expect((await claim(leave('u4', 2))).verdict).toBe('superseded');
    expect(await rig.holds.hold(held(2), 'u4')).toBe('overtaken');
  });

  test('is done when a newer event says it, or a person asks for it again', async () => {
    await hold();
    await rig.holds.discard(['u4'], nobody);
    expect((await claim(leave('u4', 2, {force: true}))).verdict).toBe('go');
    await present('u5');
    expect((await claim(leave('u5', 2))).verdict).toBe('go');
  });

  test('leaves its subject open for what is newer', async () => {
    await hold();
    await rig.holds.discard(['u4'], nobody);
    expect((await claim(leave('u4', 3))).verdict).toBe('go');
  });
});

describe('a group of the target’s own that is wanted no more', () => {
  const emptied = (subject: string, offset: number, more: Partial<Claim> = {}): Claim => ({
    ...{op: 'group', subject, position: at(offset), vector: vector('none')},
    ...{whole: [], empties: true, ...more},
  });

  test('is held beyond what the guard lets pass, with all its members', async () => {
    await present('u1');
    for (const id of ['g1', 'g2', 'g3', 'g4']) await presentGroup(id);
    await claim({op: 'delta', subject: 'g4', position: at(2), vector: vector(''), added: ['u1']});
    await claim({op: 'sync', subject: 'g4', position: at(-1), vector: vector('')});
    const told = {added: ['u1'], removed: []};
    await settle({subject: 'g4', kind: 'group', position: at(-1), keeps: true, moves: false, members: told});
    for (const id of ['g1', 'g2', 'g3']) expect((await claim(emptied(id, 3))).verdict).toBe('go');
    expect((await claim(emptied('g4', 3))).verdict).toBe('held');
    expect(await rig.holds.hold(held(3, 'snapshot'), 'g4')).toBe('held');
    const sync = await claim({op: 'sync', subject: 'g4', position: at(-1), vector: vector('')});
    expect(sync.verdict).toBe('unchanged');
    const approved = await claim(emptied('g4', 3, {fromLane: true, approved: true}));
    expect(approved).toMatchObject({verdict: 'go', remove: [{subject: 'u1'}]});
  });
});
