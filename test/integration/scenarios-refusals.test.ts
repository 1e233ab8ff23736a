import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, jest, test} from '@jest/globals';
import {startRedis, type Extra, type RedisControls} from '../../scripts/services/index.ts';
import {startProgram} from '../faults/program.ts';
import {services} from '../support/services.ts';

jest.setTimeout(120_000);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'avro-scim-refusals-'));
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

/** What `run` ends with, and what it has said. */
async function run(config: object): Promise<{code: number | null; said: string}> {
  const files = {config: join(folder, 'config.json'), log: join(folder, 'log')};
  writeFileSync(files.config, JSON.stringify(config));
  rmSync(files.log, {force: true});
  const code = await startProgram(files.config, files.log, {}).gone;
  return {code, said: readFileSync(files.log, 'utf8')};
}

const configOf = (redis: object): object => ({
  kafka: {brokers: services().brokers},
  registry: {url: services().registryUrl},
  redis,
  admin: {port: 0},
  targets: {
    here: {connector: 'scim', config: {baseUrl: 'http://127.0.0.1:9/scim', auth: {bearer: 'of-a-test'}}},
  },
});

test.each([
  ['that evicts', ['--maxmemory-policy', 'allkeys-lru'], 'noeviction'],
  ['that does not persist', ['--appendonly', 'no'], 'allowVolatile'],
])('run refuses a Redis %s, and says what it wants', async (_, args, wanted) => {
  const store: Extra<RedisControls> = await startRedis({args, log: () => undefined});
  try {
    const {code, said} = await run(configOf({url: store.url}));
    expect(code).toBe(1);
    expect(said).toContain(wanted);
  } finally {
    await store.remove();
  }
});

test('run ends with 2 at a config with mistakes, and tells all of them with their places', async () => {
  const {code, said} = await run({...configOf({url: 7, prefixx: 'a'}), targets: {here: {connector: 'none'}}});
  expect(code).toBe(2);
  for (const name of ['url', 'prefixx', 'connector']) expect(said).toMatch(new RegExp(`:1:\\d+: .*${name}`));
});
