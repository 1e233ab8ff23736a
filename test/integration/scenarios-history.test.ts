import {cp, rename, rm} from 'node:fs/promises';
import {expect, jest, test} from '@jest/globals';
import type {Redis} from 'ioredis';
import {startRedis, type RedisControls} from '../../scripts/services/index.ts';
import {eventually} from '../support/eventually.ts';
import {closing, leave, scene, user, type Said} from './scenarios-rig.ts';

jest.setTimeout(120_000);

const crowd = (count: number, said: (name: string) => Said): Said[] =>
  Array.from({length: count}, (_, index) => said(`p${index}`));

/*
 * 0…9   ten people             applied
 * 10    p0 leaves              cut off
 * Redis loses everything, while the program runs
 * the program notices by the epoch, catches up from the start, and finds every account again
 * 11    p1 has a title         applied to the same account
 */
test('Redis wiped', async () => {
  const store = await startRedis({log: () => undefined});
  closing(() => store.remove());
  const one = await scene({redisUrl: store.url});
  await one.run();
  await one.say(...crowd(10, (name) => user(name)));
  await one.ended(9, 'applied');
  await one.say(leave('p0'));
  await one.ended(10, 'applied');
  await one.committed();
  const before = one.target.requests.length;
  await one.redis.redis.flushall();
  await one.say(user('p1', {title: 'clerk'}));
  await eventually(() => one.account('p1')?.['title'] === 'clerk', {what: 'p1 is a clerk'});
  await eventually(async () => (await one.redis.redis.hlen(`{${one.redis.prefix}:here}:s`)) === 10, {
    what: 'the state of ten people',
  });
  await one.committed();
  expect(one.target.users.size).toBe(10);
  expect(one.account('p0')).toMatchObject({active: false});
  const again = one.target.requests
    .slice(before)
    .filter(({method, body}) => method !== 'GET' && body.includes('"active":true') && body.includes('"p0"'));
  expect(again).toEqual([]);
});

/** All that a Redis has on disk, to be put back as it was: both while it is down. */
async function backup(store: RedisControls, {redis}: {redis: Redis}): Promise<() => Promise<void>> {
  const [, dir = ''] = await redis.config('GET', 'dir');
  const copy = `${dir}-backup`;
  await store.stop();
  await cp(dir, copy, {recursive: true});
  await store.start();
  return async () => {
    await store.stop();
    await rm(dir, {recursive: true});
    await rename(copy, dir);
    await store.start();
  };
}

/*
 * 0…4   five people                              applied
 * Redis is backed up
 * 5     p0 leaves                                applied: cut off
 * 6     p1 has a title                           applied
 * Redis is restored: it knows nothing of 5 and 6, and Kafka has been told that they are settled
 * 7     p2 has a title                           5 and 6 are read again; nobody is let in, nothing is taken back
 */
test('Redis restored from a backup', async () => {
  const store = await startRedis({log: () => undefined});
  closing(() => store.remove());
  const one = await scene({redisUrl: store.url});
  await one.run();
  await one.say(...crowd(5, (name) => user(name)));
  await one.ended(4, 'applied');
  await one.committed();
  const restore = await backup(store, one.redis);
  await one.say(leave('p0'), user('p1', {title: 'judge'}));
  await one.ended(6, 'applied');
  await one.committed();
  const before = one.audit.length;
  await restore();
  await one.say(user('p2', {title: 'clerk'}));
  await eventually(() => one.account('p2')?.['title'] === 'clerk', {what: 'p2 is a clerk'});
  await eventually(() => one.audit.slice(before).some(({offset}) => offset === 5), {what: '5 read again'});
  await one.committed();
  expect(one.account('p0')).toMatchObject({active: false});
  expect(one.account('p1')).toMatchObject({title: 'judge'});
  expect(one.target.users.size).toBe(5);
  const letIn = one.target.requests.filter(
    ({method, body}, at) =>
      at > 5 && method !== 'GET' && body.includes('"active":true') && body.includes('"p0"'),
  );
  expect(letIn).toEqual([]);
});

/*
 * 0…4   five people, then ada with a title         applied
 * the topic is deleted and made again, while the program runs
 * 0     ada has another title: an older offset      applied, for it is another topic
 */
test('a topic recreated', async () => {
  const one = await scene();
  await one.run();
  await one.say(...crowd(5, (name) => user(name)), user('ada', {title: 'clerk'}));
  await one.ended(5, 'applied');
  await one.committed();
  const {admin} = one.kafka;
  await admin.deleteTopics({topics: [one.topic]});
  await eventually(async () => !(await admin.listTopics()).includes(one.topic), {what: 'the topic gone'});
  // One that was made, and whose leader did not come in time, is there all the same.
  const isMade = () =>
    admin.createTopics({topics: [{topic: one.topic}], waitForLeaders: true}).then(() => true);
  await eventually(isMade, {what: 'the topic made again'});
  await eventually(() => one.say(user('ada', {title: 'judge'})), {what: 'a record in the new topic'});
  await eventually(() => one.account('ada')?.['title'] === 'judge', {
    what: 'ada is a judge',
    deadlineMs: 40_000,
  });
  expect(one.target.users.size).toBe(6);
});

/*
 * a year: 300 people join, move twice, and every third leaves       nobody reads it
 * the target is added: one request for each who is still there, none that makes an account for a leaver
 */
test('a new target over a year of history', async () => {
  const one = await scene({partitions: 3});
  const people = Array.from({length: 300}, (_, index) => ({
    name: `p${index}`,
    partition: index % 3,
    stays: index % 3 !== 0,
  }));
  for (const title of ['clerk', 'judge', 'dean'])
    await one.say(...people.map(({name, partition}) => ({...user(name, {title}), partition})));
  await one.say(
    ...people.filter(({stays}) => !stays).map(({name, partition}) => ({...leave(name), partition})),
  );
  await one.run();
  await one.committed();
  expect([...one.target.users.values()].map(({externalId}) => externalId).toSorted()).toEqual(
    people
      .filter(({stays}) => stays)
      .map(({name}) => name)
      .toSorted(),
  );
  expect([...one.target.users.values()].every(({title, active}) => title === 'dean' && active === true)).toBe(
    true,
  );
  expect(one.target.requests.filter(({method}) => method !== 'GET')).toHaveLength(200);
});

/*
 * 0…5009     5,010 people at work                   applied
 * then       5,000 of them leave: a broken extract  25 are cut off, the rest is held for a person
 * then       a joiner, and a mover among the held   applied; the mover's hold is overtaken: she stays
 * a person approves one who is held                 cut off
 */
test('a broken extract of 5,000 leavers', async () => {
  const one = await scene({settings: {concurrency: 64}});
  await one.run();
  await one.say(...crowd(5010, (name) => user(name)));
  await eventually(() => one.target.users.size === 5010, {what: '5,010 accounts', deadlineMs: 60_000});
  await one.say(...crowd(5000, (name) => leave(name)));
  await eventually(async () => (await one.holds.list()).length === 4975, {
    what: '4,975 holds',
    deadlineMs: 60_000,
  });
  const inactive = (): unknown[] => [...one.target.users.values()].filter(({active}) => active === false);
  expect(inactive()).toHaveLength(25);
  const [held, approved] = (await one.holds.list()).map(({subject}) => subject);
  const [joiner, mover] = await one.say(user('joiner'), user(held ?? '', {title: 'stays'}));
  await one.ended(joiner ?? -1, 'applied');
  await one.ended(mover ?? -1, 'applied');
  expect(one.account(held ?? '')).toMatchObject({active: true, title: 'stays'});
  await eventually(async () => (await one.holds.list()).length === 4974);
  expect(await one.holds.approve([approved ?? ''], one.lanes)).toMatchObject([{subject: approved}]);
  await eventually(() => one.account(approved ?? '')?.['active'] === false, {what: 'the approved leave'});
  expect(inactive()).toHaveLength(26);
});

/*
 * partition 0   ada is at work
 * partition 1   bob's history, long, and behind it: ada leaves, by a producer of another key
 * a target that is new is told of ada by none of it
 */
test('a new target over history where a leave stands in another partition than the hire', async () => {
  const one = await scene({partitions: 2});
  await one.say(user('ada'));
  const title = 'x'.repeat(200);
  const bob = Array.from({length: 2000}, (_, at) => ({
    ...user('bob', {title: `${title}${at}`}),
    partition: 1,
  }));
  await one.say(...bob, {...leave('ada'), partition: 1});
  await one.run();
  await one.committed();
  expect(one.account('ada')).toBeUndefined();
  expect(one.account('bob')).toMatchObject({title: `${title}1999`});
  expect(one.writes('ada')).toEqual([]);
});
