/**
 * Runs a script of this repository on the Node that package-lock.json names, whatever Node the machine has (20 or newer):
 *   node scripts/with-node.mjs SCRIPT [ARGUMENT]…
 * Installs the dependencies first when they are missing or other than the lock file says. Arguments, signals and the exit
 * code pass through. It may import Node's own modules alone, and only use what Node 20 knows.
 */
import {spawn, spawnSync} from 'node:child_process';
import {accessSync, constants, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = join(root, 'node_modules', '.bin', 'node');
/** Warnings that say nothing to a user: KafkaJS sets negative timers, and jest needs Node's module loader hooks. */
const quiet = ['--disable-warning=TimeoutNegativeWarning', '--disable-warning=ExperimentalWarning'];

const packagesOf = (file) => Object.entries(JSON.parse(readFileSync(join(root, file), 'utf8')).packages);

/** Whether node_modules holds what the lock file names (packages for other machines apart), and a Node that can run. */
function isInstalled() {
  try {
    accessSync(node, constants.X_OK);
    const present = new Map(packagesOf('node_modules/.package-lock.json'));
    return packagesOf('package-lock.json').every(([path, {version, optional}]) => {
      const found = present.get(path)?.version;
      return path === '' || found === version || (optional === true && found === undefined);
    });
  } catch {
    return false;
  }
}

function install() {
  process.stderr.write('installing the dependencies with npm ci\n');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (npm.status === 0 && isInstalled()) return;
  process.stderr.write(`${npm.stdout ?? ''}${npm.stderr ?? ''}${npm.error?.message ?? ''}\n`);
  process.stderr.write('the dependencies could not be installed; type: npm ci\n');
  process.exit(1);
}

function passThrough(child) {
  /* In a terminal ^C reaches the child by itself: once is what it should see. */
  const forwarded = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => forwarded.includes(signal) && child.kill(signal));
  }
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
  process.stderr.write('usage: node scripts/with-node.mjs SCRIPT [ARGUMENT]…\n');
  process.exit(2);
}
if (!isInstalled()) install();
passThrough(spawn(node, [...quiet, script, ...args], {stdio: 'inherit'}));
