import {afterAll, beforeAll, expect, jest, test} from '@jest/globals';
import {eventually} from '../../support/eventually.ts';
import type {TestRedis} from '../../support/redis.ts';
import {scene, user, type Said, type Scene} from '../scenarios-rig.ts';
import {infoOf, openNodes, untilSynced, type Node} from './nodes.ts';

jest.setTimeout(120_000);

const slots = 16_384;
const nodes = openNodes();
afterAll(() => nodes.close());

const args = [
  '--cluster-enabled',
  'yes',
  '--cluster-node-timeout',
  '1500',
  '--cluster-replica-validity-factor',
  '0',
];
const idOf = ({redis}: Node): Promise<string> => redis.cluster('MYID');

/** Three masters that share the slots, and one more that has none. */
async function openCluster(): Promise<{masters: Node[]; spare: Node}> {
  const started = await Promise.all(Array.from({length: 4}, () => nodes.start(args)));
  const [first, ...others] = started;
  if (!first) throw new Error('there is no node');
  for (const {port} of others) await first.redis.call('CLUSTER', 'MEET', '127.0.0.1', port);
  const masters = started.slice(0, 3);
  for (const [i, {redis}] of masters.entries()) {
    const from = Math.floor((slots * i) / 3);
    await redis.call('CLUSTER', 'ADDSLOTSRANGE', from, Math.floor((slots * (i + 1)) / 3) - 1);
  }
  for (const {redis} of started)
    await eventually(
      async () => {
        const said = await redis.cluster('INFO');
        return said.includes('cluster_state:ok') && said.includes('cluster_known_nodes:4');
      },
      {what: 'the cluster'},
    );
  const [spare] = started.slice(3);
  if (!spare) throw new Error('there is no spare node');
  return {masters, spare};
}

let masters: Node[];
let spare: Node;
let store: TestRedis;
beforeAll(async () => {
  ({masters, spare} = await openCluster());
  store = await nodes.client({cluster: {nodes: masters.map(({port}) => `127.0.0.1:${port}`)}});
}, 60_000);

const people = Array.from({length: 12}, (_, i) => `p${i}`);
const titled = (title: number): Said[] => people.map((id) => user(id, {title: String(title)}));
const haveTitle = (one: Scene, title: number): boolean =>
  people.every((id) => one.account(id)?.['title'] === String(title));

/** No account was made twice, and none was taken back to an older title. */
function inOrder({target}: Scene): void {
  expect(target.users.size).toBe(people.length);
  const last = new Map<string, number>();
  for (const {written} of target.requests) {
    if (written === undefined) continue;
    const title = Number(written['title']);
    expect(title).toBeGreaterThanOrEqual(last.get(written.id) ?? 0);
    last.set(written.id, title);
  }
}

async function errorsOf(node: Node): Promise<number> {
  return Number(/count=(\d+)/.exec(await infoOf(node, 'errorstats', 'errorstat_TRYAGAIN'))?.[1] ?? 0);
}

/** Moves what is in a slot, two keys at a time; `halfway` is called once some are here and some there. */
async function moveSlot(slot: number, from: Node, to: Node, halfway: () => Promise<void>): Promise<void> {
  await to.redis.cluster('SETSLOT', slot, 'IMPORTING', await idOf(from));
  await from.redis.cluster('SETSLOT', slot, 'MIGRATING', await idOf(to));
  for (let moved = 0; ; moved += 1) {
    const keys = await from.redis.cluster('GETKEYSINSLOT', slot, 2);
    if (keys.length === 0) break;
    await from.redis.migrate('127.0.0.1', to.port, '', 0, 5000, 'KEYS', ...keys);
    if (moved === 1) await halfway();
  }
  for (const node of [to, from, ...masters])
    await node.redis.cluster('SETSLOT', slot, 'NODE', await idOf(to));
}

/*
 * A slot moves to another node while everybody is given new titles: half of the target's keys are here and half there, and no script runs
 * before all are on one. Then that node dies, and its replica takes over.
 */
test('a slot that moves under load, and a node that dies: nothing lost, nobody made twice, nothing taken back', async () => {
  const one = await scene({redis: store});
  await one.run();
  const failing = one.target.hook(({method, path, body}) =>
    method !== 'GET' && path.startsWith('/Users') && body.includes('"p1"')
      ? {kind: 'answer', status: 500}
      : undefined,
  );
  await one.say(...titled(0));
  await eventually(() => one.target.users.size === people.length - 1, {what: 'all but one'});
  await eventually(async () => (await one.lanes.parked()) === 1, {what: 'one in a lane'});

  const slot = await spare.redis.cluster('KEYSLOT', `{${store.prefix}:here}:`);
  const from = masters[Math.floor((slot * 3) / slots)] as Node;
  const to = masters[(masters.indexOf(from) + 1) % 3] as Node;
  await moveSlot(slot, from, to, async () => {
    const [before, answered] = [(await errorsOf(to)) + (await errorsOf(from)), one.target.count()];
    await one.say(...titled(1));
    await eventually(async () => (await errorsOf(to)) + (await errorsOf(from)) >= before + 20, {
      what: 'scripts that are put off',
    });
    // Retries of the one in the lane may have left before.
    expect(one.target.count()).toBeLessThanOrEqual(answered + 1);
  });
  failing();
  await eventually(() => haveTitle(one, 1), {what: 'the first titles'});
  await one.committed();
  inOrder(one);

  await spare.redis.cluster('REPLICATE', await idOf(to));
  await untilSynced(spare);
  await one.say(...titled(2));
  await to.stop('SIGKILL');
  await one.say(...titled(3));
  await eventually(async () => (await infoOf(spare, 'replication', 'role')) === 'master', {
    what: 'the replica to take over',
  });
  await one.say(...titled(4));
  await eventually(() => haveTitle(one, 4), {what: 'the last titles', deadlineMs: 30_000});
  await one.committed();
  inOrder(one);
});
