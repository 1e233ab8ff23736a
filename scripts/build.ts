/**
 * Compiles the program: node scripts/build.ts [--out FOLDER], `dist` unless told. Beside it stands the commit that it is of:
 * that of AVRO_SCIM_COMMIT where git is not (an image), else the checkout's.
 */
import {spawnSync} from 'node:child_process';
import {chmodSync, rmSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {gitCommit} from '../src/build.ts';

const root = join(import.meta.dirname, '..');

function build(out: string): number {
  // What an earlier version left there would be packed.
  rmSync(out, {recursive: true, force: true});
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', out];
  const {status} = spawnSync(process.execPath, args, {stdio: 'inherit'});
  if (status !== 0) return 1;
  const commit = process.env['AVRO_SCIM_COMMIT'] || gitCommit();
  writeFileSync(join(out, 'src/commit.json'), `${JSON.stringify({commit})}\n`);
  chmodSync(join(out, 'src/main.js'), 0o755);
  return 0;
}

const {values} = parseArgs({options: {out: {type: 'string', default: join(root, 'dist')}}});
process.exitCode = build(resolve(values.out));
