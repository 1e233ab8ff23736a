import {changing, events} from '../events.ts';
import type {Program, Sample} from '../program.ts';
import {newName, type Benchmark} from '../rig.ts';
import {startFastTarget} from '../target.ts';

const mebibyte = 1024 * 1024;

/** The program does next to nothing: it has read what it wants of the topic. */
const isIdle = (sample: Sample, last: Sample | undefined): boolean =>
  last !== undefined && (sample.cpuSeconds - last.cpuSeconds) / ((sample.atMs - last.atMs) / 1000) < 0.05;

const peakOf = (samples: readonly Sample[]): number => Math.max(...samples.map(({rssBytes}) => rssBytes));

/** Produces while the program's memory is watched. */
async function watched(program: Program, work: Promise<void>): Promise<Sample[]> {
  let isOver = false;
  const [samples] = await Promise.all([
    program.until('producing', () => isOver, {everyMs: 500}),
    work.finally(() => (isOver = true)),
  ]);
  return samples;
}

export const memory: Benchmark = {
  name: 'memory',
  what: 'a million events wait: the window is full when the target goes away and the gate shuts',
  async run(bench) {
    const count = bench.size(1_000_000, 100_000);
    const first = count * 0.15;
    const topic = await bench.topic();
    const server = await startFastTarget();
    bench.closing(() => server.close());
    const program = await bench.program({
      topic: topic.name,
      targetUrl: server.url,
      group: newName(),
      prefix: newName(),
      target: {rate: {requests: 10, perSeconds: 1}, window: {maxChanges: count / 10}},
    });
    await topic.produce([events.person('first', 0)]);
    await program.until('settling the first', ({settled}) => settled > 0);
    const filling = await watched(program, topic.produce(changing(first, first)));
    // Full by changes or by bytes; it is read into again when half of it is settled.
    await program.until('filling the window', ({window}) => window >= count * 0.06);
    await server.close();
    await program.until('shutting the gate', ({gateShut}) => gateShut);
    const before = await bench.redisBytes();
    const piling = await watched(program, topic.produce(changing(count - first, first, first)));
    const idle = await program.until('reading all', isIdle, {everyMs: 3000});
    const last = idle.at(-1);
    return [
      {name: 'events that wait', value: last?.lag ?? 0, unit: ''},
      {
        name: 'most memory',
        value: peakOf([...filling, ...piling, ...idle]) / mebibyte,
        unit: 'MB',
        most: 300,
      },
      {name: 'memory at the end', value: (last?.rssBytes ?? 0) / mebibyte, unit: 'MB', most: 300},
      // Redis counts its clients' buffers too.
      {
        name: 'growth of Redis',
        value: ((await bench.redisBytes()) - before) / mebibyte,
        unit: 'MB',
        most: 0.1,
      },
    ];
  },
};
