import {afterAll, beforeAll, beforeEach, expect, test} from '@jest/globals';
import {changeMembers} from '../../src/core/engine/members.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {leave} from '../github/testing/org-scim.ts';
import {notFound, type Reply} from '../github/testing/replies.ts';
import {openRig, options, person, type Rig} from '../github/testing/rig.ts';
import type {Organization, Team} from '../github/testing/store.ts';
import {newTeam} from '../github/testing/teams.ts';
import {githubOrganization} from './index.ts';

let rig: Rig;
let acme: Organization;
let team: Team;
let teams = 0;
beforeAll(async () => {
  rig = await openRig(githubOrganization, {organization: 'acme'});
  const [first] = rig.double.store.organizations;
  if (!first) throw new Error('there is no organization');
  acme = first;
  // What is read once for good is not a change's.
  await rig.port.groups.changeMembers('0', {add: ['nobody'], remove: []}, options);
});
beforeEach(() => {
  acme.identities.clear();
  acme.members.clear();
  acme.invitations.clear();
  team = newTeam(acme, `team ${++teams}`);
});
afterAll(async () => {
  await rig.close();
  expect(rig.double.faults).toEqual([]);
});

const crowd = 101;
const PUT = 'teams/add-or-update-membership-for-user-in-org';
const DELETE = 'teams/remove-membership-for-user-in-org';
const reads = ['teams/get-by-name', 'graphql', 'graphql', 'teams/list-members-in-org'];

/** People who have accepted, without the requests that it takes. */
function people(count: number) {
  return Array.from({length: count}, (_, n) => {
    const remoteId = `guid-${n}`;
    acme.identities.set(remoteId, {
      id: remoteId,
      resource: {id: remoteId, ...person(`p${n}`)},
      login: `login-${n}`,
    });
    acme.members.add(`login-${n}`);
    return {subject: `s${n}`, remoteId};
  });
}

type Members = ReturnType<typeof people>;

async function told(change: {add?: Members; remove?: Members}, asked: CallOptions = options) {
  const before = rig.double.asked.length;
  const whole = {add: [], remove: [], ...change};
  const result = await changeMembers(rig.port.groups, String(team.id), whole, asked);
  return {result, asked: rig.double.asked.slice(before)};
}

const times = (operation: string, count: number): string[] => Array.from({length: count}, () => operation);

/** Lets something happen as the nth of these requests comes. */
async function atThe<T>(
  nth: number,
  operation: string,
  happen: () => Reply | undefined,
  run: () => Promise<T>,
): Promise<T> {
  let seen = 0;
  rig.double.instead = (asked) => (asked === operation && ++seen === nth ? happen() : undefined);
  try {
    return await run();
  } finally {
    rig.double.instead = () => undefined;
  }
}

test('many come with one request each, and a page for a hundred', async () => {
  const all = people(crowd);
  const {result, asked} = await told({add: all});
  expect(result).toMatchObject({done: all.map(({subject}) => subject), refused: []});
  expect(result).not.toHaveProperty('failure');
  expect(asked).toEqual([...reads, ...times(PUT, crowd)]);
  expect(team.members.size).toBe(crowd);
});

test('many go with one request each, and who is as wanted takes none', async () => {
  const all = people(crowd);
  all.slice(0, 60).forEach((_, n) => team.members.set(`login-${n}`, n === 0 ? 'maintainer' : 'member'));
  const {result, asked} = await told({add: all.slice(0, 50), remove: all.slice(50, 60)});
  expect(result.done).toHaveLength(60);
  expect(asked).toEqual([...reads.toSpliced(1, 1), ...times(DELETE, 10)]);
  expect(team.members.size).toBe(50);
  expect(team.members.get('login-0')).toBe('maintainer');
});

test('for three, and where the lists are longer than that, each is read alone', async () => {
  const all = people(1300);
  const few = await told({add: all.slice(0, 3)});
  expect(few.asked).not.toContain('teams/list-members-in-org');
  const {result, asked} = await told({add: all.slice(3, 7)});
  expect(result.done).toHaveLength(4);
  expect(asked.slice(0, 2)).toEqual(['teams/get-by-name', 'graphql']);
  expect(asked.filter((operation) => operation === 'graphql')).toHaveLength(1 + 4);
});

test('who has not accepted, and who is unknown, keep nobody out', async () => {
  const all = people(20);
  delete acme.identities.get('guid-7')?.login;
  const nobody = {subject: 'nobody', remoteId: 'nobody'};
  const {result, asked} = await told({add: [nobody, ...all]});
  expect(result.done).toHaveLength(19);
  expect(result).toMatchObject({
    refused: [{subject: 'nobody', failure: {cause: '404 member'}}],
    failure: {kind: 'unresolved', cause: 'invitation not accepted'},
  });
  expect(asked.filter((operation) => operation === PUT)).toHaveLength(19);
  expect(asked.length).toBeLessThan(30);
});

test('a team that takes nobody is asked for eight', async () => {
  team.isSynced = true;
  const {result, asked} = await told({add: people(100)});
  expect(result).toMatchObject({done: [], refused: [], failure: {cause: '403 this one'}});
  expect(asked.filter((operation) => operation === PUT)).toHaveLength(8);
});

test('a team that is gone is missing, before and after the lists were read', async () => {
  const all = people(10);
  const away = (): undefined => {
    acme.teams.delete(team.id);
  };
  expect(await atThe(3, PUT, away, () => told({add: all}))).toMatchObject({result: {missing: true}});
  expect((await told({add: all})).result.missing).toBe(true);
});

test('who leaves the organization after the lists were read is not invited back', async () => {
  const all = people(10);
  acme.invitations.set(1, {email: 'hr@example.com'});
  const left = (): undefined => {
    leave(acme, 'login-5');
  };
  const {result} = await atThe(2, PUT, left, () => told({add: all}));
  expect(result.done).toHaveLength(9);
  expect(result.failure).toMatchObject({kind: 'unresolved', cause: 'no member of the organization'});
  expect([...acme.invitations.values()]).toEqual([{email: 'hr@example.com'}]);
  expect(team.members.has('login-5')).toBe(false);
});

test('an invitation that could not be taken back is the next time', async () => {
  const all = people(10);
  leave(acme, 'login-5');
  const refused = (): Reply => ({status: 500, body: {message: 'Server Error'}});
  const {result} = await atThe(1, 'orgs/list-pending-invitations', refused, () => told({add: all}));
  expect(result.failure).toMatchObject({kind: 'transient', maybeDone: true});
  expect(acme.invitations.size).toBe(1);
  rig.clock.now += 600_000;
  expect((await told({add: all})).result.failure).toMatchObject({cause: 'no member of the organization'});
  expect(acme.invitations.size).toBe(0);
});

test("somebody else's invitation stays", async () => {
  const all = people(10);
  leave(acme, 'login-5');
  acme.invitations.set(1, {email: '', login: 'login-5', createdAt: rig.clock.now - 2 * 3_600_000});
  expect((await told({add: all})).result.failure).toMatchObject({kind: 'unresolved'});
  expect(acme.invitations.size).toBe(1);
});

test('who has another login since the lists were read is found by it', async () => {
  const all = people(10);
  const identity = acme.identities.get('guid-4');
  const renamed = (): Reply => {
    Object.assign(identity ?? {}, {login: 'new-name'});
    acme.members.add('new-name');
    return notFound();
  };
  const {result} = await atThe(5, PUT, renamed, () => told({add: all}));
  expect(result.done).toHaveLength(10);
  expect(team.members.has('new-name')).toBe(true);
});

test('a stop in the middle keeps what was done, and only the rest is asked for again', async () => {
  const all = people(20);
  const stop = new AbortController();
  const stopping = (): undefined => {
    stop.abort();
  };
  const {result} = await atThe(6, PUT, stopping, () => told({add: all}, {signal: stop.signal}));
  expect(result.done).toHaveLength(5);
  expect(result.failure).toBeDefined();
  const again = await told({add: all});
  expect(again.result.done).toHaveLength(20);
  expect(again.asked.filter((operation) => operation === PUT)).toHaveLength(20 - team.members.size + 14);
});
