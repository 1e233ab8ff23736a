import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';

/** Runs a command to its end; rejects with its output when it fails. Resolves to its standard output. */
export async function run(command: string, args: readonly string[], cwd?: string): Promise<string> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : {cwd}),
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')} failed (exit ${code ?? 'by signal'}):\n${out}${err}`);
  return out;
}

/** Whether a command runs and says yes. */
export function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, {stdio: 'ignore', timeout: 20_000}).status === 0;
}

/** Whether there is such a command, whatever it says. */
export const exists = (command: string): boolean =>
  spawnSync(command, ['--version'], {stdio: 'ignore', timeout: 20_000}).error === undefined;

const isRoot = (): boolean => process.getuid?.() === 0;

const oldestJava = 17;

/** A JDK of 17 or newer (and Maven, when something must be fetched); an error with the command to type when missing. */
export function requireJava({maven}: {maven: boolean}): void {
  const {stderr} = spawnSync('java', ['-version'], {encoding: 'utf8'});
  const version = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  const missing = [
    ...(version < oldestJava ? ['default-jdk-headless'] : []),
    ...(maven && !succeeds('mvn', ['-v']) ? ['maven'] : []),
  ];
  if (missing.length === 0) return;
  const found = version === 0 ? 'no Java' : `Java ${version}`;
  throw new Error(
    `Kafka and its registry run on a Docker engine, or on a JDK (${oldestJava} or newer) with Maven; ` +
      `found: no Docker engine, ${found}; type: sudo apt-get install -y ${missing.join(' ')}`,
  );
}

/** Installs with apt when this is root, what is not there; else an error with the command to type. */
async function requireTool(
  name: string,
  packages: readonly string[],
  present: () => boolean,
  log: (line: string) => void,
): Promise<void> {
  if (present()) return;
  if (isRoot() && succeeds('apt-get', ['--version'])) {
    log(`installing ${packages.join(', ')} with apt-get`);
    await run('apt-get', ['-qq', 'update']);
    await run('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', ...packages]);
    if (present()) return;
  }
  throw new Error(`${name} was not found; type: sudo apt-get install -y ${packages.join(' ')}`);
}

export const requireRedis = (log: (line: string) => void): Promise<void> =>
  requireTool('redis-server', ['redis-server'], () => succeeds('redis-server', ['--version']), log);

export const requirePython = (log: (line: string) => void): Promise<void> =>
  requireTool(
    'python3 with pip',
    ['python3-pip'],
    () => succeeds('python3', ['-m', 'pip', '--version']),
    log,
  );

/** Debian's Chromium, which browser tests drive. */
export const chromiumPath = '/usr/bin/chromium';

export const requireChromium = (log: (line: string) => void): Promise<void> =>
  requireTool('chromium', ['chromium'], () => succeeds(chromiumPath, ['--version']), log);
