import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, existsSync, openSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {dropCharge, takeCharge} from '../services/charges.ts';
import {becomes, tail} from '../services/daemon.ts';
import {readAudit} from './report.ts';
import type {AuditRecord} from '../../src/core/audit.ts';

const source = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const nodeOptions = ['--disable-warning=TimeoutNegativeWarning', '--disable-warning=ExperimentalWarning'];
const startDeadlineMs = 60_000;

/** avro-scim, running as a user would run it. */
export interface Program {
  pid: number;
  /** What it has decided so far. */
  audit(): Promise<AuditRecord[]>;
  metrics(): Promise<string>;
  /** Resolves when `condition` holds; rejects when that takes too long or the program has ended. */
  until(what: string, condition: () => Promise<boolean>, deadlineMs: number): Promise<void>;
  /** Lets it finish what it is at; resolves to its exit code. */
  stop(): Promise<number | null>;
}

export interface ProgramFiles {
  config: string;
  audit: string;
  log: string;
}

/** Starts `avro-scim run`, from its source unless told, and waits until it says that it is ready. */
export async function startProgram(
  files: ProgramFiles,
  adminUrl: string,
  script: string = source,
): Promise<Program> {
  const child = launch(files, script);
  const charge = {kind: 'process', pid: child.pid ?? 0} as const;
  if (child.pid === undefined) throw new Error('avro-scim could not be started');
  takeCharge(charge);
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;

  async function until(what: string, condition: () => Promise<boolean>, deadlineMs: number): Promise<void> {
    if (await becomes(condition, deadlineMs, isOver)) return;
    const cause = isOver() ? 'avro-scim has ended' : `not after ${deadlineMs / 1000} s`;
    throw new Error(`${what}: ${cause}; the end of its log (${files.log}):\n${tail(files.log, 15)}`);
  }

  async function stop(): Promise<number | null> {
    const gone = isOver() ? undefined : once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    dropCharge(charge);
    return child.exitCode;
  }

  try {
    await until('waiting for avro-scim to be ready', () => isReady(adminUrl), startDeadlineMs);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pid: child.pid,
    audit: async () => readAudit(await textOf(files.audit)),
    metrics: async () => (await fetch(`${adminUrl}/metrics`)).text(),
    until,
    stop,
  };
}

/** In a session of its own, so that ^C in the terminal reaches the demo alone. */
function launch({config, log}: ProgramFiles, script: string): ChildProcess {
  const output = openSync(log, 'a');
  const args = [...nodeOptions, script, 'run', '--config', config];
  const child = spawn(process.execPath, args, {stdio: ['ignore', output, output], detached: true});
  closeSync(output);
  return child;
}

const isReady = (adminUrl: string): Promise<boolean> =>
  fetch(`${adminUrl}/readyz`).then(
    ({ok}) => ok,
    () => false,
  );

/** The file's text; nothing before the first record is written. */
const textOf = async (file: string): Promise<string> => (existsSync(file) ? readFile(file, 'utf8') : '');
