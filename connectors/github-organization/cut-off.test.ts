import {afterEach, beforeEach, expect, test} from '@jest/globals';
import {cutOff} from '../../src/core/engine/cut-off.ts';
import {openRig, options, person, remote, value, withApp, type Rig} from '../github/testing/rig.ts';
import {newNumber, type Organization} from '../github/testing/store.ts';
import {newTeam} from '../github/testing/teams.ts';
import type {Rules} from '../github/testing/world.ts';
import {githubOrganization} from './index.ts';

let rig: Rig;
let acme: Organization;

async function open(rules: Partial<Rules> = {}): Promise<void> {
  await rig.close();
  rig = await openRig(githubOrganization, {organization: 'acme'}, rules);
  const [first] = rig.double.store.organizations;
  if (!first) throw new Error('there is no organization');
  acme = first;
}
beforeEach(async () => {
  rig = await openRig(githubOrganization, {organization: 'acme'});
  await open();
});
afterEach(async () => {
  await rig.close();
  expect(rig.double.faults).toEqual([]);
});

let people = 0;
async function newMember(): Promise<{id: string; login: string}> {
  const {id} = remote(value(await rig.port.users.create(person(`p${++people}`), options)));
  return {id, login: acme.identities.get(id)?.login ?? ''};
}
const run = (id: string) => cutOff(rig.port.cutOffSteps('deactivate'), id, options, () => rig.clock.now);

test('membership first, then what was authorized; read back, with what remains', async () => {
  const {id, login} = await newMember();
  newTeam(acme, 'x').members.set(login, 'member');
  for (let i = 0; i < 3; i++)
    acme.authorizations.push({credential_id: newNumber(), login, credential_type: 'personal access token'});
  acme.authorizations.push({credential_id: newNumber(), login: 'somebody', credential_type: 'SSH key'});
  const {receipt, failure} = await run(id);
  expect(failure).toBeUndefined();
  expect(receipt).toMatchObject({complete: true, missing: false});
  expect(receipt.steps.map(({name}) => name)).toEqual([
    'membership',
    'credential authorizations',
    'identity',
  ]);
  expect(receipt.steps[0]?.remains).toContain('deploy keys');
  expect(receipt.steps[1]?.remains).toContain('fine-grained');
  expect(acme.members.has(login)).toBe(false);
  expect(acme.identities.has(id)).toBe(false);
  expect([...acme.teams.values()].every(({members}) => members.size === 0)).toBe(true);
  expect(acme.authorizations.map((row) => row.login)).toEqual(['somebody']);
});

test('with an App, fine-grained tokens too, and those of others stay', async () => {
  rig.configure({auth: {token: 'ghp_contract-of-an-owner', app: await withApp(rig.double)}});
  const {id, login} = await newMember();
  acme.personalTokens.push({id: newNumber(), login}, {id: newNumber(), login: 'somebody'});
  const {receipt} = await run(id);
  expect(receipt.steps.map(({name}) => name)).toContain('personal access tokens');
  expect(receipt.steps[1]?.remains).toBeUndefined();
  expect(acme.personalTokens.map((row) => row.login)).toEqual(['somebody']);
});

test('an invitation that nobody accepted is taken back, those of others stay', async () => {
  await open({invitations: 'pending', leavesMembership: true});
  const {id} = await newMember();
  const other = await newMember();
  const {receipt, failure} = await run(id);
  expect(failure).toBeUndefined();
  expect(receipt.complete).toBe(true);
  expect(acme.invitations.size).toBe(1);
  expect(acme.identities.has(other.id)).toBe(true);
});

test.each([
  ['userName', 'P@Example.com'],
  ['address', 'other@example.com'],
])(
  'a member whom GitHub did not link with the identity is known by a sign-in under its %s',
  async (_by, nameId) => {
    await open({invitations: 'pending', pageSize: 2});
    for (let i = 0; i < 3; i++) await newMember();
    const emails = [{value: 'other@example.com', type: 'work', primary: true}];
    const {id} = remote(value(await rig.port.users.create({...person('p'), emails}, options)));
    for (const login of ['mona', 'somebody']) {
      acme.members.add(login);
      const name = login === 'mona' ? nameId : 'somebody@example.com';
      acme.identities.set(login, {id: login, resource: {}, login, nameId: name, isSamlAlone: true});
    }
    const {receipt, failure} = await run(id);
    expect(failure).toBeUndefined();
    expect(receipt.complete).toBe(true);
    expect([...acme.members]).toEqual(['somebody']);
    expect(receipt.steps[0]?.remains).toContain('deploy keys');
    expect([...acme.invitations.values()].map(({email}) => email)).not.toContain('other@example.com');
  },
);

test('a sign-in under an address that is not the primary one may be of somebody else, who stays', async () => {
  await open({invitations: 'pending'});
  const emails = [...person('p').emails, {value: 'shared@example.com', type: 'other'}];
  const {id} = remote(value(await rig.port.users.create({...person('p'), emails}, options)));
  acme.members.add('mona');
  const saml = {id: 'mona', resource: {}, login: 'mona', isSamlAlone: true} as const;
  acme.identities.set('mona', {...saml, nameId: 'shared@example.com'});
  const {receipt} = await run(id);
  expect(receipt.complete).toBe(true);
  expect(acme.members.has('mona')).toBe(true);
  expect(receipt.steps[0]?.remains).toContain('no other was read');
});

test('a membership that SCIM leaves behind is ended by its login', async () => {
  await open({leavesMembership: true});
  const {id, login} = await newMember();
  const {receipt} = await run(id);
  expect(receipt.complete).toBe(true);
  expect(acme.members.has(login)).toBe(false);
});

test('who was made an outside collaborator of repositories is taken out of them, others stay', async () => {
  await open({pageSize: 2});
  const {id, login} = await newMember();
  acme.members.delete(login);
  for (const one of ['ada', 'bob', login, 'eve']) acme.outsiders.add(one);
  const {receipt, failure} = await run(id);
  expect(failure).toBeUndefined();
  expect(receipt.complete).toBe(true);
  expect([...acme.outsiders]).toEqual(['ada', 'bob', 'eve']);
  expect(receipt.steps[0]?.remains).toContain('invitations to single repositories');
});

test('who is an outside collaborator still, after the answer, is not cut off', async () => {
  const {id, login} = await newMember();
  acme.members.delete(login);
  acme.outsiders.add(login);
  rig.double.instead = (operation) =>
    operation === 'orgs/remove-outside-collaborator' ? {status: 204} : undefined;
  const {receipt, failure} = await run(id);
  expect(receipt.complete).toBe(false);
  expect(failure).toMatchObject({cause: 'cut-off membership not ended'});
  expect(acme.identities.has(id)).toBe(true);
});

test("who is kept in by an enterprise's team is not cut off: says where", async () => {
  const {id, login} = await newMember();
  acme.indirect.set(login.toLowerCase(), ['ent:everybody']);
  const {receipt, failure} = await run(id);
  expect(receipt.complete).toBe(false);
  expect(failure).toMatchObject({kind: 'rejected', message: expect.stringContaining('ent:everybody')});
  // The other step was tried all the same, and the identity is kept for when it is run again.
  expect(acme.identities.has(id)).toBe(true);
  expect(receipt.steps.map(({name}) => name)).toEqual(['credential authorizations']);
});

test('a leaver with one key takes thirteen requests', async () => {
  const {id, login} = await newMember();
  acme.authorizations.push({credential_id: newNumber(), login, credential_type: 'SSH key'});
  const before = rig.double.asked.length;
  await run(id);
  expect(rig.double.asked.slice(before)).toEqual([
    'scim/get-provisioning-information-for-user',
    'graphql',
    'orgs/remove-membership-for-user',
    'orgs/list-outside-collaborators',
    'orgs/get-membership-for-user',
    'teams/list',
    'orgs/list-outside-collaborators',
    'orgs/list-saml-sso-authorizations',
    'orgs/remove-saml-sso-authorization',
    'orgs/list-saml-sso-authorizations',
    'scim/update-attribute-for-user',
    'scim/get-provisioning-information-for-user',
    'scim/list-provisioned-identities',
  ]);
});
