/**
 * `npm run demo`: a month at a made-up company, from Kafka to two SCIM targets, on this machine. `-- --keep` leaves
 * everything running; `-- --all-targets` adds a double of every vendor that has a connector. docs/demo.md tells what is shown.
 */
import {parseArgs} from 'node:util';
import {vendorKinds} from '../../test/doubles/vendors/vendor.ts';
import {planMonth} from './calendar.ts';
import {keptLines, nextSteps} from './next-steps.ts';
import {playMonth} from './play.ts';
import {tableOf} from './report.ts';
import {openDemo, type Demo} from './setup.ts';
import {checkTargets} from './verdict.ts';

const days = planMonth(7);

const print = (line = ''): void => void process.stdout.write(`${line}\n`);

async function show(demo: Demo): Promise<boolean> {
  print();
  const played = await playMonth(demo, days, print);
  print();
  const verdicts = await checkTargets(demo, played);
  const [audit, metrics] = await Promise.all([demo.program.audit(), demo.program.metrics()]);
  for (const line of tableOf(demo.names, audit, metrics)) print(line);
  print();
  for (const {lines} of verdicts) for (const line of lines) print(line);
  const right = verdicts.every((verdict) => verdict.right);
  if (!right) print('npm run demo -- --keep leaves the log and the audit records to look into');
  return right;
}

/** The subject with the longest history: who left and came back. */
function storied(): string {
  const events = days.flatMap(({steps}) => steps).filter((step) => step.kind === 'event');
  return events.find(({event}) => event.reason === 'came back')?.key ?? '';
}

/** Ends what was started, last first: all of it, although some fails. Whether all went well. */
async function closeAll(steps: (() => Promise<unknown>)[]): Promise<boolean> {
  let well = true;
  for (let step = steps.pop(); step; step = steps.pop())
    await step().catch((error: unknown) => {
      well = false;
      print(messageOf(error));
    });
  return well;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Rejects at the first SIGINT or SIGTERM. */
const interruption = (): Promise<never> =>
  new Promise((_, reject) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const)
      process.once(name, () => {
        reject(new Error(`stopped by ${name}`));
      });
  });

/** The exit code: 0 when the targets hold what the events say and everything has stopped (or stays, when told to). */
async function main(keep: boolean, allTargets: boolean): Promise<number> {
  const closings: (() => Promise<unknown>)[] = [];
  const begun = performance.now();
  let code = 1;
  const run = async (): Promise<void> => {
    const demo = await openDemo(print, (step) => closings.push(step), allTargets ? vendorKinds : []);
    code = (await show(demo)) ? 0 : 1;
    if (!keep) return;
    closings.length = 0;
    for (const line of keptLines(demo, storied(), await demo.keep())) print(line);
  };
  try {
    await Promise.race([run(), interruption()]);
  } catch (error) {
    code = 1;
    print(messageOf(error));
  }
  if (keep && closings.length === 0) return code;
  if (!(await closeAll(closings))) code = 1;
  print(`everything has stopped, after ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  if (code === 0) for (const line of ['', 'try next:', ...nextSteps.map((step) => `  ${step}`)]) print(line);
  return code;
}

try {
  const {values} = parseArgs({
    options: {
      keep: {type: 'boolean', default: false},
      'all-targets': {type: 'boolean', default: false},
    },
  });
  process.exitCode = await main(values.keep, values['all-targets']);
} catch (error) {
  print(`${messageOf(error)}; usage: npm run demo [-- --keep] [--all-targets]`);
  process.exitCode = 2;
}
/* With --keep, what goes on running would hold this process. */
process.exit();
