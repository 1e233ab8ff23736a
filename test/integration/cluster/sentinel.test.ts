import {afterAll, beforeAll, expect, jest, test} from '@jest/globals';
import {eventually} from '../../support/eventually.ts';
import type {TestRedis} from '../../support/redis.ts';
import {leave, scene, user, type Said} from '../scenarios-rig.ts';
import {cutReplicas, infoOf, openNodes, untilSynced, type Node} from './nodes.ts';

jest.setTimeout(120_000);

const nodes = openNodes();
afterAll(() => nodes.close());

let master: Node;
let replica: Node;
let store: TestRedis;
beforeAll(async () => {
  [master, replica] = await Promise.all([nodes.start([]), nodes.start([])]);
  await replica.redis.replicaof('127.0.0.1', master.port);
  await untilSynced(replica);
  const sentinels = await Promise.all(Array.from({length: 3}, () => nodes.start([], true)));
  for (const {redis} of sentinels) {
    await redis.call('SENTINEL', 'MONITOR', 'main', '127.0.0.1', master.port, 2);
    await redis.call('SENTINEL', 'SET', 'main', 'down-after-milliseconds', 1000, 'failover-timeout', 5000);
  }
  for (const {redis} of sentinels)
    await eventually(
      async () => {
        const said = (await redis.call('SENTINEL', 'MASTER', 'main')) as string[];
        const of = (field: string) => said[said.indexOf(field) + 1];
        return of('num-slaves') === '1' && of('num-other-sentinels') === '2';
      },
      {what: 'the sentinels to know each other', deadlineMs: 30_000},
    );
  const addresses = sentinels.map(({port}) => `127.0.0.1:${port}`);
  store = await nodes.client({sentinel: {name: 'main', nodes: addresses, database: 0}});
}, 90_000);

const people = Array.from({length: 8}, (_, i) => `p${i}`);
const titled = (title: number): Said[] => people.map((id) => user(id, {title: String(title)}));

/*
 * 0…7    eight people, with the title 0                applied, and known to the replica
 * The replica is cut off: from now on it gets nothing
 * 8…15   the title 1                                   applied and committed: the replica knows nothing of it
 * 16     p0 leaves                                     applied and committed, too
 * The master dies; the sentinels let the replica take over: it knows less than was committed
 * 17…    the title 2, of p1 and p2                     8…16 are read again; nobody is let in, made twice, or taken back
 */
test('the master dies, and a replica that knows less than was committed takes over', async () => {
  const one = await scene({redis: store});
  await one.run();
  await one.say(...titled(0));
  await one.ended(people.length - 1, 'applied');
  await one.committed();
  const offset = await infoOf(master, 'replication', 'master_repl_offset');
  await eventually(
    async () => Number(await infoOf(replica, 'replication', 'slave_repl_offset')) >= Number(offset),
  );

  await cutReplicas(master);
  await one.say(...titled(1));
  const [left = -1] = await one.say(leave('p0', {title: '1'}));
  await one.ended(left, 'applied');
  await one.committed();
  const key = `{${store.prefix}:here}:wm`;
  const field = `${one.topic}/0`;
  expect(await master.redis.hget(key, field)).toBe(String(left + 1));
  expect(Number(await replica.redis.hget(key, field))).toBeLessThan(left);
  const [before, decided] = [one.target.requests.length, one.audit.length];

  await master.stop('SIGKILL');
  const said = await one.say(user('p1', {title: '2'}), user('p2', {title: '2'}));
  await eventually(async () => (await infoOf(replica, 'replication', 'role')) === 'master', {
    what: 'the replica to take over',
    deadlineMs: 30_000,
  });
  for (const offsetOf of said) await one.ended(offsetOf, 'applied');
  const isKnown = async (): Promise<boolean> => Number(await replica.redis.hget(key, field)) === left + 3;
  await eventually(isKnown, {what: 'the new master to know what the old one did', deadlineMs: 30_000});
  await one.committed();

  const again = one.audit.slice(decided).filter((record) => Number(record.offset) <= left);
  expect(new Set(again.map(({subject}) => subject))).toContain('p0');
  expect(one.target.users.size).toBe(people.length);
  expect(one.account('p0')).toMatchObject({active: false});
  expect(people.slice(1).map((id) => one.account(id)?.['title'])).toEqual([
    '2',
    '2',
    '1',
    '1',
    '1',
    '1',
    '1',
  ]);
  const wrong = one.target.requests
    .slice(before)
    .filter(
      ({written}) => written?.['title'] === '0' || (written?.['externalId'] === 'p0' && written['active']),
    );
  expect(wrong).toEqual([]);
});
