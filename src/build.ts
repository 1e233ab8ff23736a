import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import project from '../package.json' with {type: 'json'};

/** What runs: the version, and the commit that it was built from, `-dirty` where files differed; `unknown` where nobody can tell. */
export interface Build {
  version: string;
  commit: string;
}

/** Beside the built program, written by scripts/build.ts. */
const written = new URL('commit.json', import.meta.url);
const checkout = new URL('../', import.meta.url);

/** Tells which build this is: of a package by what it was given, of a checkout by its git. */
export const readBuild = (): Build => ({version: project.version, commit: writtenCommit() ?? gitCommit()});

/** `0.1.0 (commit …)`. */
export const buildText = ({version, commit}: Build): string => `${version} (commit ${commit})`;

function writtenCommit(): string | undefined {
  if (!existsSync(written)) return undefined;
  return (JSON.parse(readFileSync(written, 'utf8')) as Pick<Build, 'commit'>).commit;
}

/** Only the program's own git counts: it may be installed in a folder of another's. */
export function gitCommit(folder = checkout): string {
  if (!existsSync(new URL('.git', folder))) return 'unknown';
  try {
    const args = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
    return execFileSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}
