import {afterAll, expect, test} from '@jest/globals';
import {connectors} from '../../connectors/index.ts';
import {openStores} from '../../src/commands/run/api/stores.ts';
import {loadConfig} from '../../src/config/load.ts';
import type {AuditStage} from '../../src/stages/audit/index.ts';
import {openRedis} from '../support/redis.ts';
import {services} from '../support/services.ts';

const store = openRedis();
afterAll(() => store.close());

test('an audit that fails in the middle of an action is told as such: it is no unexpected exception', async () => {
  const target = {
    connector: 'scim',
    config: {baseUrl: 'https://wiki.example/scim', auth: {bearer: 'made up'}},
  };
  const text = JSON.stringify({
    kafka: {topics: ['events']},
    redis: {url: services().redisUrl, prefix: store.prefix},
    targets: {wiki: target},
  });
  const manifests = connectors.map(({manifest}) => manifest);
  const loaded = loadConfig({path: '/config.json', env: {}, manifests, readFile: () => text});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const audit: AuditStage = {
    append: () => Promise.reject(new Error('no room on the disk')),
    act: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const stores = openStores(() => loaded, audit);
  const answer = await stores.ask(async (all) => {
    await all.get('wiki')?.audit.append([]);
    return {ok: true, value: 'done'};
  });
  await stores.close();
  expect(answer).toMatchObject({
    ok: false,
    refusal: {kind: 'unavailable', service: 'audit', detail: expect.stringContaining('no room on the disk')},
  });
});
