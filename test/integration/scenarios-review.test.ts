import {expect, jest, test} from '@jest/globals';
import {eventually} from '../support/eventually.ts';
import {delta, group, leave, scene, user} from './scenarios-rig.ts';

jest.setTimeout(120_000);

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
  // Long enough for the other group to be settled before the lane asks again.
  const one = await scene({settings: {retry: {baseDelayMs: 4000, maxDelayMs: 4000}}});
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

const isCreate = ({method, path}: {method: string; path: string}): boolean =>
  method === 'POST' && path === '/Users';

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

/*
 * 0…29  thirty people, each answered 500, and five may be parked
 *       five are, and as many more as were at work: those are tried again and again, and nobody else
 * 30    a leaver             cut off all the same
 *       the target is well   all are applied
 */
test('full lanes stay as full as they may be while they are worked on', async () => {
  const gate = {failures: 1000, maxParked: 5, probeBaseDelayMs: 50, probeMaxDelayMs: 50};
  const one = await scene({settings: {concurrency: 2, gate}});
  const program = await one.run();
  await one.say(user('eve'));
  await one.ended(0, 'applied');
  const lift = one.target.hook((request) => (isCreate(request) ? {kind: 'answer', status: 500} : undefined));
  await one.say(...crowd(30).map((name) => user(name)));
  await eventually(() => program.gate.state.state === 'shut', {what: 'a shut gate'});
  expect(program.gate.state).toMatchObject({cause: 'too many parked changes'});
  const tries = one.target.requests.length;
  await eventually(() => one.target.requests.length > tries + 100, {what: 'a hundred more tries'});
  // Beside the five: two at the target, four whose failure is being written, and those claimed for the next free slots.
  expect(await one.lanes.parked()).toBeLessThanOrEqual(15);
  await one.say(leave('eve'));
  await one.ended(31, 'applied');
  expect(one.account('eve')).toMatchObject({active: false});
  lift();
  await one.committed();
  expect(one.target.users.size).toBe(31);
});
