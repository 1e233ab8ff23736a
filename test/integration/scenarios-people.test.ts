import {expect, jest, test} from '@jest/globals';
import {eventually} from '../support/eventually.ts';
import {delta, group, leave, scene, user} from './scenarios-rig.ts';

jest.setTimeout(120_000);

const names = (count: number): string[] => Array.from({length: count}, (_, index) => `p${index}`);

/*
 * 0  ada (id old) is at work             applied
 * 1  ada (id old) leaves                 cut off
 * 2  ada is hired again as id new        takes over the account that nobody living holds
 * 3  old leaves once more                has no account any more: she stays in
 */
test('a rehire under a new id', async () => {
  const one = await scene({settings: {adopt: 'userName'}});
  await one.run();
  await one.say(user('old', {userName: 'ada'}), user('other'));
  await one.ended(0, 'applied');
  await one.say(leave('old', {userName: 'ada'}));
  await one.ended(2, 'applied');
  await one.say(user('new', {userName: 'ada'}));
  await one.ended(3, 'applied');
  expect(one.account('new')).toMatchObject({userName: 'ada', active: true});
  expect(one.target.users.size).toBe(2);
  await one.say(leave('old', {userName: 'ada', title: 'again'}));
  await one.committed();
  expect(one.account('new')).toMatchObject({active: true});
});

/*
 * 0, 1  ada and bob are at work          applied
 * 2, 3  they leave                       deactivated at once, to be deleted six seconds later
 * 4     bob comes back                   the same account
 *       six seconds later                ada's account is deleted, bob's is not
 */
test('a leaver who is deactivated, and deleted after a time', async () => {
  const one = await scene({settings: {onLeave: {deleteAfterDays: 6 / 86_400}}});
  await one.run();
  await one.say(user('ada'), user('bob'));
  await one.ended(1, 'applied');
  const account = one.account('bob')?.id;
  await one.say(leave('ada'), leave('bob'));
  await one.ended(3, 'applied');
  expect(one.account('ada')).toMatchObject({active: false});
  await one.say(user('bob'));
  await one.ended(4, 'applied');
  await eventually(() => one.account('ada') === undefined, {what: 'ada’s account is gone'});
  await one.committed();
  expect(one.account('bob')).toMatchObject({id: account, active: true});
  expect(one.audit.filter(({did}) => did === 'deleted')).toMatchObject([
    {subject: 'ada', outcome: 'applied'},
  ]);
});

/*
 * 0  ada (id one) is at work             applied
 * 1  id two comes with her userName      a conflict: a living subject holds that account
 */
test('an account that a living subject holds is nobody else’s', async () => {
  const one = await scene({settings: {adopt: 'userName'}});
  await one.run();
  await one.say(user('one', {userName: 'ada'}));
  await one.ended(0, 'applied');
  await one.say(user('two', {userName: 'ada', title: 'thief'}));
  const {failure} = await one.ended(1, 'dead');
  expect(failure).toMatchObject({kind: 'conflict', cause: 'owned by another subject'});
  expect(one.account('one')).not.toHaveProperty('title');
  expect(await one.letters.counts()).toEqual({'owned by another subject': 1});
});

/*
 * 0  ada is a judge: out of scope        skipped, no account
 * 1  ada is a clerk: in scope            joins
 * 2  ada is a judge again                treated as a leaver: cut off
 * 3  ada is a judge with a nick name     stays out
 * 4  ada is a clerk again                in again, with the same account
 */
test('scope left and entered', async () => {
  const one = await scene({settings: {scope: {users: 'title eq "clerk"'}}});
  await one.run();
  await one.say(user('ada', {title: 'judge'}));
  expect(await one.ended(0, 'skipped')).toMatchObject({reason: 'out of the scope of this target'});
  expect(one.target.count()).toBe(0);
  await one.say(user('ada', {title: 'clerk'}));
  await one.ended(1, 'applied');
  expect(one.account('ada')).toMatchObject({active: true});
  await one.say(user('ada', {title: 'judge'}));
  await one.ended(2, 'applied');
  expect(one.account('ada')).toMatchObject({active: false});
  await one.say(user('ada', {title: 'judge', nickName: 'a'}));
  await one.committed();
  expect(one.account('ada')).toMatchObject({active: false});
  await one.say(user('ada', {title: 'clerk'}));
  await one.ended(4, 'applied');
  expect(one.account('ada')).toMatchObject({active: true, title: 'clerk'});
  expect(one.target.users.size).toBe(1);
});

/*
 * partition 0, time 2000:  team is p0, p1        applied
 * partition 1, time 1000:  p2 came, p0 went      older than the whole list: says nothing any more
 * partition 1, time 3000:  p3 came, p1 went      newer: applied
 */
test('a whole group list against an older delta, and a newer one', async () => {
  const one = await scene({partitions: 2});
  await one.run();
  const people = names(4).map((name) => ({...user(name), occurredAt: 500}));
  await one.say(...people, {...group('team', ['p0', 'p1']), occurredAt: 2000});
  await eventually(() => one.membersOf('team').join() === 'p0,p1', {what: 'the whole list'});
  await one.say({...delta('team', ['p2'], ['p0']), occurredAt: 1000, partition: 1});
  await one.committed();
  expect(one.membersOf('team')).toEqual(['p0', 'p1']);
  await one.say({...delta('team', ['p3'], ['p1']), occurredAt: 3000, partition: 1});
  await eventually(() => one.membersOf('team').join() === 'p0,p3', {what: 'the newer delta'});
  await one.committed();
  expect(one.membersOf('team')).toEqual(['p0', 'p3']);
});

/*
 * 0…99  a hundred people               applied
 * 100   all of them are the team       one is refused: 99 are in, one dead letter names the one
 * the letter is replayed once the target takes the member: all are in
 */
test('one bad member among a hundred', async () => {
  const one = await scene();
  await one.run();
  await one.say(...names(100).map((name) => user(name)));
  await one.ended(99, 'applied');
  await one.committed();
  const bad = one.account('p42')?.id ?? '';
  const lift = one.target.hook(({method, path, body}) =>
    method !== 'GET' && path.startsWith('/Groups') && body.includes(`"${bad}"`)
      ? {kind: 'answer', status: 400, body: '{"scimType":"invalidValue"}'}
      : undefined,
  );
  await one.say(group('team', names(100)));
  await eventually(() => one.membersOf('team').length === 99, {what: '99 members'});
  await one.committed();
  expect(one.membersOf('team')).not.toContain('p42');
  const {letters} = await one.letters.list({});
  expect(letters).toEqual([expect.objectContaining({kind: 'member', member: {subject: 'p42', add: true}})]);
  lift();
  const [result] = await one.letters.retry(letters.map(({id}) => id));
  expect(result).toMatchObject({result: 'retried'});
  await eventually(() => one.membersOf('team').length === 100, {what: 'all members'});
});

/*
 * 0  boss is ada's manager, and not here yet; ada is in a team that is not here yet    ada is created at once
 * 1  the team comes      ada is in it
 * 2  boss comes          ada's manager is filled in
 */
test('a user before its manager and its group', async () => {
  const one = await scene();
  await one.run();
  await one.say(user('ada', {groups: ['team'], enterprise: {managerId: 'boss'}}));
  await one.ended(0, 'applied');
  expect(one.account('ada')).toMatchObject({active: true});
  await one.say(group('team', null), user('boss'));
  await eventually(() => one.membersOf('team').join() === 'ada', {what: 'ada is in the team'});
  const extension = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
  await eventually(
    () => JSON.stringify([one.account('ada')?.[extension]]).includes(one.account('boss')?.id ?? '-'),
    {what: 'the manager'},
  );
  await one.committed();
});

/*
 * 0  ada, 1  team with ada       applied
 * 2  ada leaves                  cut off, and out of the team
 * 3  ada is back, says nothing of groups       not in the team: nobody put her back
 */
test('a leaver is taken out of the groups', async () => {
  const one = await scene();
  await one.run();
  await one.say(user('ada'), group('team', ['ada']));
  await eventually(() => one.membersOf('team').join() === 'ada');
  await one.say(leave('ada'));
  await eventually(() => one.membersOf('team').length === 0, {what: 'an empty team'});
  await one.say(user('ada'));
  await one.ended(3, 'applied');
  await one.committed();
  expect(one.membersOf('team')).toEqual([]);
});
