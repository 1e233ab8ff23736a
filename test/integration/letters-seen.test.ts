import {expect, test} from '@jest/globals';
import {discardHeld} from '../../src/commands/stored/hold-acts.ts';
import {discardLetter, discardLetters} from '../../src/commands/stored/letter-acts.ts';
import type {Stored} from '../../src/commands/stored/open.ts';
import type {AuditRecord} from '../../src/core/audit.ts';
import {createDeadLetters} from '../../src/stages/dead-letters/index.ts';
import {createHolds} from '../../src/stages/holds/index.ts';
import {letterOf, rig} from './letter-retries-rig.ts';

function seenRig() {
  const {place, clock} = rig();
  return {place, clock, lanes: {wake: () => Promise.resolve()}};
}

test('another letter that stands under its name is neither discarded nor retried, nor of the time before', async () => {
  const {place, clock, lanes} = seenRig();
  const letters = createDeadLetters({...place, wake: lanes.wake});
  await letters.add(letterOf(1, {at: clock.now}));
  const [seen] = (await letters.list({})).letters;
  if (!seen) throw new Error('expected a letter');
  await letters.add(letterOf(1, {at: clock.now + 5, attempts: 9}));
  expect(await letters.remove([seen])).toEqual([]);
  expect(await letters.retry([seen])).toEqual([{id: seen.id, result: 'gone'}]);
  expect((await letters.list({until: clock.now})).letters).toEqual([]);
  const [newer] = (await letters.list({})).letters;
  expect(newer).toMatchObject({attempts: 9});
  expect(newer && (await letters.retry([newer]))).toMatchObject([{result: 'retried'}]);
});

test('a newer leave that is held in its place is neither approved nor discarded', async () => {
  const {place, lanes} = seenRig();
  const holds = createHolds(place);
  const leave = {kind: 'cutOff' as const, saysMembers: false, firstAt: 1, attempts: 0, ageMs: 0};
  await holds.hold({...leave, id: 'events/0/5', position: {source: 1, offset: 5, occurredAt: 5}}, 'u');
  const [seen] = await holds.list();
  if (!seen) throw new Error('expected a hold');
  await holds.hold({...leave, id: 'events/0/6', position: {source: 1, offset: 6, occurredAt: 6}}, 'u');
  expect(await holds.approve([seen], lanes)).toEqual([]);
  expect(await holds.discard([seen], () => Promise.reject(new Error('audited')))).toEqual([]);
  expect(await holds.list()).toMatchObject([{entry: {id: 'events/0/6'}}]);
  expect(await holds.approve(await holds.list(), lanes)).toMatchObject([{subject: 'u'}]);
});

test('what somebody else was faster with is not left in the audit as discarded', async () => {
  const {place, clock, lanes} = seenRig();
  const written: AuditRecord[] = [];
  let meanwhile: () => Promise<unknown> = () => Promise.resolve();
  const audit = {
    append: async (records: readonly AuditRecord[]) => {
      written.push(...records);
      await meanwhile();
    },
  };
  const letters = createDeadLetters({...place, wake: lanes.wake});
  const holds = createHolds(place);
  const stored = {target: 'wiki', letters, holds, audit} as unknown as Stored;
  for (const offset of [1, 2]) await letters.add(letterOf(offset, {at: clock.now}));
  const [one, two] = (await letters.list({})).letters;
  if (!one || !two) throw new Error('expected two letters');
  meanwhile = () => letters.retry([one]);
  expect(await discardLetter(stored, one)).toBe('gone');
  meanwhile = () => letters.retry([two]);
  expect(await discardLetters(stored, [two])).toMatchObject([{result: 'gone'}]);
  const leave = {kind: 'cutOff' as const, saysMembers: false, firstAt: 1, attempts: 0, ageMs: 0};
  await holds.hold({...leave, id: 'events/0/5', position: {source: 1, offset: 5, occurredAt: 5}}, 'u');
  const [held] = await holds.list();
  if (!held) throw new Error('expected a hold');
  meanwhile = () => holds.approve(['u'], lanes);
  expect(await discardHeld(stored, held)).toBe('gone');
  const notDone = {outcome: 'unchanged', reason: 'somebody else was faster: it was not discarded'};
  expect(written).toMatchObject(Array.from({length: 3}, () => [{outcome: 'skipped'}, notDone]).flat());
  expect(new Set(written.map(({id}) => id)).size).toBe(6);
});
