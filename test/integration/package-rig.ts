import {execFile} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {promisify} from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** A folder of a user's, with the program installed as npm does it. */
export interface Installed {
  folder: string;
  /** Every file of the package, from its root. */
  files: string[];
  /** Runs a shell command there; what it printed, both streams together. */
  shell(command: string): Promise<{code: number; output: string}>;
  remove(): void;
}

/**
 * Builds and packs the program outside the checkout, and unpacks it below node_modules of a folder of its own. Its
 * dependencies are the checkout's, so that nothing is fetched.
 */
export async function installPackage(): Promise<Installed> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'avro-scim-user-')));
  const staging = join(folder, '.staging');
  const home = join(folder, 'node_modules', 'avro-scim');
  mkdirSync(home, {recursive: true});
  await run(process.execPath, [join(root, 'scripts/build.ts'), '--out', join(staging, 'dist')]);
  const {files: listed} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {files: string[]};
  for (const path of ['package.json', ...listed.filter((one) => !one.startsWith('dist'))])
    cpSync(join(root, path), join(staging, path), {recursive: true});
  const packed = await run('npm', ['pack', '--json', '--ignore-scripts', '--loglevel=error'], {cwd: staging});
  const [tarball] = tarballsOf(packed.stdout);
  if (tarball === undefined) throw new Error(`npm pack made nothing: ${packed.stderr}`);
  const {filename, files} = tarball;
  await run('tar', ['-xzf', join(staging, filename), '--strip-components=1', '-C', home]);
  rmSync(staging, {recursive: true});
  symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
  const bin = join(folder, 'node_modules', '.bin');
  mkdirSync(bin);
  symlinkSync(join(home, 'dist/src/main.js'), join(bin, 'avro-scim'));
  symlinkSync(process.execPath, join(bin, 'node'));
  const env = {...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`, NODE_OPTIONS: ''};
  return {
    folder,
    files: files.map(({path}) => path),
    remove: () => rmSync(folder, {recursive: true}),
    shell: async (command) => {
      const child = run('bash', ['-c', `{ ${command.trimEnd()}\n} 2>&1`], {cwd: folder, env});
      const {stdout} = await child.catch((error: unknown) => error as {stdout: string});
      return {code: child.child.exitCode ?? -1, output: stdout};
    },
  };
}

interface Tarball {
  filename: string;
  files: {path: string}[];
}

/** npm answers a list, or since its version 12 an object by package. */
const tarballsOf = (text: string): Tarball[] =>
  Object.values(JSON.parse(text) as Tarball[] | Record<string, Tarball>);
