import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import type {Readable} from 'node:stream';
import {dropCharge, takeCharge} from '../services/charges.ts';
import type {Image} from './image.ts';

/** Folders of this machine, by the path at which the container sees them. */
export interface Mounts {
  readOnly?: Record<string, string>;
  writable?: Record<string, string>;
}

/** Something that runs in the image. */
export interface Container {
  /** Of its process 1, as this machine counts. */
  pid: number;
  /** What it has said so far. */
  output(): string;
  /** To its process 1. */
  signal(name: NodeJS.Signals): void;
  isOver(): boolean;
  /** Resolves to the exit code when it is over. */
  gone: Promise<number | null>;
}

/** What an engine does too: read-only root, the image's user, no capability, namespaces of its own but for the network. */
function boxOf({folder, env, user, workingDir}: Image, {readOnly = {}, writable = {}}: Mounts): string[] {
  const [uid = '', gid = ''] = user.split(':');
  return [
    ...['--ro-bind', folder, '/', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--tmpfs', '/run'],
    ...Object.entries(readOnly).flatMap(([at, path]) => ['--ro-bind', path, at]),
    ...Object.entries(writable).flatMap(([at, path]) => ['--bind', path, at]),
    ...['--unshare-user', '--uid', uid, '--gid', gid, '--cap-drop', 'ALL', '--new-session'],
    ...['--unshare-pid', '--as-pid-1', '--unshare-ipc', '--unshare-uts', '--die-with-parent'],
    ...['--clearenv', ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value])],
    ...['--chdir', workingDir, '--info-fd', '3'],
  ];
}

/** Runs a command in the image as process 1; it ends with this process. */
export async function start(
  image: Image,
  command: readonly string[],
  mounts: Mounts = {},
): Promise<Container> {
  const child = spawn('bwrap', [...boxOf(image, mounts), '--', ...command], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const gone = once(child, 'close').then(([code]) => code as number | null);
  // {"child-pid": N, …}, over several lines.
  let info = '';
  const told = Promise.withResolvers<number>();
  (child.stdio[3] as Readable).setEncoding('utf8').on('data', (text: string) => {
    info += text;
    const pid = /"child-pid": (\d+)/.exec(info)?.[1];
    if (pid !== undefined) told.resolve(Number(pid));
  });
  const failed = gone.then(() => Promise.reject(new Error(`bwrap did not start: ${output}`)));
  failed.catch(() => undefined);
  const pid = await Promise.race([told.promise, failed]);
  const charge = {kind: 'process', pid: child.pid ?? 0} as const;
  takeCharge(charge);
  void gone.then(() => dropCharge(charge));
  return {
    pid,
    output: () => output,
    isOver: () => child.exitCode !== null || child.signalCode !== null,
    signal: (name) => void process.kill(pid, name),
    gone,
  };
}

/** Runs one to its end. */
export async function runOnce(
  image: Image,
  command: readonly string[],
  mounts: Mounts = {},
): Promise<{code: number | null; output: string}> {
  const one = await start(image, command, mounts);
  const code = await one.gone;
  return {code, output: one.output().trim()};
}

/** Processor seconds that a process has used (proc(5), fields 14 and 15, in ticks of 10 ms). */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
