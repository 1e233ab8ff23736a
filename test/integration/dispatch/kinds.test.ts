import {expect, test} from '@jest/globals';
import type {Statement} from '../../../src/core/statement.ts';
import {eventually} from '../../support/eventually.ts';
import {dispatchRig, gone, person} from './rig.ts';

const meta = {eventId: '', occurredAt: 0, source: 'hr'};
const group: Statement = {
  ...{kind: 'group', subject: 'x', meta},
  group: {id: 'x', displayName: 'Team', members: ['ada']},
};
const delta: Statement = {kind: 'membership', subject: 'x', meta, added: ['ada'], removed: []};
const cause = 'id of another kind';

test('a group with the id of a person is a dead letter, what is said of its members too, and the person is let be', async () => {
  const rig = await dispatchRig();
  for (const id of ['ada', 'x']) await rig.ended(rig.say(person(id)), 'applied');
  const before = rig.here.calls.length;
  const said = [rig.say(group), rig.say(delta)];
  for (const at of said)
    expect((await rig.ended(at, 'dead')).failure).toMatchObject({kind: 'conflict', cause});
  expect(rig.here.calls).toHaveLength(before);
  // Newer news of the person does not close them: they are about another.
  await rig.ended(rig.say(person('x', {title: 'clerk'})), 'applied');
  const {letters} = rig.stages;
  const kept = async (): Promise<string[]> =>
    (await letters.list({})).letters.map(({id, kind}) => `${id} ${kind}`).sort();
  const both = [`events/0/${said[0]} snapshot`, `events/0/${said[1]} delta`];
  expect(await kept()).toEqual(both);
  // It still is: retried, they are letters again.
  const retried = await letters.retry(said.map((at) => `events/0/${at}`));
  expect(retried.map(({result}) => result)).toEqual(['retried', 'retried']);
  await eventually(async () => (await kept()).length === 2 && (await rig.stages.lanes.parked()) === 0);
  expect(await kept()).toEqual(both);
  expect([...rig.here.users.values()].map(({userName, title}) => ({userName, title}))).toContainEqual({
    ...{userName: 'x', title: 'clerk'},
  });
});

test('a leaver with the id of a group is a dead letter, and the group stays', async () => {
  const rig = await dispatchRig();
  await rig.ended(rig.say(group), 'applied');
  expect((await rig.ended(rig.say(gone('x')), 'dead')).failure).toMatchObject({cause});
  expect(rig.here.groups.size).toBe(1);
});
