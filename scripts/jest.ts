import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readFileSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {availableParallelism, tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {dropCharge, takeCharge} from './services/charges.ts';

export const projects = ['unit', 'deploy', 'integration', 'faults'] as const;

/** Jest loads ES modules only behind Node's flag; its warnings say nothing to who runs the tests. */
const nodeOptions = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=TimeoutNegativeWarning',
];

/** Where `totals-reporter.mjs` writes. */
const totalsFileVariable = 'AVRO_SCIM_TEST_TOTALS';

export interface Totals {
  passed: number;
  failed: number;
}

/** Projects named first (all when none is), then jest's own arguments. */
export function splitArguments(args: readonly string[]): {selected: string[]; rest: string[]} {
  const isProject = (word: string): boolean => projects.some((project) => project === word);
  const end = args.findIndex((word) => !isProject(word));
  const count = end === -1 ? args.length : end;
  return {selected: count === 0 ? [...projects] : args.slice(0, count), rest: args.slice(count)};
}

/** What the reporter wrote; nothing when jest ended before it ran a test. */
function readTotals(file: string): Totals | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Totals) : undefined;
}

/** Two at the least: most of an integration test is waiting. */
const workers = (): string[] => ['--maxWorkers', String(Math.max(2, availableParallelism() - 1))];

/** Runs jest to its end. Resolves to its exit code and its totals, which are absent when it ended before its report. */
export async function runJest(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{code: number; totals: Totals | undefined}> {
  const {selected, rest} = splitArguments(args);
  const jest = join(dirname(createRequire(import.meta.url).resolve('jest/package.json')), 'bin/jest.js');
  const folder = await mkdtemp(join(tmpdir(), 'avro-scim-jest-'));
  const folderCharge = {kind: 'folder', path: folder} as const;
  takeCharge(folderCharge);
  const totalsFile = join(folder, 'totals.json');
  const reporter = fileURLToPath(new URL('./totals-reporter.mjs', import.meta.url));
  /* These take every word up to the next option: a flag that takes none ends them. */
  const lists = ['--selectProjects', ...selected, '--reporters', 'default', reporter, '--ci', ...workers()];
  const child = spawn(process.execPath, [...nodeOptions, jest, ...lists, ...rest], {
    stdio: 'inherit',
    env: {...process.env, ...env, [totalsFileVariable]: totalsFile},
  });
  const charge = {kind: 'process', pid: child.pid ?? 0} as const;
  if (child.pid !== undefined) takeCharge(charge);
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return {code: code ?? 1, totals: readTotals(totalsFile)};
  } finally {
    dropCharge(charge);
    await rm(folder, {recursive: true, force: true});
    dropCharge(folderCharge);
  }
}

if (import.meta.main) process.exitCode = (await runJest(process.argv.slice(2))).code;
