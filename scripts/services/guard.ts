/**
 * A process of its own that outlives a crashed parent for a moment and ends what the parent had started. It reads lines
 * `+JSON` and `-JSON` (a `Charge`) on standard input; when that ends, whatever is still listed is ended.
 */
import {spawnSync} from 'node:child_process';
import {rmSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {setTimeout as delay} from 'node:timers/promises';
import type {Charge} from './charges.ts';

const graceMs = 5000;
const charges = new Map<string, Charge>();

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

async function endProcesses(pids: readonly number[]): Promise<void> {
  for (const pid of pids) signal(pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline && pids.some((pid) => signal(pid, 0))) await delay(50);
  for (const pid of pids) signal(pid, 'SIGKILL');
}

async function endAll(): Promise<void> {
  const all = [...charges.values()];
  await endProcesses(all.flatMap((charge) => (charge.kind === 'process' ? [charge.pid] : [])));
  for (const charge of all) {
    if (charge.kind === 'command')
      spawnSync(charge.argv[0] ?? 'true', charge.argv.slice(1), {stdio: 'ignore'});
    if (charge.kind === 'folder') rmSync(charge.path, {recursive: true, force: true});
  }
}

for await (const line of createInterface({input: process.stdin})) {
  const text = line.slice(1);
  if (line.startsWith('+')) charges.set(text, JSON.parse(text) as Charge);
  else if (line.startsWith('-')) charges.delete(text);
}
await endAll();
