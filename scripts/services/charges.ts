import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import type {Writable} from 'node:stream';

/** Something started here that must not outlive this process: ended by `guard.ts` when this process is gone. */
export type Charge =
  | {kind: 'process'; pid: number}
  | {kind: 'folder'; path: string}
  | {kind: 'command'; argv: readonly string[]};

const charges = new Map<string, Charge>();
let guard: Writable | undefined;

/** The guard runs in a session of its own, so that ^C in the terminal reaches this process alone. */
function guardInput(): Writable {
  if (guard !== undefined) return guard;
  const script = fileURLToPath(new URL('./guard.ts', import.meta.url));
  const child = spawn(process.execPath, [script], {stdio: ['pipe', 'ignore', 'inherit'], detached: true});
  child.unref();
  const input: Writable & {unref?: () => void} = child.stdin;
  input.unref?.();
  guard = input;
  return input;
}

/** From now on the guard ends `charge` if this process dies. */
export function takeCharge(charge: Charge): void {
  const text = JSON.stringify(charge);
  charges.set(text, charge);
  guardInput().write(`+${text}\n`);
}

/** It was ended in the ordinary way. */
export function dropCharge(charge: Charge): void {
  const text = JSON.stringify(charge);
  charges.delete(text);
  guardInput().write(`-${text}\n`);
}

/** Lets everything under guard outlive this process; resolves to the shell command that ends it, once the guard knows. */
export async function releaseAll(): Promise<string> {
  const all = [...charges.values()];
  for (const charge of all) dropCharge(charge);
  await new Promise((resolve) => guardInput().write('\n', resolve));
  const pids = all.flatMap((charge) => (charge.kind === 'process' ? [charge.pid] : []));
  return [
    ...(pids.length > 0 ? [`kill ${pids.join(' ')}`] : []),
    ...all.flatMap((charge) => (charge.kind === 'command' ? [charge.argv.join(' ')] : [])),
    ...all.flatMap((charge) => (charge.kind === 'folder' ? [`rm -rf ${charge.path}`] : [])),
  ].join('; ');
}
