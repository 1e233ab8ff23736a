import {afterAll, beforeAll, expect, jest, test} from '@jest/globals';
import {randomUUID} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Schema} from 'avsc';
import {createEncoder, createRegistry, readCanonicalSchema} from '../../../src/stages/decode/index.ts';
import {startProgram, type Program} from '../../faults/program.ts';
import {eventually} from '../../support/eventually.ts';
import {committedOffsets, openKafka, type TestKafka} from '../../support/kafka.ts';
import {openRedis, type TestRedis} from '../../support/redis.ts';
import {startRecordingTarget, type RecordingTarget} from '../../support/recording-target.ts';
import {services} from '../../support/services.ts';

jest.setTimeout(180_000);

const folder = mkdtempSync(join(tmpdir(), 'avro-scim-processes-'));
const encoder = createEncoder(JSON.parse(readCanonicalSchema()) as Schema);
const people = Array.from({length: 24}, (_, i) => `p${i}`);
const log = join(folder, 'log');

let kafka: TestKafka;
let store: TestRedis;
const running = new Set<Program>();
beforeAll(async () => {
  kafka = await openKafka();
  store = openRedis();
});
afterAll(async () => {
  for (const program of running) await program.end('SIGKILL');
  await store.close();
  await kafka.close();
  rmSync(folder, {recursive: true, force: true});
});

/** A topic, and as many targets as are named, to be served by as many processes as are started. */
async function open(...names: string[]) {
  const topic = await kafka.newTopic({partitions: 6});
  const {brokers, registryUrl, redisUrl} = services();
  const registry = createRegistry({url: registryUrl, timeoutMs: 10_000});
  const schema = await registry.register(`${topic}-value`, readCanonicalSchema());
  registry.close();
  if (!schema.ok) throw new Error(schema.failure.message);
  const targets = new Map<string, RecordingTarget>();
  for (const name of names) targets.set(name, await startRecordingTarget({latencyMs: 10}));
  const groupPrefix = `${store.prefix}-${topic}`;
  const config = join(folder, `${topic}.json`);
  writeFileSync(
    config,
    JSON.stringify({
      kafka: {brokers, groupPrefix, topics: [topic], sessionTimeoutMs: 6000},
      registry: {url: registryUrl},
      redis: {url: redisUrl, prefix: `${store.prefix}-${topic}`, fsyncIntervalMs: 1},
      admin: {port: 0},
      shutdown: {graceMs: 15_000},
      targets: Object.fromEntries(
        [...targets].map(([name, {url}]) => [
          name,
          {connector: 'scim', config: {baseUrl: url, auth: {bearer: 'of-a-test'}}},
        ]),
      ),
    }),
  );
  let title = 0;
  const groupOf = (name: string): string => `${groupPrefix}.${name}`;
  return {
    targetOf(name: string): RecordingTarget {
      const target = targets.get(name);
      if (!target) throw new Error(`there is no target ${name}`);
      return target;
    },
    start(...only: string[]): Program {
      const program = startProgram(
        config,
        log,
        {},
        only.flatMap((name) => ['--target', name]),
      );
      running.add(program);
      return program;
    },
    /** Everybody's next title; resolves to it. */
    async publish(): Promise<string> {
      title += 1;
      const records = people.map((id) => {
        const user = {id, userName: id, active: true, title: String(title)};
        const event = encoder.read({eventId: randomUUID(), occurredAt: Date.now(), source: 'hr', user});
        if (!event.ok) throw new Error(event.failure.message);
        return {key: id, value: encoder.frame(event.value, schema.value)};
      });
      await kafka.produce(topic, records);
      return String(title);
    },
    async membersOf(name: string): Promise<number> {
      const {groups} = await kafka.admin.describeGroups([groupOf(name)]);
      return groups[0]?.state === 'Stable' ? groups[0].members.length : 0;
    },
    async isDone(name: string): Promise<boolean> {
      const ends = await kafka.admin.fetchTopicOffsets(topic);
      const committed = await committedOffsets(kafka.admin, groupOf(name), topic);
      return ends.every(
        ({partition, high}) => Number(high) === Math.max(0, committed[partition]?.offset ?? 0),
      );
    },
    close: () => Promise.all([...targets.values()].map((target) => target.close())),
  };
}

async function stop(program: Program): Promise<void> {
  const code = await program.end('SIGTERM');
  running.delete(program);
  if (code !== 0)
    throw new Error(`it ended with ${code ?? 'a signal'}: ${(await readFile(log, 'utf8')).slice(-3000)}`);
}

/** Each account was made once; nobody was taken back; nothing was written that was so already. */
function expectInOrder({users, requests}: RecordingTarget): void {
  expect(users.size).toBe(people.length);
  const last = new Map<string, number>();
  let repeated = 0;
  for (const {written} of requests) {
    if (written === undefined) continue;
    const [before, title] = [last.get(written.id) ?? 0, Number(written['title'])];
    expect(title).toBeGreaterThanOrEqual(before);
    if (title === before) repeated += 1;
    last.set(written.id, title);
  }
  expect(repeated).toBe(0);
}

test('a rolling update and 1 → 3 → 1 replicas, under load: nothing twice, nothing out of order', async () => {
  const here = await open('wiki');
  const target = here.targetOf('wiki');
  const isLoaded = {on: true};
  const load = (async () => {
    while (isLoaded.on) {
      const before = target.count();
      await here.publish();
      await eventually(() => target.count() > before || !isLoaded.on, {what: 'work', deadlineMs: 60_000});
    }
  })();
  const members = (count: number) =>
    eventually(async () => (await here.membersOf('wiki')) === count, {
      what: `${count} at work`,
      deadlineMs: 60_000,
    });
  const old = here.start();
  await members(1);
  const young = here.start();
  await members(2);
  await stop(old);
  await members(1);
  const more = [here.start(), here.start()];
  await members(3);
  for (const program of [young, ...more.slice(1)]) await stop(program);
  await members(1);
  isLoaded.on = false;
  await load;
  const last = await here.publish();
  const areAll = (): boolean =>
    [...target.users.values()].filter(({title}) => title === last).length === people.length;
  await eventually(areAll, {what: 'everybody with the last title', deadlineMs: 60_000});
  await eventually(() => here.isDone('wiki'), {what: 'all committed', deadlineMs: 30_000});
  for (const program of more.slice(0, 1)) await stop(program);
  expectInOrder(target);
  await here.close();
});

test('targets split over deployments: each has its own, and one that stops delays no other', async () => {
  const here = await open('wiki', 'desk');
  const [wiki, desk] = [here.targetOf('wiki'), here.targetOf('desk')];
  const have = (target: RecordingTarget, title: string): boolean =>
    [...target.users.values()].filter((user) => user['title'] === title).length === people.length;
  const [first, second] = [here.start('wiki'), here.start('desk')];
  const one = await here.publish();
  await eventually(() => have(wiki, one) && have(desk, one), {what: 'both', deadlineMs: 60_000});
  expect(await Promise.all(['wiki', 'desk'].map((name) => here.membersOf(name)))).toEqual([1, 1]);
  await stop(first);
  const two = await here.publish();
  await eventually(() => have(desk, two), {what: 'the one that is up', deadlineMs: 30_000});
  expect(have(wiki, one)).toBe(true);
  const again = here.start('wiki');
  await eventually(() => have(wiki, two), {what: 'the other, later', deadlineMs: 60_000});
  for (const program of [second, again]) await stop(program);
  for (const target of [wiki, desk]) expectInOrder(target);
  await here.close();
});
