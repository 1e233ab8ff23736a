import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import type {Command} from './command.ts';

/** `demo`: the script at `script` in a process of its own, and its exit code: docs/demo.md. A package is without it. */
export const demoOf = (script: URL): Command => ({
  name: 'demo',
  describe: 'the whole system on this machine: a month at a made-up company',
  options: [{flags: '--keep', describe: 'leave everything running, and say where it answers'}],
  async run({options, complain, signal}) {
    if (!existsSync(script)) {
      complain('demo: it is in the repository alone: clone that, and type npm run demo');
      return 1;
    }
    const args = [
      ...process.execArgv,
      fileURLToPath(script),
      ...(options['keep'] === true ? ['--keep'] : []),
    ];
    const child = spawn(process.execPath, args, {stdio: 'inherit'});
    const stop = (): void => void child.kill('SIGTERM');
    signal.addEventListener('abort', stop, {once: true});
    const [code] = (await once(child, 'exit')) as [number | null];
    return code === 0 ? 0 : 1;
  },
});

export const demo = demoOf(new URL('../../scripts/demo/main.ts', import.meta.url));
