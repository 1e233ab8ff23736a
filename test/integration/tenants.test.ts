import {afterAll, expect, test} from '@jest/globals';
import {randomUUID} from 'node:crypto';
import {pointedElsewhere} from '../../src/commands/tenants.ts';
import {connectors} from '../../connectors/index.ts';
import {loadConfig, type LoadedConfig} from '../../src/config/load.ts';
import {createTenantNote} from '../../src/stages/layout/tenant.ts';
import {openRedis} from '../support/redis.ts';
import {openTerminal} from '../support/terminal.ts';

const store = openRedis();
afterAll(() => store.close());

/** A config of one target whose name nothing else has. */
function pointed(baseUrl: string, more: object = {}, target = `t-${randomUUID()}`) {
  const config = {
    redis: {
      url: `redis://${store.redis.options.host}:${store.redis.options.port}/0`,
      prefix: store.prefix,
    },
    kafka: {brokers: ['127.0.0.1:1']},
    registry: {url: 'http://127.0.0.1:1'},
    admin: {port: 0},
    log: {level: 'error'},
    targets: {[target]: {connector: 'scim', config: {baseUrl, auth: {bearer: 'of-a-test'}}, ...more}},
  };
  return {config, target, note: createTenantNote({...store, target})};
}

const sandbox = 'http://127.0.0.1:1/sandbox';
const production = 'http://127.0.0.1:1/production';

test('a target that is pointed at another tenant is neither served nor worked on, and check says so', async () => {
  const before = pointed(sandbox);
  await before.note.note(sandbox);
  const terminal = openTerminal(pointed(production, {}, before.target).config);
  const said: unknown = expect.stringContaining(`movedFrom: ${sandbox}`);
  const {checks} = (await terminal('check')).result as {checks: object[]};
  expect(checks).toContainEqual({check: 'redis', verdict: 'wrong', detail: said});
  expect((await terminal('run')).code).toBe(2);
  const cut = await terminal('cut-off', ['u1'], {yes: true, reason: 'stolen laptop'});
  expect(cut.code).toBe(1);
  expect(JSON.stringify(cut.result)).toContain('another tenant');
  expect(await before.note.read()).toBe(sandbox);
});

/** What stands against a config, by target. */
async function objections({config}: ReturnType<typeof pointed>, readsOnly = false): Promise<string[]> {
  const manifests = connectors.map(({manifest}) => manifest);
  const readFile = (): string => JSON.stringify(config);
  const own: LoadedConfig['own'] = new Map();
  const loaded = loadConfig({path: '/config.json', env: {}, manifests, readFile, own});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const names = Object.keys(config.targets);
  return [...(await pointedElsewhere({redis: store.redis, loaded, readsOnly}, names)).values()];
}

test('the first tenant is noted, another spelling of its address is the same one, and another name begins anew', async () => {
  const first = pointed('https://wiki.example/scim/v2');
  expect(await objections(first, true)).toEqual([]);
  expect(await first.note.read()).toBeUndefined();
  expect(await objections(first)).toEqual([]);
  expect(await first.note.read()).toBe('https://wiki.example/scim/v2');
  expect(await objections(pointed('https://WIKI.example:443/scim/v2/', {}, first.target))).toEqual([]);
  expect(await objections(pointed('https://wiki.example/other', {}, first.target))).toHaveLength(1);
  expect(await objections(pointed('https://wiki.example/other'))).toEqual([]);
});

test('a tenant that has moved is noted where it is now, and not taken back', async () => {
  const old = pointed('https://old.example/scim');
  await objections(old);
  const moved = pointed('https://new.example/scim', {movedFrom: 'https://old.example/scim/'}, old.target);
  expect(await objections(moved, true)).toEqual([]);
  expect(await objections(moved)).toEqual([]);
  expect(await old.note.read()).toBe('https://new.example/scim');
  expect(await objections(moved)).toEqual([]);
  expect(await objections(old)).toHaveLength(1);
});
