import {changing, events} from '../events.ts';
import {newName, type Bench, type Benchmark} from '../rig.ts';
import {refusedMark, startFastTarget} from '../target.ts';

const failing = 500;

/** Changes of the others applied a second, while 500 subjects are refused with 500 over and over, or are not. */
async function rate(bench: Bench, count: number, refuses: boolean): Promise<{rate: number; parked: number}> {
  const topic = await bench.topic();
  const server = await startFastTarget();
  const setting = {topic: topic.name, targetUrl: server.url, group: newName(), prefix: newName()};
  // As everybody has it: tried again after 1 s, 2 s, 4 s and so on.
  const retry = {};
  // Before the others come there is nothing but failures of one cause, which is what shuts a gate.
  const gate = {failures: 1_000_000};
  const program = await bench.program({...setting, target: {concurrency: 64, coalesce: false, retry, gate}});
  const mark = refuses ? refusedMark : 'taken-';
  // Others between them: a run of failures of one cause would shut the gate.
  const mixed = Array.from({length: failing}, (_, n) => [
    events.person(`${mark}${n}`, 0),
    events.person(`other-${n}`, 0),
  ]).flat();
  await topic.produce(mixed);
  await program.until('deciding the 500', ({settled}) => settled >= failing * 2);
  const before = await program.sample();
  await topic.produce(changing(count, count / 10));
  const applied = (sample: {outcomes: (outcome: string) => number}): number =>
    sample.outcomes('applied') - before.outcomes('applied');
  const samples = await program.until('applying the others', (sample) => applied(sample) >= count, {
    everyMs: 100,
  });
  const first = samples.find((sample) => applied(sample) > 0);
  const last = samples.at(-1);
  const parked = last?.parked ?? 0;
  await program.stop();
  await server.close();
  if (first === undefined || last === undefined || first === last)
    throw new Error('it went too fast to be measured');
  return {rate: ((applied(last) - applied(first)) * 1000) / (last.atMs - first.atMs), parked};
}

export const lanes: Benchmark = {
  name: 'lanes',
  what: 'changes of others a second while 500 subjects are retried, beside runs in which none is (paired, in turns)',
  async run(bench) {
    const count = bench.size(50_000, 10_000);
    const shares: number[] = [];
    const rates: number[] = [];
    let parked = 0;
    for (let pair = 0; pair < bench.size(3, 1); pair += 1) {
      const quiet = await rate(bench, count, false);
      const busy = await rate(bench, count, true);
      rates.push(busy.rate);
      shares.push(busy.rate / quiet.rate);
      parked = busy.parked;
    }
    const median = (all: number[]): number => all.sort((a, b) => a - b)[all.length >> 1] ?? 0;
    return [
      {name: 'parked', value: parked, unit: '', least: failing},
      {name: 'others', value: median(rates), unit: '/s'},
      {name: 'share of the rate without them', value: median(shares), unit: '', least: 0.9},
    ];
  },
};
