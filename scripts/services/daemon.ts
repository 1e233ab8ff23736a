import {spawn, type ChildProcess} from 'node:child_process';
import {closeSync, openSync, readFileSync} from 'node:fs';
import {once} from 'node:events';
import {setTimeout as delay} from 'node:timers/promises';
import {dropCharge, takeCharge} from './charges.ts';

/** A service that can be stopped and started again on the same address and data. Calls in the wrong state do nothing. */
export interface Daemon {
  /** Resolves when it answers; rejects with the end of its log when it does not. */
  start(): Promise<void>;
  /** SIGTERM unless told; SIGKILL after 20 s. Resolves when the process is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface DaemonOptions {
  name: string;
  command: string;
  args: readonly string[];
  env?: Record<string, string>;
  logFile: string;
  ready: () => Promise<boolean>;
  deadlineMs?: number;
}

const stopDeadlineMs = 20_000;

/** The last lines of a log file, for an error message. */
export function tail(file: string, lines = 40): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

/** Polls `ready` until it holds; false when `deadlineMs` has passed or `gone` says that waiting is in vain. */
export async function becomes(
  ready: () => Promise<boolean>,
  deadlineMs: number,
  gone: () => boolean,
): Promise<boolean> {
  const deadline = Date.now() + deadlineMs;
  while (Date.now() < deadline && !gone()) {
    if (await ready()) return true;
    await delay(100);
  }
  return false;
}

const isOver = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (isOver(child)) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
  await exit;
  clearTimeout(timer);
}

/** A `Daemon` that is a process of this machine, in a session of its own, its output in `logFile`. */
export function daemon(options: DaemonOptions): Daemon {
  let child: ChildProcess | undefined;

  function launch(): ChildProcess {
    const log = openSync(options.logFile, 'a');
    const env = {...process.env, ...options.env};
    const started = spawn(options.command, options.args, {stdio: ['ignore', log, log], detached: true, env});
    started.unref();
    closeSync(log);
    if (started.pid !== undefined) takeCharge({kind: 'process', pid: started.pid});
    return started;
  }

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const running = child;
    child = undefined;
    if (running?.pid === undefined) return;
    await end(running, signal);
    dropCharge({kind: 'process', pid: running.pid});
  }

  async function start(): Promise<void> {
    if (child !== undefined && !isOver(child)) return;
    const started = launch();
    child = started;
    let spawnError: Error | undefined;
    started.once('error', (error) => {
      spawnError = error;
    });
    const gone = (): boolean => spawnError !== undefined || isOver(started);
    if (await becomes(options.ready, options.deadlineMs ?? 90_000, gone)) return;
    await stop('SIGKILL');
    const cause =
      spawnError === undefined ? `the end of its log:\n${tail(options.logFile)}` : spawnError.message;
    throw new Error(`${options.name} did not start; ${cause}`);
  }

  return {start, stop};
}
