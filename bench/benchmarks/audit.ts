import {generateKeyPairSync, randomUUID} from 'node:crypto';
import {readAuditSchema} from '../../src/stages/audit/codec.ts';
import {startTargetProcess} from '../../test/support/recording-target-process.ts';
import {changing} from '../events.ts';
import {rateOf} from '../program.ts';
import {newName, type Bench, type Benchmark, type Topic} from '../rig.ts';

const people = 200;
const latencyMs = 50;
const rounds = 2;

interface Cost {
  /** Changes a second. */
  rate: number;
  /** Of the program, milliseconds a change; its start counts. */
  cpuMs: number;
}

/** What it costs with this audit, the topic read anew by a program that knows nothing. */
async function cost(bench: Bench, topic: Topic, count: number, audit: object): Promise<Cost> {
  const server = await startTargetProcess({latencyMs});
  const program = await bench.program({
    topic: topic.name,
    targetUrl: server.url,
    group: newName(),
    prefix: newName(),
    target: {concurrency: 64, coalesce: false},
    audit,
  });
  const samples = await program.until('settling all events', ({settled}) => settled >= count, {everyMs: 100});
  await program.stop();
  await server.close();
  return {rate: rateOf(samples), cpuMs: ((samples.at(-1)?.cpuSeconds ?? 0) * 1000) / count};
}

const none = (): Cost => ({rate: 0, cpuMs: 0});

export const audit: Benchmark = {
  name: 'audit',
  what: 'changes a second at a target that takes 50 ms a request, 64 in flight: audit in a file and a topic, beside the log alone',
  async run(bench) {
    const count = bench.size(20_000, 4000);
    const [topic, written] = [await bench.topic(), await bench.topic(6, readAuditSchema())];
    await topic.produce(changing(count, people));
    const signingKey = generateKeyPairSync('ed25519').privateKey.export({type: 'pkcs8', format: 'pem'});
    const proved = {signingKey, hashKey: randomUUID()};
    const ways = {
      log: {},
      file: {file: bench.file('audit.jsonl'), ...proved},
      topic: {topic: written.name, ...proved},
    };
    const costs: Record<keyof typeof ways, Cost> = {log: none(), file: none(), topic: none()};
    for (let round = 1; round <= rounds; round += 1) {
      for (const way of ['log', 'file', 'topic'] as const) {
        const {rate, cpuMs} = await cost(bench, topic, count, ways[way]);
        costs[way].rate += rate / rounds;
        costs[way].cpuMs += cpuMs / rounds;
      }
      bench.log(`audit: round ${round} of ${rounds}`);
    }
    const {log, file, topic: inTopic} = costs;
    return [
      {name: 'to the log', value: log.rate, unit: '/s'},
      {name: 'signed, in a file: of that', value: file.rate / log.rate, unit: '', least: 0.9},
      {name: 'signed, in a topic: of that', value: inTopic.rate / log.rate, unit: '', least: 0.9},
      {name: 'CPU a change, log', value: log.cpuMs, unit: 'ms'},
      {name: 'CPU a change, file', value: file.cpuMs, unit: 'ms'},
      {name: 'CPU a change, topic', value: inTopic.cpuMs, unit: 'ms'},
    ];
  },
};
