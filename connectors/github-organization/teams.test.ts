import {afterAll, beforeAll, describe, expect, test} from '@jest/globals';
import {changeMembers} from '../../src/core/engine/members.ts';
import {openRig, options, person, remote, scripted, value, type Rig} from '../github/testing/rig.ts';
import type {Organization} from '../github/testing/store.ts';
import {newTeam} from '../github/testing/teams.ts';
import {githubOrganization} from './index.ts';

let rig: Rig;
let acme: Organization;
beforeAll(async () => {
  rig = await openRig(githubOrganization, {organization: 'acme'}, {pageSize: 2});
  const [first] = rig.double.store.organizations;
  if (!first) throw new Error('there is no organization');
  acme = first;
});
afterAll(async () => {
  await rig.close();
  expect(rig.double.faults).toEqual([]);
});

let made = 0;
const newUser = async () => remote(value(await rig.port.users.create(person(`p${++made}`), options)));
const loginOf = (id: string): string => acme.identities.get(id)?.login?.toLowerCase() ?? '';
const add = (team: number, ...ids: string[]) =>
  rig.port.groups.changeMembers(String(team), {add: ids, remove: []}, options);

describe('teams', () => {
  test('a name that is taken, on create and on rename, exists', async () => {
    const {groups} = rig.port;
    const team = remote(value(await groups.create({displayName: 'Taken one'}, options)));
    const other = remote(value(await groups.create({displayName: 'Other one'}, options)));
    expect(value(await groups.create({displayName: 'Taken One'}, options))).toBe('exists');
    const desired = {displayName: 'Taken one'};
    expect(value(await groups.update(other.id, {desired}, options))).toBe('exists');
    expect(value(await groups.update(team.id, {desired, current: team}, options))).toBe('updated');
  });

  test('a name is compared to the letter, over every page', async () => {
    for (let i = 0; i < 5; i++) newTeam(acme, `paged ${i}`);
    const found = await rig.port.groups.find({by: 'displayName', value: 'paged 4'}, options);
    expect(value(found)?.attributes).toEqual({displayName: 'paged 4'});
    expect(value(await rig.port.groups.find({by: 'displayName', value: 'Paged 4'}, options))).toBeUndefined();
    expect(value(await rig.port.groups.find({by: 'externalId', value: 'x'}, options))).toBeUndefined();
  });

  test("an enterprise's team is no team of the organization", async () => {
    const team = newTeam(acme, 'everywhere');
    team.type = 'enterprise';
    expect(
      value(await rig.port.groups.find({by: 'displayName', value: 'everywhere'}, options)),
    ).toBeUndefined();
    expect(await rig.port.groups.remove(String(team.id), options)).toMatchObject({
      failure: {kind: 'rejected'},
    });
  });

  test('a team with teams below it is not deleted, as GitHub would delete those too', async () => {
    const parent = newTeam(acme, 'parent');
    const child = newTeam(acme, 'child');
    child.parent = parent.id;
    expect(await rig.port.groups.remove(String(parent.id), options)).toMatchObject({
      failure: {kind: 'rejected', cause: 'team has child teams'},
    });
    expect([acme.teams.has(parent.id), acme.teams.has(child.id)]).toEqual([true, true]);
    expect(value(await rig.port.groups.remove(String(child.id), options))).toBe('removed');
    expect(value(await rig.port.groups.remove(String(parent.id), options))).toBe('removed');
    expect(value(await rig.port.groups.remove(String(parent.id), options))).toBe('missing');
  });

  test('nothing but a name is written, and only when it is said', async () => {
    const team = newTeam(acme, 'quiet');
    const before = rig.double.asked.length;
    const update = {desired: {displayName: 'loud', externalId: 'g'}, changed: ['externalId']};
    expect(value(await rig.port.groups.update(String(team.id), update, options))).toBe('updated');
    expect(rig.double.asked.length).toBe(before);
  });

  test('privacy is as configured', async () => {
    const bodies: unknown[] = [];
    const settings = {organization: 'acme', teamPrivacy: 'secret'};
    const {port} = scripted(githubOrganization, settings, ({body}) => {
      bodies.push(JSON.parse(body ?? '{}'));
      return [201, {id: 1, name: 'x'}];
    });
    value(await port.groups.create({displayName: 'x', externalId: 'g'}, options));
    expect(bodies).toEqual([{name: 'x', privacy: 'secret'}]);
  });
});

describe('members', () => {
  test('a maintainer stays one', async () => {
    const team = newTeam(acme, 'maintained');
    const {id} = await newUser();
    team.members.set(loginOf(id), 'maintainer');
    expect(value(await add(team.id, id))).toBe('changed');
    expect(team.members.get(loginOf(id))).toBe('maintainer');
  });

  test('who has not accepted the invitation waits, and keeps nobody else out', async () => {
    const team = newTeam(acme, 'waiting');
    const [ada, bob, eve] = [await newUser(), await newUser(), await newUser()];
    delete acme.identities.get(bob.id)?.login;
    const members = [ada, bob, eve].map(({id}) => ({subject: `s-${id}`, remoteId: id}));
    const result = await changeMembers(rig.port.groups, String(team.id), {add: members, remove: []}, options);
    expect(result).toMatchObject({
      done: [`s-${ada.id}`, `s-${eve.id}`],
      refused: [],
      failure: {kind: 'unresolved', cause: 'invitation not accepted'},
    });
    expect(value(await rig.port.groups.hasMember(String(team.id), bob.id, options))).toBe(false);
    const remove = {add: [], remove: [bob.id]};
    expect(value(await rig.port.groups.changeMembers(String(team.id), remove, options))).toBe('changed');
  });

  test('who is no member of the organization is refused alone, and taken out of nothing', async () => {
    const team = newTeam(acme, 'left');
    expect(await add(team.id, 'nobody')).toMatchObject({failure: {kind: 'rejected', cause: '404 member'}});
    const remove = {add: [], remove: ['nobody']};
    expect(value(await rig.port.groups.changeMembers(String(team.id), remove, options))).toBe('changed');
  });

  test('a team that the identity provider fills is refused alone', async () => {
    const team = newTeam(acme, 'synced');
    team.isSynced = true;
    const {id} = await newUser();
    expect(await add(team.id, id)).toMatchObject({failure: {kind: 'rejected', cause: '403 this one'}});
  });

  test('a credential that is no owner any more is not taken for that', async () => {
    const reply = (url: URL, method: string): [number, object] => {
      if (url.pathname === '/orgs/acme') return [200, {id: 1}];
      if (url.pathname === '/graphql') {
        const nodes = [{guid: 'u', user: {login: 'ada'}}];
        const saml = {externalIdentities: {nodes, pageInfo: {hasNextPage: false}}};
        return [200, {data: {organization: {samlIdentityProvider: saml}}}];
      }
      if (url.pathname.includes('/Users/')) return [200, {id: 'u', userName: 'ada'}];
      if (method === 'PUT' || url.pathname.includes('credential'))
        return [403, {message: 'Must be an owner'}];
      return url.pathname.endsWith('/teams') ? [200, []] : [404, {message: 'Not Found'}];
    };
    const {port} = scripted(githubOrganization, {organization: 'acme'}, ({url, method}) =>
      reply(url, method),
    );
    expect(await port.groups.changeMembers('1', {add: ['u'], remove: []}, options)).toMatchObject({
      failure: {kind: 'unauthorized', cause: '403 rights'},
    });
  });

  test('requests for one member, in and out', async () => {
    const team = newTeam(acme, 'counted');
    const {id} = await newUser();
    value(await add(team.id, id));
    const before = rig.double.asked.length;
    value(await rig.port.groups.changeMembers(String(team.id), {add: [], remove: [id]}, options));
    expect(rig.double.asked.slice(before)).toEqual([
      'scim/get-provisioning-information-for-user',
      'graphql',
      'teams/get-membership-for-user-in-org',
      'teams/remove-membership-for-user-in-org',
    ]);
  });
});
