import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {changeMembers} from '../../src/core/engine/members.ts';
import {awsError, listOf, openRig, options, scripted, value, type Rig} from './testing/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

const stranger = '00000000-0000-4000-8000-000000000000';

test('a group of 250 members is three requests, of 100 changes at most', async () => {
  const group = await rig.newGroup('large');
  const members: {subject: string; remoteId: string}[] = [];
  for (let i = 0; i < 250; i++) members.push({subject: `s${i}`, remoteId: (await rig.newUser()).id});
  const asked = await rig.asking(() =>
    changeMembers(rig.port.groups, group, {add: members, remove: []}, options),
  );
  expect(asked).toEqual(Array.from({length: 3}, () => 'PATCH /Groups/*'));
  expect(rig.double.store.groups.get(group)?.members.size).toBe(250);
});

test('one whom AWS does not know keeps nobody else out', async () => {
  const group = await rig.newGroup('mixed');
  const known = [await rig.newUser(), await rig.newUser(), await rig.newUser()].map(({id}) => id);
  const add = [...known, stranger].map((remoteId) => ({subject: remoteId, remoteId}));
  const result = await changeMembers(rig.port.groups, group, {add, remove: []}, options);
  expect(result.done.toSorted()).toEqual(known.toSorted());
  expect(result.refused).toMatchObject([
    {subject: stranger, failure: {kind: 'rejected', cause: '404 member'}},
  ]);
});

test.each([true, false])('who is in already, where AWS refuses that: %s', async (refusesNoChange) => {
  const group = await rig.newGroup(`again ${refusesNoChange}`);
  const [ada, bob] = [await rig.newUser(), await rig.newUser()];
  const change = (add: string[], remove: string[]) =>
    rig.port.groups.changeMembers(group, {add, remove}, options);
  rig.double.store.refusesNoChange = refusesNoChange;
  value(await change([ada.id], []));
  expect(value(await change([ada.id, bob.id], []))).toBe('changed');
  expect(value(await change([bob.id], [ada.id]))).toBe('changed');
  expect(value(await change([bob.id], [ada.id]))).toBe('changed');
  rig.double.store.refusesNoChange = false;
  expect([...(rig.double.store.groups.get(group)?.members ?? [])]).toEqual([bob.id]);
});

test('nobody to move is no request', async () => {
  expect(await rig.asking(() => rig.port.groups.changeMembers('g', {add: [], remove: []}, options))).toEqual(
    [],
  );
});

test('a membership is asked by group and person, and the answer must be about that group', async () => {
  const {port, requests} = scripted((_request, nth) => [
    200,
    nth === 1 ? listOf({id: 'g', members: []}) : listOf({id: 'h'}),
  ]);
  expect(value(await port.groups.hasMember('g', 'u', options))).toBe(true);
  expect(requests[0]?.url.searchParams.get('filter')).toBe('id eq "g" and members eq "u"');
  expect(await port.groups.hasMember('g', 'u', options)).toMatchObject({failure: {cause: 'filter ignored'}});
});

test('a passing failure is not looked into', async () => {
  const {port, requests} = scripted(() => [500, awsError(500)]);
  expect(await port.groups.changeMembers('g', {add: ['u'], remove: []}, options)).toMatchObject({
    failure: {kind: 'transient'},
  });
  expect(requests).toHaveLength(1);
});
