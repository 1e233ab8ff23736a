import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createWriteStream} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {dropCharge, takeCharge} from '../../scripts/services/charges.ts';

const script = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const nodeOptions = ['--disable-warning=TimeoutNegativeWarning', '--disable-warning=ExperimentalWarning'];

/** `avro-scim run` in a process of its own. */
export interface Program {
  /** It has said something: from now on it hears signals. */
  up: Promise<unknown>;
  signal(name: NodeJS.Signals): void;
  /** Resolves to the exit code when the process is gone; null when a signal ended it. */
  gone: Promise<number | null>;
  /** Sends the signal and waits. */
  end(name: NodeJS.Signals): Promise<number | null>;
}

/** Starts it with this config; what it says is appended to `logFile`. Ends with this process, however that ends. */
export function startProgram(
  configFile: string,
  logFile: string,
  env: Record<string, string>,
  more: readonly string[] = [],
): Program {
  const args = [...nodeOptions, script, 'run', '--config', configFile, ...more];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {...process.env, ...env},
  });
  const output = createWriteStream(logFile, {flags: 'a'});
  child.stdout.pipe(output, {end: false});
  child.stderr.pipe(output, {end: false});
  const {pid} = child;
  if (pid === undefined) throw new Error('avro-scim could not be started');
  const charge = {kind: 'process', pid} as const;
  takeCharge(charge);
  const gone = once(child, 'close').then(([code]) => {
    dropCharge(charge);
    output.end();
    return code as number | null;
  });
  return {
    up: Promise.race([once(child.stdout, 'data'), gone]),
    signal: (name) => void child.kill(name),
    gone,
    end: (name) => {
      child.kill(name);
      return gone;
    },
  };
}
