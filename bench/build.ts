import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

const pathOf = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** What users run: Node would keep its compiler of TypeScript in memory beside the source. */
export const builtProgram = pathOf('dist/src/main.js');

/** `npm run build`. Rejects with what the compiler says against the source. */
export async function build(): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [pathOf('scripts/build.ts')]);
  } catch (error) {
    const {stdout = String(error)} = error as {stdout?: string};
    throw new Error(`the program can not be built:\n${stdout}`, {cause: error});
  }
}
