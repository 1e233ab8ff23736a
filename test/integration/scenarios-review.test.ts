import {expect, jest, test} from '@jest/globals';
import {eventually} from '../support/eventually.ts';
import {delta, group, leave, scene, user} from './scenarios-rig.ts';

jest.setTimeout(60_000);

const crowd = (count: number): string[] => Array.from({length: count}, (_, index) => `p${index}`);

/*
 * 0  ada, 1  team with ada       applied
 * 2  ada leaves                  refused: a dead letter, and the cut-off stays open
 * 3  ada is back                 the cut-off is finished first: she is in, and not in the team
 */
test('a rehire that finishes an open cut-off is not in the old groups', async () => {
  const one = await scene();
  await one.run();
  await one.say(user('ada'), group('team', ['ada']));
  await eventually(() => one.membersOf('team').join() === 'ada', {what: 'ada is in the team'});
  const lift = one.target.hook(({method, path}) =>
    method === 'PATCH' && path.startsWith('/Users/')
      ? {kind: 'answer', status: 400, body: '{"scimType":"invalidValue"}'}
      : undefined,
  );
  await one.say(leave('ada'));
  await one.ended(2, 'dead');
  lift();
  await one.say(user('ada'));
  expect((await one.ended(3, 'applied')).receipt).toMatchObject({complete: true});
  await eventually(() => one.membersOf('team').length === 0, {what: 'an empty team'});
  await one.committed();
  expect(one.account('ada')).toMatchObject({active: true});
});

/*
 * 0  group one         its create gets no answer: parked, in doubt
 * 1  group two         is made with the externalId "one"
 *                      one finds it when it is tried again: a conflict
 * 2  one is deleted    finds two's group again, and leaves it alone
 */
test('a deleted group takes no other subject’s group with it', async () => {
  const one = await scene();
  one.target.hook(({method, path, body}) =>
    method === 'POST' && path === '/Groups' && body.includes('"displayName":"one"')
      ? {kind: 'reset'}
      : undefined,
  );
  await one.run();
  await one.say(group('one', null));
  await one.ended(0, 'parked');
  const two = {id: 'two', displayName: 'two', externalId: 'one', members: null};
  await one.say({key: 'two', body: {group: two}});
  await one.ended(1, 'applied');
  await one.ended(0, 'dead');
  await one.say({key: 'one', body: null});
  await one.committed();
  expect([...one.target.groups.values()].map(({displayName}) => displayName)).toEqual(['two']);
  expect((await one.ended(2, 'dead')).failure).toMatchObject({cause: 'owned by another subject'});
});

/*
 * 0…19  twenty people, 20  all of them are the team       the target takes no members: one letter, and no more requests
 *       the letter is retried once the target does        all are in
 */
test('a group whose every member is refused is one letter', async () => {
  const one = await scene();
  const lift = one.target.hook(({method, path}) =>
    method === 'PATCH' && path.startsWith('/Groups/')
      ? {kind: 'answer', status: 400, body: '{"scimType":"invalidValue"}'}
      : undefined,
  );
  await one.run();
  await one.say(...crowd(20).map((name) => user(name)), group('team', null));
  await one.ended(20, 'applied');
  await one.say(delta('team', crowd(20)));
  await one.ended(21, 'dead');
  await one.committed();
  const {letters} = await one.letters.list({});
  expect(letters).toEqual([expect.objectContaining({id: 'team/members', kind: 'sync', subject: 'team'})]);
  expect(await one.redis.redis.zcard(`{${one.redis.prefix}:here}:dg`)).toBe(0);
  lift();
  expect(await one.letters.retry(['team/members'])).toMatchObject([{result: 'retried'}]);
  await eventually(() => one.membersOf('team').length === 20, {what: 'all members'});
  expect((await one.letters.list({})).letters).toEqual([]);
});

/*
 * 0…2  p0, p1 and the team, 3  both come into it     p1 is refused: p0 is in, and a letter names p1
 * 4  p1 goes again                                   told: what the letter says is overtaken
 */
test('a letter about a member closes when there is newer news of it', async () => {
  const one = await scene();
  await one.run();
  await one.say(user('p0'), user('p1'), group('team', null));
  await one.ended(2, 'applied');
  const refused = one.account('p1')?.id ?? '';
  one.target.hook(({method, path, body}) =>
    method === 'PATCH' && path.startsWith('/Groups/') && body.includes('"add"') && body.includes(refused)
      ? {kind: 'answer', status: 400, body: '{"scimType":"invalidValue"}'}
      : undefined,
  );
  await one.say(delta('team', ['p0', 'p1']));
  await one.ended(3, 'applied');
  const {letters} = await one.letters.list({});
  expect(letters).toMatchObject([{id: 'team/members/p1', member: {subject: 'p1', add: true}}]);
  await one.say(delta('team', [], ['p1']));
  await one.ended(4, 'applied');
  await one.committed();
  expect((await one.letters.list({})).letters).toEqual([]);
  expect(one.audit.filter(({reason}) => reason?.includes('overtaken the dead letter'))).toMatchObject([
    {subject: 'team', outcome: 'superseded'},
  ]);
});

/*
 *      five accounts are inactive at the target, eve's is not; Redis knows nothing of them; the guard lets two pass
 * 0…4  the five leave       nothing to do: they use nothing up
 * 5    eve leaves           cut off
 */
test('former leavers hide no true one behind the guard', async () => {
  const one = await scene({settings: {guard: {maxLeavers: 2, perMinutes: 60}}});
  const make = (userName: string, active: boolean): Promise<Response> =>
    fetch(`${one.target.url}/Users`, {
      method: 'POST',
      headers: {'content-type': 'application/scim+json'},
      body: JSON.stringify({userName, externalId: userName, active}),
    });
  for (const name of crowd(5)) await make(name, false);
  await make('eve', true);
  await one.run();
  await one.say(...crowd(5).map((name) => leave(name)), leave('eve'));
  await one.ended(5, 'applied');
  await one.committed();
  expect(one.account('eve')).toMatchObject({active: false});
  expect(await one.holds.count()).toBe(0);
  expect((await one.ended(0, 'unchanged')).receipt).toMatchObject({complete: true});
  expect(one.target.requests.filter(({method}) => method === 'PATCH')).toHaveLength(1);
});

const forgetful = {attributes: {externalId: {omit: true}}};
const isCreate = ({method, path}: {method: string; path: string}): boolean =>
  method === 'POST' && path === '/Users';

/*
 * 0  ada comes        created, and the answer is lost; the target keeps no externalId
 * 1  ada leaves       found by the name that the create wrote: cut off
 *    or is deleted: what was written is known from the create
 */
test.each([
  ['says so', leave('ada')],
  ['is deleted', {key: 'ada', body: null}],
])('whose create was lost is found without an externalId when she %s', async (_, left) => {
  const one = await scene({settings: forgetful});
  one.target.hook((request) => (isCreate(request) ? {kind: 'lost'} : undefined));
  const unseen = one.target.hook(({method}) =>
    method === 'GET' ? {kind: 'answer', status: 500} : undefined,
  );
  await one.run();
  await one.say(user('ada', {userName: 'ada@example.org'}));
  await one.ended(0, 'parked');
  expect(one.target.users.size).toBe(1);
  await one.say(left);
  await one.ended(1, 'parked');
  unseen();
  await one.ended(1, 'applied');
  await one.committed();
  expect([...one.target.users.values()]).toMatchObject([{userName: 'ada@example.org', active: false}]);
});

/*
 * 0  ada comes        created, and the answer is lost; the target keeps no externalId
 *                     tried again: her own account is found by its name, no second one, no letter
 */
test('a create that was lost is found without an externalId', async () => {
  const one = await scene({settings: forgetful});
  one.target.hook((request) => (isCreate(request) ? {kind: 'lost'} : undefined));
  await one.run();
  await one.say(user('ada'));
  await one.committed();
  await eventually(() => one.audit.some(({outcome, did}) => outcome === 'applied' && did === 'adopted'));
  expect(one.target.users.size).toBe(1);
  expect(await one.letters.counts()).toEqual({});
});

/*
 *    an account of ada's name is there, with an externalId of its own
 * 0  ada comes        the create gets no answer, and was not carried out
 * 1  ada leaves       that account is not hers: left alone
 */
test('the name of a create in doubt takes over nobody with another externalId', async () => {
  const one = await scene();
  await fetch(`${one.target.url}/Users`, {
    method: 'POST',
    headers: {'content-type': 'application/scim+json'},
    body: JSON.stringify({userName: 'ada', externalId: 'stranger', active: true}),
  });
  const lift = one.target.hook((request) => (isCreate(request) ? {kind: 'reset'} : undefined));
  const unseen = one.target.hook(({method}) =>
    method === 'GET' ? {kind: 'answer', status: 500} : undefined,
  );
  await one.run();
  await one.say(user('ada'));
  await one.ended(0, 'parked');
  await one.say(leave('ada'));
  await one.ended(1, 'parked');
  unseen();
  lift();
  expect(await one.ended(1, 'unchanged')).toMatchObject({reason: 'it has no account here'});
  await one.committed();
  expect(one.account('stranger')).toMatchObject({active: true});
});

/*
 * 0  ada comes        created, and the answer is lost; what it wrote is not known (Redis is of an older version)
 * 1  ada is deleted   nothing is left to find her by: a person must look
 */
test('a leaver in doubt whom nothing can find is a dead letter, not silence', async () => {
  const one = await scene({settings: forgetful});
  one.target.hook((request) => (isCreate(request) ? {kind: 'lost'} : undefined));
  const unseen = one.target.hook(({method}) =>
    method === 'GET' ? {kind: 'answer', status: 500} : undefined,
  );
  await one.run();
  await one.say(user('ada'));
  await one.ended(0, 'parked');
  await one.say({key: 'ada', body: null});
  await one.ended(1, 'parked');
  await one.redis.redis.del(`{${one.redis.prefix}:here}:x`);
  unseen();
  expect((await one.ended(1, 'dead')).failure).toMatchObject({cause: 'in doubt, not to be found'});
});

/*
 * 0    ada            403, for her alone: the gate shuts, and a probe opens it
 * 1…5  others         applied
 * 0    ada again      403 although others were applied: a dead letter, and the gate stays open
 */
test('one person whom the credential may not touch is a dead letter, and shuts nobody out', async () => {
  const one = await scene();
  one.target.hook(({body}) => (body.includes('"ada"') ? {kind: 'answer', status: 403} : undefined));
  const program = await one.run();
  await one.say(user('ada'), ...crowd(5).map((name) => user(name)));
  const {failure} = await one.ended(0, 'dead');
  expect(failure?.kind).toBe('rejected');
  expect(failure?.cause).toContain('this change alone');
  await one.committed();
  expect(one.target.users.size).toBe(5);
  expect(program.gate.state).toEqual({state: 'open'});
  expect(one.target.requests.filter(({status}) => status === 403).length).toBeLessThanOrEqual(4);
});
