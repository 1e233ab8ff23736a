/**
 * `npm run bench`: what avro-scim reaches on this machine, each line measured in one run. `-- --short` takes small sizes,
 * `-- --only NAME` (more than once) some of the benchmarks, `-- --json` prints JSON. docs/performance.md tells what each is.
 */
import {cpus} from 'node:os';
import {parseArgs} from 'node:util';
import {build} from './build.ts';
import {benchmarks} from './benchmarks/index.ts';
import {isMet, tableOf, type Measured} from './figures.ts';
import {openBench, openServices, type Benchmark} from './rig.ts';
import type {Services} from '../scripts/services/index.ts';

const tell = (line: string): void => void process.stderr.write(`${line}\n`);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Runs `work`, then what it handed over for the end, last first: all of it, although some fails. */
async function closingAfter<T>(
  work: (closing: (step: () => Promise<unknown>) => void) => Promise<T>,
): Promise<T> {
  const steps: (() => Promise<unknown>)[] = [];
  try {
    return await work((step) => steps.push(step));
  } finally {
    for (let step = steps.pop(); step; step = steps.pop())
      await step().catch((error: unknown) => tell(messageOf(error)));
  }
}

async function measure(services: Services, benchmark: Benchmark, short: boolean): Promise<Measured> {
  const {name, what} = benchmark;
  const begun = performance.now();
  const figures = await closingAfter(async (closing) =>
    benchmark.run(await openBench(services, short, tell, closing)),
  );
  tell(`${name}: measured in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  return {benchmark: name, what, figures};
}

/** The exit code: 0 when every figure is as wanted. */
async function main(chosen: readonly Benchmark[], short: boolean, json: boolean): Promise<number> {
  tell('building the program');
  await build();
  const measured = await closingAfter(async (closing) => {
    const services = await openServices(tell, closing);
    const results: Measured[] = [];
    for (const benchmark of chosen) results.push(await measure(services, benchmark, short));
    return results;
  });
  const machine = {cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version, short};
  const lines = json ? [JSON.stringify({machine, measured}, null, 2)] : tableOf(measured);
  process.stdout.write(`${lines.join('\n')}\n`);
  return measured.some(({figures}) => figures.some((figure) => isMet(figure) === false)) ? 1 : 0;
}

function choose(names: readonly string[]): readonly Benchmark[] {
  const unknown = names.filter((name) => !benchmarks.some((one) => one.name === name));
  if (unknown.length > 0)
    throw new Error(
      `no benchmark ${unknown.join(', ')}: there are ${benchmarks.map(({name}) => name).join(', ')}`,
    );
  return names.length === 0 ? benchmarks : benchmarks.filter(({name}) => names.includes(name));
}

try {
  const {values} = parseArgs({
    options: {
      json: {type: 'boolean', default: false},
      short: {type: 'boolean', default: false},
      only: {type: 'string', multiple: true, default: []},
    },
  });
  process.exitCode = await main(choose(values.only), values.short, values.json);
} catch (error) {
  tell(`${messageOf(error)}\nusage: npm run bench [-- --short] [--json] [--only NAME]…`);
  process.exitCode = 2;
}
process.exit();
