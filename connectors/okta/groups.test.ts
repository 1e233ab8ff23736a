import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {openRig, options, scripted, value, type Rig} from './testing/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig({groupExternalIdAttribute: 'externalId'});
});
afterAll(async () => {
  expect(rig.double.faults).toEqual([]);
  await rig.close();
});

const newGroup = async (displayName: string): Promise<string> => {
  const made = value(await rig.port.groups.create({displayName, externalId: `g-${displayName}`}, options));
  return made === 'exists' ? made : made.id;
};

test('what others wrote to a group stays when it is renamed', async () => {
  const id = await newGroup('before');
  const group = rig.double.rules.store.groups.get(id);
  if (group) group.profile['description'] = 'kept by hand';
  const desired = {displayName: 'after', externalId: 'g-before'};
  expect(value(await rig.port.groups.update(id, {desired}, options))).toBe('updated');
  expect(group?.profile).toEqual({name: 'after', externalId: 'g-before', description: 'kept by hand'});
});

test('a name that is taken, by create and by update', async () => {
  await newGroup('taken');
  const id = await newGroup('other');
  expect(await newGroup('taken')).toBe('exists');
  expect(value(await rig.port.groups.update(id, {desired: {displayName: 'taken'}}, options))).toBe('exists');
});

test('is found by externalId, before search knows of it', async () => {
  rig.double.rules.store.searchLag = 1000;
  const id = await newGroup('late');
  expect(value(await rig.port.groups.find({by: 'externalId', value: 'g-late'}, options))?.id).toBe(id);
  rig.double.rules.store.searchLag = 0;
});

test("an app's group of the same name is not ours to take", async () => {
  const id = await newGroup('imported');
  const group = rig.double.rules.store.groups.get(id);
  if (group) group.type = 'APP_GROUP';
  expect(value(await rig.port.groups.find({by: 'displayName', value: 'imported'}, options))).toBeUndefined();
});

test('a 404 for a member of a group that is there is refused, not missing', async () => {
  const id = await newGroup('members');
  expect(await rig.port.groups.changeMembers(id, {add: ['00unone'], remove: []}, options)).toMatchObject({
    failure: {kind: 'rejected', cause: '404 member'},
  });
});

test('one who is not in, at a server that minds: done', async () => {
  const {port} = scripted(({method}) =>
    method === 'GET' ? [200, {id: 'g', profile: {name: 'x'}}] : [404, {errorCode: 'E0000007'}],
  );
  expect(await port.groups.changeMembers('g', {add: [], remove: ['u']}, options)).toEqual({
    ok: true,
    value: 'changed',
  });
});

test('without an attribute for it no group is found by externalId, and nothing is asked', async () => {
  const {port, requests} = scripted(() => [500]);
  expect(await port.groups.find({by: 'externalId', value: 'g'}, options)).toEqual({
    ok: true,
    value: undefined,
  });
  expect(requests).toEqual([]);
});
