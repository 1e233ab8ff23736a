import {expect, jest, test} from '@jest/globals';
import {eventually} from '../support/eventually.ts';
import {leave, scene, user} from './scenarios-rig.ts';

jest.setTimeout(120_000);

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
