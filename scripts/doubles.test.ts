import {afterAll, beforeAll, describe, expect, test} from '@jest/globals';
import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {parse} from 'yaml';
import {connectors} from '../connectors/index.ts';
import {startScimServer} from '../test/doubles/start.ts';
import {vendorKinds} from '../test/doubles/vendors/vendor.ts';

const script = fileURLToPath(new URL('./doubles.ts', import.meta.url));

describe('npm run doubles', () => {
  let child: ChildProcess;
  let printed: string;

  beforeAll(async () => {
    child = spawn(process.execPath, [script], {stdio: ['ignore', 'pipe', 'inherit']});
    const lines: string[] = [];
    if (!child.stdout) throw new Error('there is no output');
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (line.startsWith('# ^C')) break;
    }
    printed = lines.join('\n');
  });
  afterAll(async () => {
    const gone = once(child, 'exit');
    child.kill('SIGINT');
    expect(await gone).toEqual([0, null]);
  });

  test('starts one for every connector of a vendor, and prints targets that their schemas take', async () => {
    const {targets} = parse(printed) as {targets: Record<string, {connector: string; config: object}>};
    expect(Object.keys(targets)).toEqual([...vendorKinds]);
    expect(vendorKinds.toSorted()).toEqual(
      connectors
        .map(({manifest}) => manifest.id)
        .filter((id) => id !== 'scim')
        .toSorted(),
    );
    for (const {connector, config} of Object.values(targets)) {
      const schema = connectors.find(({manifest}) => manifest.id === connector)?.manifest.configSchema;
      expect(schema?.safeParse(config).success).toBe(true);
      const url = Object.values(config).find((one): one is string => /^http:/.test(String(one))) ?? '';
      expect((await fetch(url)).status).toBeGreaterThanOrEqual(400);
    }
  });
});

test('what goes wrong in a double stands in its file: one that outlives its starter must not hold what a pipe stands behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'avro-scim-double-'));
  const file = join(folder, 'wiki.log');
  await expect(startScimServer('none' as 'strict', 'a-token', file)).rejects.toThrow('did not start');
  expect(await readFile(file, 'utf8')).toMatch(/Error/);
  await rm(folder, {recursive: true});
});
