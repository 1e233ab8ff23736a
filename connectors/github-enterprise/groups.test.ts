import {afterEach, beforeEach, describe, expect, test} from '@jest/globals';
import {openRig, options, person, remote, value, withApp, type Rig} from '../github/testing/rig.ts';
import type {Group} from '../github/testing/store.ts';
import {newTeam} from '../github/testing/teams.ts';
import {githubEnterprise} from './index.ts';

const link = {group: 'Engineering', organization: 'acme-dev', team: 'builders'};
const engineering = {displayName: 'Engineering', externalId: 'g1'};

let rig: Rig;
beforeEach(async () => {
  rig = await openRig(githubEnterprise, {enterprise: 'acme-inc', teams: [link]}, {pageSize: 2});
});
afterEach(async () => {
  await rig.close();
  expect(rig.double.faults).toEqual([]);
});

const groupOf = (id: string): Group | undefined => rig.double.store.enterprise.groups.get(id);
function builders() {
  const organization = rig.double.store.organizations[1];
  if (!organization) throw new Error('there is no organization');
  return newTeam(organization, 'builders');
}
async function newUsers(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++)
    ids.push(remote(value(await rig.port.users.create(person(crypto.randomUUID()), options))).id);
  return ids;
}
const change = (id: string, add: string[], remove: string[]) =>
  rig.port.groups.changeMembers(id, {add, remove}, options);

describe('members', () => {
  const other = {displayName: 'Others', externalId: 'g2'};

  /** A group with these people in it. */
  async function newGroup(...members: string[]): Promise<string> {
    const {id} = remote(value(await rig.port.groups.create(other, options)));
    if (members.length > 0) value(await change(id, members, []));
    return id;
  }
  const suspend = async (id: string): Promise<void> => {
    value(await rig.port.users.update(id, {desired: {active: false}, changed: ['active']}, options));
  };
  const membersIn = (id: string): string[] => [...(groupOf(id)?.members ?? [])];

  test('somebody goes and another comes: a write each, and a read before and after the removal', async () => {
    const [ada = '', bob = '', eve = ''] = await newUsers(3);
    const id = await newGroup(ada, bob);
    const before = rig.double.asked.length;
    value(await change(id, [eve], [ada]));
    expect(membersIn(id)).toEqual([bob, eve]);
    expect(rig.double.asked.length - before).toBe(4);
  });

  test('who is still in after the removal is refused, and nobody else loses a place', async () => {
    rig.double.rules.memberFilters = 'ignored';
    const [ada = '', bob = '', sue = ''] = await newUsers(3);
    const id = await newGroup(ada, bob, sue);
    await suspend(sue);
    expect(await change(id, [], [ada])).toMatchObject({
      failure: {kind: 'rejected', cause: 'member still in', maybeDone: true},
    });
    expect(membersIn(id)).toEqual([ada, bob, sue]);
    // Then nothing that can not be seen is believed either.
    expect(await change(id, [], [sue])).toMatchObject({failure: {cause: 'removal not shown'}});
  });

  test('the removal of who is suspended, and hidden, counts once a removal was seen to work', async () => {
    const [ada = '', bob = '', sue = ''] = await newUsers(3);
    const id = await newGroup(ada, bob, sue);
    await suspend(sue);
    expect(await change(id, [], [sue])).toMatchObject({
      failure: {kind: 'unresolved', cause: 'removal not shown', maybeDone: true},
    });
    value(await change(id, [], [ada]));
    expect(value(await change(id, [], [sue]))).toBe('changed');
    expect(membersIn(id)).toEqual([bob]);
  });

  test.each(['ignored', 'noTarget'] as const)(
    'removing people who are not in succeeds, when that is answered: %s',
    async (answer) => {
      rig.double.rules.absentMembers = answer;
      const [ada = '', bob = '', eve = ''] = await newUsers(3);
      const id = await newGroup(ada);
      expect(value(await change(id, [], [bob]))).toBe('changed');
      expect(value(await change(id, [eve], [ada, bob, crypto.randomUUID()]))).toBe('changed');
      expect(membersIn(id)).toEqual([eve]);
    },
  );

  test('who comes takes one request, and who is unknown is refused alone', async () => {
    const {id} = remote(value(await rig.port.groups.create(other, options)));
    const [ada = ''] = await newUsers(1);
    const before = rig.double.asked.length;
    value(await change(id, [ada], []));
    expect(rig.double.asked.length - before).toBe(1);
    expect(await change(id, ['nobody'], [])).toMatchObject({
      failure: {kind: 'rejected', cause: '404 member'},
    });
    expect(value(await change(id, [], []))).toBe('changed');
  });
});

describe('teams', () => {
  test('a team is linked with its group once', async () => {
    for (let i = 0; i < 4; i++)
      value(await rig.port.groups.create({displayName: `Engineering ${i}`, externalId: `x${i}`}, options));
    const team = builders();
    const {id} = remote(value(await rig.port.groups.create(engineering, options)));
    expect(team.group).toBe(groupOf(id)?.number);
    const before = rig.double.asked.length;
    value(await rig.port.groups.update(id, {desired: engineering, changed: []}, options));
    expect(rig.double.asked.slice(before)).toEqual(['teams/list-linked-external-idp-groups-to-team-for-org']);
  });

  test('a link that is gone is made again, and a group without a team asks for none', async () => {
    const team = builders();
    const {id} = remote(value(await rig.port.groups.create(engineering, options)));
    delete team.group;
    value(await rig.port.groups.update(id, {desired: engineering, changed: []}, options));
    expect(team.group).toBe(groupOf(id)?.number);
    value(await rig.port.groups.create({displayName: 'Other', externalId: 'o'}, options));
    expect(rig.double.asked.at(-1)).toBe('enterprise-admin/provision-enterprise-group');
  });

  test('a team that is not there is not made: the group is, and the failure names the setting', async () => {
    const made = await rig.port.groups.create(engineering, options);
    expect(made).toMatchObject({
      failure: {
        kind: 'rejected',
        cause: '404 team',
        message: expect.stringContaining('`teams`'),
        // The group is there, under an id that nobody was told.
        maybeDone: true,
      },
    });
    expect(value(await rig.port.groups.find({by: 'externalId', value: 'g1'}, options))).toBeDefined();
  });

  test('a rename whose link is refused may have been done', async () => {
    const {id} = remote(value(await rig.port.groups.create({displayName: 'Old', externalId: 'g1'}, options)));
    const update = {desired: engineering, changed: ['displayName']};
    expect(await rig.port.groups.update(id, update, options)).toMatchObject({
      failure: {cause: '404 team', maybeDone: true},
    });
    const again = await rig.port.groups.update(id, {desired: engineering, changed: []}, options);
    expect(again).not.toMatchObject({failure: {maybeDone: true}});
  });

  test('a team with members of its own is refused', async () => {
    builders().members.set('somebody', 'member');
    expect(await rig.port.groups.create(engineering, options)).toMatchObject({
      failure: {kind: 'rejected', status: 422},
    });
  });

  test('GitHub lets no App link teams: says so, and does not shut the target', async () => {
    builders();
    const app = await withApp(rig.double);
    rig.configure({auth: {app}});
    expect(await rig.port.groups.create(engineering, options)).toMatchObject({
      failure: {kind: 'rejected', cause: '403 team link', message: expect.stringContaining('classic')},
    });
  });
});
