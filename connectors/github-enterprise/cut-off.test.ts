import {afterEach, beforeEach, describe, expect, test} from '@jest/globals';
import {cutOff} from '../../src/core/engine/cut-off.ts';
import type {CutOffMode} from '../../src/core/port.ts';
import {openRig, options, person, remote, scripted, value, type Rig} from '../github/testing/rig.ts';
import {newNumber, type Identity} from '../github/testing/store.ts';
import {githubEnterprise} from './index.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig(
    githubEnterprise,
    {enterprise: 'acme-inc', organizations: ['acme', 'acme-dev']},
    {pageSize: 2},
  );
});
afterEach(async () => {
  await rig.close();
  expect(rig.double.faults).toEqual([]);
});

let people = 0;
async function newUser(): Promise<{id: string; user: Identity}> {
  const {id} = remote(value(await rig.port.users.create(person(`p${++people}`), options)));
  const user = rig.double.store.enterprise.identities.get(id);
  if (!user) throw new Error('there is no user');
  rig.double.store.enterprise.withCredentials.add(user.login?.toLowerCase() ?? '');
  return {id, user};
}
const run = (id: string, mode: CutOffMode = 'deactivate') =>
  cutOff(rig.port.cutOffSteps(mode), id, options, () => rig.clock.now);

test('suspended first, then tokens and keys are destroyed; the receipt says what is shown in no list', async () => {
  const {id, user} = await newUser();
  const before = rig.double.asked.length;
  const {receipt, failure} = await run(id);
  expect(failure).toBeUndefined();
  expect(receipt).toMatchObject({complete: true, missing: false});
  expect(receipt.steps.map(({name}) => name)).toEqual(['suspend', 'credentials']);
  expect(receipt.steps[1]?.remains).toMatch(/taken the request.*in no list/);
  expect(receipt.steps[1]?.remains).not.toContain('no organization');
  expect(rig.double.asked.slice(before)).toEqual([
    'enterprise-admin/update-attribute-for-enterprise-user',
    'enterprise-admin/get-provisioning-information-for-enterprise-user',
    'enterprise-admin/get-provisioning-information-for-enterprise-user',
    'graphql',
    'enterprise-admin/revoke-credential-authorizations-for-user',
    'enterprise-admin/get-provisioning-information-for-enterprise-user',
    'graphql',
    'orgs/list-saml-sso-authorizations',
    'orgs/list-saml-sso-authorizations',
  ]);
  expect(user.resource['active']).toBe(false);
});

test.each(['deactivate', 'delete'] as const)(
  'deploy keys stay, and the receipt says so: %s',
  async (mode) => {
    const {id} = await newUser();
    const {receipt} = await run(id, mode);
    expect(receipt.complete).toBe(true);
    expect(receipt.steps[0]?.remains).toContain('deploy keys');
  },
);

test('what an organization still shows is not ended, and is once the job has run', async () => {
  rig.double.rules.jobs = 'late';
  const {id, user} = await newUser();
  const [suspend, credentials] = rig.port.cutOffSteps('deactivate');
  value((await suspend?.act(id, options)) ?? {ok: true, value: 'done'});
  const {login = ''} = user;
  rig.double.store.organizations[1]?.authorizations.push({
    credential_id: newNumber(),
    login,
    credential_type: 'personal access token',
  });
  const {receipt, failure} = await run(id);
  expect(receipt.complete).toBe(false);
  expect(failure).toMatchObject({kind: 'transient', cause: 'cut-off credentials not ended'});
  rig.double.rules.jobs = 'at once';
  expect(await credentials?.verify(id, options)).toMatchObject({value: {ended: true}});
});

describe('as configured', () => {
  test.each([
    ['destroy', true],
    ['revoke', false],
  ])('%s', async (credentials, destroys) => {
    rig.double.rules.jobs = 'late';
    rig.configure({credentials});
    const {id} = await newUser();
    const {receipt} = await run(id);
    expect(rig.double.store.enterprise.queued).toEqual([{login: expect.any(String), destroys}]);
    const {remains} = receipt.steps[1] ?? {};
    expect(remains).toMatch(
      destroys ? /destroys them in the background/ : /are not destroyed, as configured/,
    );
  });

  test('no organizations: the receipt says that no authorization was read', async () => {
    rig.configure({organizations: []});
    const {id} = await newUser();
    const {receipt} = await run(id);
    expect(receipt.steps[1]?.remains).toMatch(/none of which was read, as `organizations` names none/);
  });

  test('what nobody has asked for in this run is not said to be under way', async () => {
    const {id} = await newUser();
    await run(id);
    const [, credentials] = rig.port.cutOffSteps('deactivate');
    const verified = value((await credentials?.verify(id, options)) ?? {ok: true, value: {ended: false}});
    expect(verified.remains).toMatch(/whether .* were destroyed is not known/);
  });

  test('keep: one step, and the receipt says what works again', async () => {
    rig.configure({credentials: 'keep'});
    const {id} = await newUser();
    const before = rig.double.asked.length;
    const {receipt} = await run(id);
    expect(receipt.steps).toMatchObject([{name: 'suspend', remains: expect.stringContaining('reinstated')}]);
    expect(rig.double.asked.length - before).toBe(2);
  });
});

test('delete suspends first, and reads back that nobody is there', async () => {
  const {id} = await newUser();
  const {receipt} = await run(id, 'delete');
  expect(receipt).toMatchObject({complete: true});
  expect(receipt.steps.map(({name}) => name)).toEqual(['suspend', 'delete']);
  expect(rig.double.store.enterprise.identities.has(id)).toBe(false);
});

test('an identity provider of the OIDC kind knows the login too', async () => {
  rig.double.store.enterprise.provider = 'oidc';
  const {id} = await newUser();
  expect((await run(id)).receipt.complete).toBe(true);
});

test('an account that GitHub does not show: the receipt says what could not be destroyed', async () => {
  const {id, user} = await newUser();
  const [suspend] = rig.port.cutOffSteps('deactivate');
  value((await suspend?.act(id, options)) ?? {ok: true, value: 'missing'});
  delete user.login;
  const [, credentials] = rig.port.cutOffSteps('deactivate');
  expect(await credentials?.act(id, options)).toEqual({ok: true, value: 'done'});
  expect(await credentials?.verify(id, options)).toMatchObject({
    value: {ended: true, remains: expect.stringContaining('does not show')},
  });
});

test('an identity that GitHub does not show at all is a failure', async () => {
  const identities = {externalIdentities: {nodes: [], pageInfo: {hasNextPage: false}}};
  const {port} = scripted(githubEnterprise, {enterprise: 'acme-inc'}, ({url}) =>
    url.pathname === '/graphql'
      ? [200, {data: {enterprise: {ownerInfo: {samlIdentityProvider: identities}}}}]
      : [200, {id: 'u', userName: 'ada', active: false}],
  );
  const [, credentials] = port.cutOffSteps('deactivate');
  for (const result of [await credentials?.act('u', options), await credentials?.verify('u', options)])
    expect(result).toMatchObject({failure: {kind: 'rejected', cause: 'identity not shown'}});
});
