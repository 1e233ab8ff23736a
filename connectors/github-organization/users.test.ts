import {afterAll, beforeAll, describe, expect, test} from '@jest/globals';
import type {Attributes} from '../../src/core/resource.ts';
import {openRig, options, person, remote, scripted, value, type Rig} from '../github/testing/rig.ts';
import {githubOrganization} from './index.ts';
import {toBody} from './users.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig(githubOrganization, {organization: 'acme'});
});
afterAll(async () => {
  await rig.close();
  expect(rig.double.faults).toEqual([]);
});

let people = 0;
const newUser = async () => {
  const name = `person${++people}`;
  return {name, ...remote(value(await rig.port.users.create(person(name), options)))};
};
const resourceOf = (id: string) => rig.double.store.organizations[0]?.identities.get(id)?.resource;

async function askedBy(run: () => Promise<unknown>): Promise<string[]> {
  const before = rig.double.asked.length;
  await run();
  return rig.double.asked.slice(before);
}

test('a joiner takes one request, a mover two, and what is not held here none', async () => {
  let id = '';
  expect(await askedBy(async () => ({id} = await newUser()))).toEqual(['scim/provision-and-invite-user']);
  const desired = {...person('moved'), title: 'Owner'};
  const update = (changed: string[]) => rig.port.users.update(id, {desired, changed}, options);
  expect(await askedBy(() => update(['userName', 'title']))).toEqual([
    'scim/get-provisioning-information-for-user',
    'scim/set-information-for-provisioned-user',
  ]);
  expect(await askedBy(() => update(['title', 'phoneNumbers']))).toEqual([]);
  expect(await askedBy(() => update(['userName']))).toEqual(['scim/get-provisioning-information-for-user']);
});

test('a PUT carries what others wrote', async () => {
  const {id, name} = await newUser();
  Object.assign(resourceOf(id) ?? {}, {emails: [{value: 'other@example.com', primary: true, type: 'home'}]});
  const {userName, externalId, active} = person(name);
  const desired: Attributes = {
    userName,
    externalId,
    active,
    displayName: 'Other',
    'name.familyName': 'Newname',
  };
  expect(value(await rig.port.users.update(id, {desired}, options))).toBe('updated');
  expect(resourceOf(id)).toMatchObject({
    displayName: 'Other',
    name: {givenName: 'Person', familyName: 'Newname'},
    emails: [{value: 'other@example.com', type: 'home', primary: true}],
  });
});

test('a cleared displayName and externalId go away, and the rest stays', async () => {
  const {id, name} = await newUser();
  const desired = {...person(name), displayName: null, externalId: ''};
  value(await rig.port.users.update(id, {desired}, options));
  expect(resourceOf(id)).not.toHaveProperty('displayName');
  expect(resourceOf(id)).not.toHaveProperty('externalId');
});

describe('who is inactive is no member', () => {
  test('is not invited', async () => {
    const result = await rig.port.users.create({...person('x'), active: false}, options);
    expect(result).toMatchObject({failure: {kind: 'rejected', cause: 'inactive member'}});
  });

  test('an update to inactive ends the membership, and is not repeated', async () => {
    const {id, name} = await newUser();
    const desired = {...person(name), active: false};
    expect(value(await rig.port.users.update(id, {desired}, options))).toBe('updated');
    expect(value(await rig.port.users.get(id, options))).toBeUndefined();
    const asked = await askedBy(async () => value(await rig.port.users.update(id, {desired}, options)));
    expect(asked).toEqual(['scim/get-provisioning-information-for-user', 'scim/list-provisioned-identities']);
  });

  test('who comes back is invited anew, under a new id', async () => {
    const {id, name} = await newUser();
    value(await rig.port.users.remove(id, options));
    const again = remote(value(await rig.port.users.create(person(name), options)));
    expect(again.id).not.toBe(id);
  });
});

test.each<[string, Attributes, string]>([
  ['both names', {...person('x'), name: {givenName: 'Only'}}, 'no name'],
  ['an address', {...person('x'), userName: 'x', emails: []}, 'no email'],
])('GitHub demands %s: nothing is sent without', async (_name, attributes, cause) => {
  const {port, requests} = scripted(githubOrganization, {organization: 'acme'}, () => [201]);
  expect(await port.users.create(attributes, options)).toMatchObject({failure: {kind: 'rejected', cause}});
  expect(requests).toHaveLength(0);
});

test('a login that is an address stands in for one; one address is primary', () => {
  const bare = toBody({...person('ada'), emails: null});
  expect(bare).toMatchObject({value: {emails: [{value: 'ada@example.com', type: 'work', primary: true}]}});
  const emails = [{value: 'a@example.com'}, {value: 'b@example.com', primary: true}, {type: 'work'}];
  expect(toBody({...person('ada'), emails})).toMatchObject({
    value: {emails: [{primary: false}, {value: 'b@example.com', primary: true}]},
  });
});
