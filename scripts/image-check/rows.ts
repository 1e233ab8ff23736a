import {readFileSync} from 'node:fs';
import {availableParallelism, loadavg} from 'node:os';
import {basename} from 'node:path';
import {becomes} from '../services/daemon.ts';
import type {Closing} from '../services/folder.ts';
import {cpuSeconds, runOnce, start, type Container} from './container.ts';
import {filesOf, type Image} from './image.ts';
import type {Job} from './job.ts';

/** One thing that was looked at. */
export interface Row {
  what: string;
  wanted: string;
  found: string;
  holds: boolean;
}

const row = (what: string, wanted: string, found: string | number, holds: boolean): Row => ({
  ...{what, wanted, holds},
  found: String(found),
});
const same = (what: string, wanted: string | number, found: string | number | null): Row =>
  row(what, String(wanted), String(found), wanted === found);

const mostBytes = 250e6;
const mostStartSeconds = 2;
const starts = 3;
const shells = ['sh', 'bash', 'dash', 'ash', 'busybox', 'npm', 'apt', 'apt-get', 'dpkg'];

/** What the image is, and what a process in it may do. */
export async function checkImage(image: Image, commit: string): Promise<Row[]> {
  const files = filesOf(image.folder);
  const bytes = files.reduce((sum, one) => sum + one.bytes, 0);
  const found = files.filter(({path}) => /(^|\/)s?bin\//.test(path) && shells.includes(basename(path)));
  const node = ['node', '--eval'];
  const [version, who, written] = [
    await runOnce(image, [...image.entrypoint, '--version']),
    await runOnce(image, [...node, 'console.log(process.pid, process.getuid(), process.getgid())']),
    await runOnce(image, [...node, "require('fs').writeFileSync('/app/x', '')"]),
  ];
  const isRefused = written.code === 1 && written.output.includes('EROFS');
  return [
    row('size', `< ${mostBytes / 1e6} MB`, `${(bytes / 1e6).toFixed(0)} MB`, bytes < mostBytes),
    row(
      'shell, package manager',
      'none',
      found.map(({path}) => path).join(' ') || 'none',
      found.length === 0,
    ),
    same('--version', `0, commit ${commit}`, `${version.code}, ${/commit \w+/.exec(version.output)?.[0]}`),
    same('label revision', commit, image.labels['org.opencontainers.image.revision'] ?? ''),
    same('process, user, group', '1 10001 10001', who.output),
    row('root file system', 'read-only', isRefused ? 'read-only' : written.output, isRefused),
  ];
}

/** The main job: checked, published, run, carried out at the target, stopped. */
export async function checkJob(image: Image, job: Job, closing: Closing): Promise<Row[]> {
  const inside = (...args: string[]) => runOnce(image, [...image.entrypoint, ...args], job.mounts);
  const rows: Row[] = [];
  const checked = await inside('check');
  rows.push(
    row(
      'check',
      '0',
      `${checked.code}${checked.code === 0 ? '' : `: ${checked.output}`}`,
      checked.code === 0,
    ),
  );
  const published = await inside('publish', '/etc/avro-scim/events.jsonl', '--topic', job.topic);
  rows.push(same('publish', 0, published.code));
  rows.push(await checkEarlyStop(image, job));
  const health = {...image, env: {...image.env, AVRO_SCIM_LIVEZ: `${job.adminUrl}/livez`}};
  const isHealthy = async (): Promise<number | null> => (await runOnce(health, image.healthcheck)).code;
  rows.push(same('health check of one that is not there', 1, await isHealthy()));
  rows.push(await checkStarts(image, job));
  const running = await start(image, [...image.entrypoint, ...image.command], job.mounts);
  closing(() => end(running));
  const isDone = await becomes(
    () => isApplied(job),
    60_000,
    () => false,
  );
  rows.push(
    row('u1 joined, u2 left, at the target', 'so', isDone ? 'so' : running.output().slice(-2000), isDone),
  );
  rows.push(same('health check', 0, await isHealthy()));
  rows.push(
    same(
      'children of process 1',
      '',
      readFileSync(`/proc/${running.pid}/task/${running.pid}/children`, 'utf8'),
    ),
  );
  const begun = performance.now();
  running.signal(image.stopSignal as NodeJS.Signals);
  const code = await running.gone;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  rows.push(row(`${image.stopSignal} ends it`, '0', `${code}, after ${seconds} s`, code === 0));
  return rows;
}

async function isApplied({target}: Job): Promise<boolean> {
  const {users} = await target.state();
  const active = (name: string): unknown => users.find(({userName}) => userName === name)?.['active'];
  return active('u1@example.com') === true && active('u2@example.com') !== true;
}

async function end(container: Container): Promise<void> {
  if (!container.isOver()) container.signal('SIGKILL');
  await container.gone;
}

/** A signal while the modules are loaded: their addons are mapped by then. As process 1 it would be lost without a handler. */
async function checkEarlyStop(image: Image, {mounts}: Job): Promise<Row> {
  const early = await start(image, [...image.entrypoint, ...image.command], mounts);
  const isLoading = (): Promise<boolean> =>
    Promise.resolve(readFileSync(`/proc/${early.pid}/maps`, 'utf8').includes('.node'));
  const until = Date.now() + 30_000;
  while (!(await isLoading()) && Date.now() < until) await new Promise(setImmediate);
  early.signal('SIGTERM');
  const code = await early.gone;
  return row(
    'SIGTERM while it loads',
    '0, nothing begun',
    `${code}, ${early.output() || 'nothing begun'}`,
    code === 0 && early.output() === '',
  );
}

/** The best of a few: what else the machine does is no fault of the image. */
async function checkStarts(image: Image, {mounts, adminUrl}: Job): Promise<Row> {
  const seen: {seconds: number; cpu: number}[] = [];
  for (let i = 0; i < starts; i += 1) {
    const begun = performance.now();
    const one = await start(image, [...image.entrypoint, ...image.command], mounts);
    const isLive = (): Promise<boolean> =>
      fetch(`${adminUrl}/livez`).then(
        ({ok}) => ok,
        () => false,
      );
    while (!(await isLive())) await new Promise(setImmediate);
    seen.push({seconds: (performance.now() - begun) / 1000, cpu: cpuSeconds(one.pid)});
    await end(one);
  }
  const [best] = seen.sort((a, b) => a.seconds - b.seconds);
  const {seconds = Infinity, cpu = 0} = best ?? {};
  const load = `of ${availableParallelism()} processors ${loadavg()[0]?.toFixed(1)} are wanted`;
  const found = `${seconds.toFixed(2)} s, ${cpu.toFixed(2)} s of a processor; best of ${starts}, while ${load}`;
  return row('start to /livez', `< ${mostStartSeconds} s`, found, seconds < mostStartSeconds);
}
