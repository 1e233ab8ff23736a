import {expect, jest, test} from '@jest/globals';
import {eventually} from '../support/eventually.ts';
import {group, scene, user} from './scenarios-rig.ts';

/*
 * The target's config changes between two runs of the program, and what is kept of it stays. A scene is a sequence of events.
 */

jest.setTimeout(120_000);

const names = ['ada', 'bea', 'cem', 'dan', 'eva', 'fay'];
const clerks = names.map((name) => user(name, {title: 'clerk'}));

/*
 *            six clerks, in scope                         they have accounts
 * a deploy   whose scope is mistyped, and the six again   two are cut off, as the guard lets pass; four are held
 * then       the six again                                the four are held still
 * a deploy   whose scope is right, and the six again      all six are in, and nobody is held
 */
test('a scope that everybody falls out of at a deploy', async () => {
  const one = await scene({settings: {guard: {maxLeavers: 2}, scope: {users: 'title eq "clerk"'}}});
  const first = await one.run();
  await one.say(...clerks);
  await eventually(() => one.target.users.size === 6, {what: 'six accounts', deadlineMs: 45_000});
  await one.committed();
  await one.end(first);

  const active = () => [...one.target.users.values()].filter((account) => account['active'] === true).length;
  const held = async () => (await one.holds.list()).length;
  const mistyped = await one.run({scope: {users: 'title eq "clrek"'}});
  await one.say(...clerks);
  await eventually(async () => (await held()) === 4, {what: 'four holds', deadlineMs: 45_000});
  await one.say(...clerks);
  await one.committed();
  expect([active(), await held()]).toEqual([4, 4]);
  await one.end(mistyped);

  await one.run();
  await one.say(...clerks);
  await one.committed();
  expect([active(), await held(), one.target.users.size]).toEqual([6, 0, 6]);
});

/*
 *            four groups, ada in each              they are there
 * a deploy   that wants none of them, all again    two are deleted, two are held with their member
 */
test('a scope that every group falls out of at a deploy', async () => {
  const one = await scene({settings: {guard: {maxLeavers: 2}}});
  const first = await one.run();
  const groups = ['g1', 'g2', 'g3', 'g4'].map((id) => group(id, ['ada']));
  await one.say(user('ada'), ...groups);
  const full = () =>
    [...one.target.groups.values()].filter(({members}) => Array.isArray(members) && members.length === 1);
  await eventually(() => full().length === 4, {what: 'four groups of one', deadlineMs: 45_000});
  await one.committed();
  await one.end(first);

  await one.run({scope: {groups: 'displayName sw "wiki-"'}});
  await one.say(...groups);
  await one.committed();
  expect([full().length, (await one.holds.list()).length]).toEqual([2, 2]);
});

/** A group that somebody has made at the target. */
async function makeGroup(url: string, displayName: string): Promise<void> {
  const headers = {authorization: 'Bearer of-a-test', 'content-type': 'application/scim+json'};
  const body = JSON.stringify({schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName});
  const made = await fetch(`${url}/Groups`, {method: 'POST', headers, body});
  expect(made.status).toBe(201);
}

/*
 *            four groups of the target's own, ada in each            told
 * a deploy   that wants none of them, all again                      two are emptied, two are held with their member
 */
test('a scope that every group of the target’s own falls out of at a deploy', async () => {
  const ids = ['g1', 'g2', 'g3', 'g4'];
  const map = Object.fromEntries(ids.map((id) => [id, {name: id}]));
  const one = await scene({settings: {guard: {maxLeavers: 2}, groups: {create: true, map}}});
  for (const displayName of ids) await makeGroup(one.target.url, displayName);
  const first = await one.run();
  const groups = ids.map((id) => group(id, ['ada']));
  await one.say(user('ada'), ...groups);
  const full = () => ids.filter((id) => one.membersOf(id).length === 1);
  await eventually(() => full().length === 4, {what: 'four groups of one', deadlineMs: 45_000});
  await one.committed();
  await one.end(first);

  await one.run({scope: {groups: 'displayName sw "wiki-"'}});
  await one.say(...groups);
  await one.committed();
  await eventually(() => full().length === 2, {what: 'two groups to be empty'});
  expect((await one.holds.list()).length).toBe(2);
});
