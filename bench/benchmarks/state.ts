import {events, type Produced} from '../events.ts';
import type {Sample} from '../program.ts';
import {newName, type Benchmark} from '../rig.ts';
import {startFastTarget} from '../target.ts';

const groupSize = 1000;

const idOf = (n: number): string => `p${n}`;

function* joiners(count: number): Generator<Produced> {
  for (let n = 0; n < count; n += 1) yield events.person(idOf(n), 0);
}

/** Everybody is in one group. */
function* groups(count: number): Generator<Produced> {
  for (let from = 0; from < count; from += groupSize) {
    const members = Array.from({length: groupSize}, (_, n) => idOf(from + n));
    yield events.group(`group-${from / groupSize}`, members);
  }
}

export const state: Benchmark = {
  name: 'state',
  what: 'bytes of Redis, by its own count, for a subject at one target and for a member of a group',
  async run(bench) {
    const count = bench.size(100_000, 10_000);
    const topic = await bench.topic();
    const server = await startFastTarget();
    bench.closing(() => server.close());
    const setting = {topic: topic.name, targetUrl: server.url, group: newName(), prefix: newName()};
    const program = await bench.program({...setting, target: {concurrency: 64}});
    await topic.produce([events.person('first', 0)]);
    await program.until('settling the first', ({settled, lag}) => settled > 0 && lag === 0);
    const empty = await bench.redisBytes();
    await topic.produce(joiners(count));
    await program.until('creating all', ({settled, lag}) => settled > count && lag === 0);
    const full = await bench.redisBytes();
    await topic.produce(groups(count));
    const all = count + 1 + count / groupSize;
    // A group is settled when it is made; its members are told after that.
    const isQuiet = ({requests}: Sample, last?: Sample): boolean => requests === last?.requests;
    await program.until('filling the groups', (now, last) => now.settled >= all && isQuiet(now, last), {
      everyMs: 2000,
    });
    const grouped = await bench.redisBytes();
    const groupBytes = (count / groupSize) * 250;
    return [
      {name: 'a subject', value: (full - empty) / count, unit: 'bytes', most: 250},
      {name: 'a member', value: (grouped - full - groupBytes) / count, unit: 'bytes', most: 60},
    ];
  },
};
