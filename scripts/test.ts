/**
 * Runs the tests against services of their own: `[PROJECT]… [JEST ARGUMENT]…`. The addresses reach the tests by the
 * environment variables of `services/given.ts`. The last line is `N passed, N failed`; the exit code is jest's.
 */
import {runJest} from './jest.ts';
import {givenBy} from './services/given.ts';
import {startServices} from './services/index.ts';

const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function main(args: readonly string[]): Promise<number> {
  const services = await startServices({log});
  try {
    const {code, totals} = await runJest(args, {
      [givenBy.kafka]: services.kafka.brokers.join(','),
      [givenBy.registry]: services.registry.url,
      [givenBy.redis]: services.redis.url,
    });
    if (totals !== undefined) log(`${totals.passed} passed, ${totals.failed} failed`);
    return code;
  } finally {
    await services.stop();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  log(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
