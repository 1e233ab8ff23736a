import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {changeMembers} from '../../src/core/engine/members.ts';
import {openRig, options, value, type Rig} from './testing/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

test('a group is deleted with its members, and never with policies', async () => {
  const group = await rig.newGroup('ending');
  const {id} = await rig.newUser();
  value(await rig.port.groups.changeMembers(group, {add: [id], remove: []}, options));
  rig.double.store.groups.get(group)?.attached.add('arn:aws:iam::aws:policy/ReadOnlyAccess');
  expect(await rig.port.groups.remove(group, options)).toMatchObject({
    failure: {kind: 'rejected', cause: 'group with policies'},
  });
  expect(value(await rig.port.groups.hasMember(group, id, options))).toBe(true);
  rig.double.store.groups.get(group)?.attached.clear();
  expect(value(await rig.port.groups.remove(group, options))).toBe('removed');
});

test('an eleventh group is beyond the quota of the account', async () => {
  const {id} = await rig.newUser();
  for (let i = 0; i < 10; i++)
    value(
      await rig.port.groups.changeMembers(await rig.newGroup(`quota-${i}`), {add: [id], remove: []}, options),
    );
  const change = {add: [id], remove: []};
  expect(await rig.port.groups.changeMembers(await rig.newGroup('quota-10'), change, options)).toMatchObject({
    failure: {kind: 'rejected', cause: '409 LimitExceeded'},
  });
});

test('the group is read once for all its members, and each member before it is moved', async () => {
  const group = await rig.newGroup('many');
  const people = [await rig.newUser(), await rig.newUser(), await rig.newUser()];
  const add = people.map(({id}) => ({subject: id, remoteId: id}));
  const asked = await rig.asking(async () => {
    const result = await changeMembers(rig.port.groups, group, {add, remove: []}, options);
    expect(result.done).toHaveLength(3);
  });
  expect(asked).toEqual(['GetGroup', ...add.flatMap(() => ['GetUser', 'AddUserToGroup'])]);
});

test('one whom IAM does not know: no member, and done when to be removed', async () => {
  const group = await rig.newGroup('strangers');
  const change = (add: string[], remove: string[]) =>
    rig.port.groups.changeMembers(group, {add, remove}, options);
  expect(await change(['AIDA0'], [])).toMatchObject({failure: {kind: 'transient', cause: 'not visible yet'}});
  rig.clock.now += 60_000;
  expect(await change(['AIDA0'], [])).toMatchObject({failure: {kind: 'rejected', cause: '404 member'}});
  expect(value(await change([], ['AIDA0']))).toBe('changed');
});

test("a name that IAM's rules do not allow is refused by IAM", async () => {
  expect(await rig.port.groups.create({displayName: 'two words'}, options)).toMatchObject({
    failure: {kind: 'rejected', cause: '400 ValidationError'},
  });
});

test('a member whom only some of IAM shows is waited for', async () => {
  const group = await rig.newGroup('newcomers');
  const {id} = await rig.newUser();
  const change = (add: string[], remove: string[]) =>
    rig.port.groups.changeMembers(group, {add, remove}, options);
  const notYet = {failure: {kind: 'transient', cause: 'not visible yet'}};
  rig.double.store.behind = new Set(['AddUserToGroup', 'RemoveUserFromGroup', 'ListGroupsForUser']);
  expect(await change([id], [])).toMatchObject(notYet);
  expect(await change([], [id])).toMatchObject(notYet);
  expect(await rig.port.groups.hasMember(group, id, options)).toMatchObject(notYet);
  rig.double.store.behind.clear();
  expect(value(await change([id], []))).toBe('changed');
});
