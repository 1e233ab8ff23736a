import {setTimeout as delay} from 'node:timers/promises';
import {startTargetProcess, type TargetProcess} from '../../test/support/recording-target-process.ts';
import type {Figure} from '../figures.ts';
import {events, type Produced} from '../events.ts';
import {newName, type Bench, type Benchmark, type Topic} from '../rig.ts';

const leavers = 20;
const rate = {requests: 10, perSeconds: 1};

async function startTarget(bench: Bench): Promise<TargetProcess> {
  const server = await startTargetProcess();
  bench.closing(() => server.close());
  return server;
}

const leaverIds = Array.from({length: leavers}, (_, n) => `leaver-${n}`);

function* people(prefix: string, count: number, each = 1): Generator<Produced> {
  for (let n = 0; n < count * each; n += 1)
    yield events.person(`${prefix}-${n % count}`, Math.floor(n / count));
}

const isCutOff = (body: string): boolean => /"active"[,:].*false|"value":false|"active":false/.test(body);

/** When the request that ends each leaver's access came, milliseconds since the epoch, by subject. */
async function cutOffTimes(server: TargetProcess): Promise<Map<string, number>> {
  const {requests, users} = await server.snapshot();
  const subjects = new Map(users.map((user) => [user.id, String(user['externalId'])]));
  const times = new Map<string, number>();
  for (const {method, path, body, atMs} of requests) {
    if (method === 'GET' || method === 'POST' || !isCutOff(body)) continue;
    const subject = subjects.get(path.split('/')[2] ?? '');
    if (subject !== undefined && !times.has(subject)) times.set(subject, atMs);
  }
  return times;
}

/** From the leave's produce to its request at the target, in milliseconds, each. */
async function waits(
  topic: Topic,
  server: TargetProcess,
  ids: readonly string[],
  deadlineMs: number,
): Promise<number[]> {
  const all: number[] = [];
  for (const id of ids) {
    const begun = Date.now();
    await topic.produce([events.leave(id)]);
    let at: number | undefined;
    while ((at = (await cutOffTimes(server)).get(id)) === undefined) {
      if (Date.now() - begun > deadlineMs) throw new Error(`${id} has access after ${deadlineMs / 1000} s`);
      await delay(50);
    }
    all.push(at - begun);
  }
  return all;
}

function spread(all: readonly number[], mostSeconds: number): Figure[] {
  const sorted = [...all].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  return [
    {name: 'median until access ends', value: (median ?? 0) / 1000, unit: 's', most: mostSeconds},
    {name: 'worst until access ends', value: (sorted.at(-1) ?? 0) / 1000, unit: 's', most: mostSeconds},
  ];
}

export const leaver: Benchmark = {
  name: 'leaver',
  what: 'a leaver behind 10,000 joiners, at a target that allows 10 requests a second',
  async run(bench) {
    const joiners = bench.size(10_000, 2000);
    const topic = await bench.topic();
    const server = await startTarget(bench);
    const setting = {topic: topic.name, targetUrl: server.url, group: newName(), prefix: newName()};
    const program = await bench.program({...setting, target: {rate}});
    await topic.produce(leaverIds.map((id) => events.person(id, 0)));
    await program.until('creating who will leave', ({settled}) => settled >= leavers);
    await topic.produce(people('joiner', joiners));
    await program.until('reading the joiners', ({window}) => window > joiners * 0.95);
    return spread(await waits(topic, server, leaverIds, 60_000), 2);
  },
};

export const backlog: Benchmark = {
  name: 'backlog',
  what: 'the same leaver behind a backlog of 300,000 events of 150,000 people, which the window does not hold',
  async run(bench) {
    const subjects = bench.size(150_000, 15_000);
    const topic = await bench.topic();
    const server = await startTarget(bench);
    const target = {rate, window: {maxChanges: bench.size(100_000, 10_000)}};
    const setting = {topic: topic.name, targetUrl: server.url, group: newName(), prefix: newName(), target};
    const before = await bench.program(setting);
    await topic.produce(leaverIds.map((id) => events.person(id, 0)));
    await before.until('creating who will leave', ({settled, lag}) => settled >= leavers && lag === 0);
    await before.stop();
    await topic.produce(people('joiner', subjects, 2));
    await bench.program(setting);
    const [first, ...others] = leaverIds;
    const begun = await waits(topic, server, [first ?? ''], 300_000);
    return [
      {name: 'first leaver, with all of it to read', value: (begun[0] ?? 0) / 1000, unit: 's', most: 30},
      ...spread(await waits(topic, server, others, 60_000), 30),
    ];
  },
};
