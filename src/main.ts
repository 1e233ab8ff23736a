#!/usr/bin/env -S node --disable-warning=TimeoutNegativeWarning
import {setImmediate} from 'node:timers/promises';

/**
 * Who is told to stop while the modules are still being read has begun nothing, and ends at once. The handlers are there
 * before anything else is imported: as process 1 of a container a signal without a handler is lost, and a stop would wait
 * until the process is killed.
 */
const stop = new AbortController();
let isLoading = true;
const earlyStop = process.argv[2] === 'run' ? 0 : 1;

/** The first SIGTERM or SIGINT lets the command end what it is at; the second ends the process at once. */
const onSignal = (): void => {
  if (isLoading) process.exit(earlyStop);
  if (stop.signal.aborted) process.exit(1);
  stop.abort();
};
for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, onSignal);

try {
  // What is imported here leaves no turn to signals; the one after it tells of those that came.
  const {runCommandLine} = await import('./command-line.ts');
  await setImmediate();
  isLoading = false;
  process.exitCode = await runCommandLine(stop.signal);
} catch (error) {
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`unexpected: ${told}\n`);
  process.exitCode = 1;
}
process.exit();
