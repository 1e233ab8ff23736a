/**
 * Builds the image of the Dockerfile without a container engine and runs the program in it: npm run image:check. Needs root.
 * Prints a table, and ends with 1 where a row does not hold.
 */
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import type {Closing} from '../services/folder.ts';
import {exists} from '../services/tools.ts';
import {makeBase} from './base.ts';
import {buildImage, type Image} from './image.ts';
import {openJob} from './job.ts';
import {checkImage, checkJob, type Row} from './rows.ts';

const log = (line: string): void => void process.stderr.write(`${line}\n`);

function requireTools(): void {
  if (process.getuid?.() !== 0) throw new Error('expected to be run as root: sudo npm run image:check');
  const missing = [
    ['buildah', 'buildah'],
    ['mmdebstrap', 'mmdebstrap'],
    ['bwrap', 'bubblewrap'],
  ].flatMap(([program = '', name = '']) => (exists(program) ? [] : [name]));
  if (missing.length > 0)
    throw new Error(
      `not found: ${missing.join(', ')}; type: apt-get install -y --no-install-recommends ${missing.join(' ')}`,
    );
}

function print(rows: readonly Row[]): void {
  const width = (of: (row: Row) => string): number => Math.max(...rows.map((row) => of(row).length));
  const [what, wanted] = [width((row) => row.what), width((row) => row.wanted)];
  for (const row of rows) {
    const cells = [row.what.padEnd(what), row.wanted.padEnd(wanted), row.found];
    console.log(`${row.holds ? 'ok ' : 'NOT'}  ${cells.join('  ')}`);
  }
}

async function check(closing: Closing): Promise<number> {
  requireTools();
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], {cwd: join(import.meta.dirname, '../..')});
  const base = await makeBase(log, closing);
  log('building the image');
  const image: Image = await buildImage(base, String(commit).trim(), closing);
  const rows = await checkImage(image, String(commit).trim());
  const job = await openJob(log, closing);
  rows.push(...(await checkJob(image, job, closing)));
  print(rows);
  return rows.every(({holds}) => holds) ? 0 : 1;
}

const steps: (() => Promise<unknown>)[] = [];
try {
  process.exitCode = await check((step) => void steps.push(step));
} catch (error) {
  log(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  for (const step of steps.reverse()) await step().catch((error: unknown) => log(String(error)));
}
