import {startTargetProcess, type Snapshot} from '../../test/support/recording-target-process.ts';
import {changing} from '../events.ts';
import {rateOf} from '../program.ts';
import {newName, type Benchmark} from '../rig.ts';

const people = 200;
const latencyMs = 50;

/** How many requests of one person came with an older version than one before. */
function disorder({requests}: Snapshot): number {
  const latest = new Map<string, number>();
  let wrong = 0;
  for (const {method, path, body, written} of requests) {
    const version = Number(/Title (\d+)/.exec(body)?.[1] ?? NaN);
    if (method === 'GET' || Number.isNaN(version)) continue;
    const id = path.split('/')[2] ?? written?.id ?? '';
    if (version < (latest.get(id) ?? 0)) wrong += 1;
    latest.set(id, version);
  }
  return wrong;
}

export const slowTarget: Benchmark = {
  name: 'slow-target',
  what: 'changes a second, in order, at a target that takes 50 ms a request: 64 in flight, 200 people',
  async run(bench) {
    const count = bench.size(30_000, 6000);
    const topic = await bench.topic();
    const server = await startTargetProcess({latencyMs});
    bench.closing(() => server.close());
    await topic.produce(changing(count, people));
    const program = await bench.program({
      topic: topic.name,
      targetUrl: server.url,
      group: newName(),
      prefix: newName(),
      target: {concurrency: 64, coalesce: false},
    });
    const samples = await program.until('settling all events', ({settled}) => settled >= count, {
      everyMs: 100,
    });
    return [
      {name: 'changes', value: rateOf(samples), unit: '/s', least: 1000},
      {
        name: 'share of what 64 in flight allow',
        value: rateOf(samples) / ((64 * 1000) / latencyMs),
        unit: '',
      },
      {name: 'out of order', value: disorder(await server.snapshot()), unit: '', most: 0},
    ];
  },
};
