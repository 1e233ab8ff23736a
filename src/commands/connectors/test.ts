import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {statSync} from 'node:fs';
import {extname, join, resolve} from 'node:path';
import type {Command} from '../command.ts';

const ownNames = new URL(
  `../../config/own-connectors/own-names${extname(import.meta.filename)}`,
  import.meta.url,
);

/** What Node does before a test file: `avro-scim/testing` is this program's, whatever is installed beside the connector. */
const preload = `import {answerOwnNames} from ${JSON.stringify(ownNames.href)}; answerOwnNames();`;

/** `connectors test PATH`: Node's own test runner over the tests of a connector. */
export const connectorsTest: Command = {
  name: 'connectors test',
  describe: 'run the tests of a connector of your own by Node’s test runner, with this program’s contract',
  arguments: [
    {
      name: '<path>',
      describe: 'its folder, with *.test.ts, .js or .mjs in it, or one such file',
      completes: 'files',
    },
  ],
  run: async (context) => {
    const [path = ''] = context.arguments;
    const stat = statSync(path, {throwIfNoEntry: false});
    if (stat === undefined) {
      context.complain(`expected a folder or a test file, found nothing at ${path}`);
      return 2;
    }
    const tests = stat.isDirectory() ? join(path, '**', '*.test.{ts,js,mjs}') : resolve(path);
    const node = [...process.execArgv, '--import', `data:text/javascript,${encodeURIComponent(preload)}`];
    const reporter = ['--test-reporter', context.json ? 'tap' : 'spec'];
    const child = spawn(process.execPath, [...node, '--test', ...reporter, tests], {stdio: 'inherit'});
    context.signal.addEventListener('abort', () => child.kill('SIGTERM'));
    const [code] = (await once(child, 'exit')) as [number | null];
    return code === 0 ? 0 : 1;
  },
};
