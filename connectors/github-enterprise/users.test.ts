import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {openRig, options, person, remote, value, type Rig} from '../github/testing/rig.ts';
import {githubEnterprise} from './index.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig(githubEnterprise, {enterprise: 'acme-inc'});
});
afterAll(async () => {
  await rig.close();
  expect(rig.double.faults).toEqual([]);
});

let people = 0;
const newUser = async () => {
  const name = `p${++people}`;
  return {name, ...remote(value(await rig.port.users.create(person(name), options)))};
};
const resourceOf = (id: string) => rig.double.store.enterprise.identities.get(id)?.resource;

async function askedBy(run: () => Promise<unknown>): Promise<string[]> {
  const before = rig.double.asked.length;
  await run();
  return rig.double.asked.slice(before);
}

test('a joiner and a mover take one request each', async () => {
  let id = '';
  expect(await askedBy(async () => ({id} = await newUser()))).toEqual([
    'enterprise-admin/provision-enterprise-user',
  ]);
  const update = {desired: {...person('new'), displayName: 'Moved'}, changed: ['displayName', 'title']};
  expect(await askedBy(async () => value(await rig.port.users.update(id, update, options)))).toEqual([
    'enterprise-admin/update-attribute-for-enterprise-user',
  ]);
  expect(resourceOf(id)).toMatchObject({displayName: 'Moved', userName: expect.not.stringContaining('new')});
});

test('what is not there is not removed: it is read first', async () => {
  const {id, name} = await newUser();
  const desired = {...person(name), name: {givenName: 'Person', familyName: 'New', middleName: null}};
  const asked = await askedBy(async () =>
    value(await rig.port.users.update(id, {desired, changed: ['name']}, options)),
  );
  expect(asked).toHaveLength(2);
  expect(resourceOf(id)).toMatchObject({name: {familyName: 'New'}});
});

test('who comes back is the same account', async () => {
  const {id, name} = await newUser();
  const {login} = rig.double.store.enterprise.identities.get(id) ?? {};
  for (const step of rig.port.cutOffSteps('deactivate')) value(await step.act(id, options));
  expect(rig.double.store.enterprise.identities.get(id)?.login).not.toBe(login);
  expect(value(await rig.port.users.get(id, options))?.attributes['active']).toBe(false);
  value(await rig.port.users.update(id, {desired: person(name), changed: ['active']}, options));
  expect(rig.double.store.enterprise.identities.get(id)?.login).toBe(login);
});

test('the limit of users an hour is waited out', async () => {
  const small = await openRig(githubEnterprise, {enterprise: 'acme-inc'}, {usersAnHour: 2});
  const join = (name: string) => small.port.users.create(person(name), options);
  value(await join('a'));
  value(await join('b'));
  const refused = await join('c');
  small.clock.now += 3_600_000;
  const later = await join('c');
  await small.close();
  expect(refused).toMatchObject({failure: {kind: 'throttled', cause: '429 limit', retryAfterMs: 600_000}});
  expect(later.ok).toBe(true);
});
