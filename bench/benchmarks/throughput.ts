import {bareRate} from '../bare.ts';
import {changing} from '../events.ts';
import {loopRate} from '../loop.ts';
import {rateOf, type Program, type Sample} from '../program.ts';
import {newName, type Bench, type Benchmark, type Topic} from '../rig.ts';
import {startFastTarget, type FastTarget} from '../target.ts';

const inFlight = 64;
const target = {concurrency: inFlight, coalesce: false, guard: {maxLeavers: 1_000_000, perMinutes: 60}};

interface Speed {
  rate: number;
  /** The program's own CPU time, which the load of the machine changes less. */
  cpuMicros: number;
}

interface Applied {
  topic: Topic;
  server: FastTarget;
  prefix: string;
  count: number;
  speed: Speed;
}

async function measure(program: Program, count: number): Promise<Speed> {
  const samples = await program.until('settling all events', ({settled}) => settled >= count, {everyMs: 250});
  const first = samples.find(({settled}) => settled > 0);
  const last = samples.at(-1);
  const cpuSeconds = (last?.cpuSeconds ?? 0) - (first?.cpuSeconds ?? 0);
  return {
    rate: rateOf(samples),
    cpuMicros: (cpuSeconds * 1e6) / ((last?.settled ?? 0) - (first?.settled ?? 0)),
  };
}

/** Applies a topic of events to a target that answers at once. */
async function apply(bench: Bench): Promise<Applied> {
  const count = bench.size(100_000, 40_000);
  const topic = await bench.topic();
  const server = await startFastTarget();
  bench.closing(() => server.close());
  await topic.produce(changing(count, count / 10));
  const prefix = newName();
  const program = await bench.program({
    topic: topic.name,
    targetUrl: server.url,
    group: newName(),
    prefix,
    target,
  });
  const speed = await measure(program, count);
  await program.stop();
  return {topic, server, prefix, count, speed};
}

export const throughput: Benchmark = {
  name: 'throughput',
  what: 'events settled a second, each one request, beside bare undici with the same requests and a bare loop with the same events',
  async run(bench) {
    const {topic, server, count, speed} = await apply(bench);
    const {rate, cpuMicros} = speed;
    const {kept, count: requests} = await server.take();
    const bare = await bareRate(server.url, kept, count, inFlight);
    const {kafka, registry, redis} = bench.services;
    const loop = await loopRate({
      brokers: kafka.brokers,
      topic: topic.name,
      registryUrl: registry.url,
      redisUrl: redis.url,
      prefix: newName(),
      targetUrl: server.url,
      count,
      inFlight,
    });
    return [
      {name: 'events settled', value: rate, unit: '/s'},
      {name: 'bare undici', value: bare, unit: 'requests/s'},
      {name: 'share of bare undici', value: rate / bare, unit: '', least: 0.35},
      {name: 'a bare loop', value: loop, unit: '/s'},
      {name: 'share of a bare loop', value: rate / loop, unit: ''},
      {name: 'requests an event', value: requests / count, unit: ''},
      {name: 'CPU of the program an event', value: cpuMicros, unit: 'µs'},
    ];
  },
};

export const reread: Benchmark = {
  name: 'reread',
  what: 'the same topic again, by a new consumer group, when all of it is applied',
  async run(bench) {
    const {topic, server, prefix, count} = await apply(bench);
    await server.take();
    // As a user has it: what a newer event of the window has overtaken is not asked about.
    const usual = {...target, coalesce: true};
    const again = {topic: topic.name, targetUrl: server.url, group: newName(), prefix, target: usual};
    const program = await bench.program(again);
    const isOver = ({lag, settled, window}: Sample): boolean => settled > 0 && lag === 0 && window === 0;
    const samples = await program.until('reading it again', isOver, {everyMs: 100, deadlineMs: 120_000});
    const [first, last] = [samples[0], samples.at(-1)];
    const seconds = ((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 1000;
    const cpuSeconds = (last?.cpuSeconds ?? 0) - (first?.cpuSeconds ?? 0);
    await program.stop();
    const {count: requests} = await server.take();
    return [
      {name: 'events settled', value: count / seconds, unit: '/s', least: 20_000},
      {name: 'requests', value: requests, unit: '', most: 0},
      {name: 'CPU of the program an event', value: (cpuSeconds * 1e6) / count, unit: 'µs'},
    ];
  },
};
