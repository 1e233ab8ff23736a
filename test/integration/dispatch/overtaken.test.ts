import {expect, test} from '@jest/globals';
import type {Statement} from '../../../src/core/statement.ts';
import {eventually} from '../../support/eventually.ts';
import {dispatchRig, gone, person, type DispatchRig} from './rig.ts';

const meta = {eventId: '', occurredAt: 0, source: 'hr'};
const team = (members?: string[]): Statement => ({
  kind: 'group',
  subject: 'team',
  meta,
  group: {id: 'team', displayName: 'Team', ...(members && {members})},
});
const deleted: Statement = {kind: 'deletion', of: 'unknown', subject: 'team', meta};
const ended: Statement = {kind: 'deletion', of: 'group', subject: 'team', meta};

const annIsOut = (rig: DispatchRig): Promise<boolean> =>
  eventually(() => rig.audit.some(({members}) => members?.removed.includes('ann')), {
    what: 'ann is out of the team',
    deadlineMs: 5000,
  });

/*
 * 0 ann is there        1 the team, with ann in it
 * then at once: a list without ann in the team, an end that nobody has begun, and a snapshot that overtakes the end and says
 * nothing of memberships. The list is newer than that ann is in, and nothing but the end is overtaken.
 */
test.each<[string, Statement[]]>([
  ['a leave', [person('ann', {groups: []}), gone('ann'), person('ann', {title: 'Dr'})]],
  ['a deletion', [team([]), deleted, team()]],
])('a list of memberships is not lost with %s that is overtaken', async (_, statements) => {
  const rig = await dispatchRig();
  await rig.ended(rig.say(person('ann')), 'applied');
  await rig.ended(rig.say(team(['ann'])), 'applied');
  rig.say(...statements);
  await annIsOut(rig);
  expect(rig.audit.filter(({did}) => did === 'cut off' || did === 'deleted')).toEqual([]);
});

test.each<[string, Statement[], Statement]>([
  ['a leave', [person('ann', {groups: []}), gone('ann')], person('ann', {title: 'Dr'})],
  ['a deletion', [team([]), ended], team()],
])('nor with %s that is held, and overtaken then', async (_, statements, next) => {
  const rig = await dispatchRig({}, undefined, 0);
  await rig.ended(rig.say(person('ann')), 'applied');
  await rig.ended(rig.say(team(['ann'])), 'applied');
  await rig.ended(rig.say(...statements) + 1, 'held');
  rig.say(next);
  await annIsOut(rig);
  await eventually(async () => (await rig.stages.holds.count()) === 0, {what: 'nothing is held'});
  expect(rig.audit.filter(({did}) => did === 'cut off' || did === 'deleted')).toEqual([]);
});

test('a leave that is not overtaken goes before a list that waits, and nothing is told by the list', async () => {
  const rig = await dispatchRig();
  await rig.ended(rig.say(team([])), 'applied');
  await rig.ended(rig.say(person('ann')), 'applied');
  const before = rig.here.calls.length;
  const at = rig.say(person('ann', {groups: ['team']}), gone('ann'));
  await rig.ended(at, 'superseded');
  await rig.ended(at + 1, 'applied');
  expect(rig.here.calls.slice(before).map(({what}) => what)).toEqual(['deactivate user']);
  expect(rig.stages.window.size).toBe(0);
});
