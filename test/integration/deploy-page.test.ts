import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeAll, expect, test} from '@jest/globals';
import {parse} from 'yaml';
import {connectors} from '../../connectors/index.ts';
import {renderChart, type ChartValues} from '../../scripts/chart/helm.ts';
import {deployPackages} from '../../scripts/services/downloads.ts';
import {publish} from '../../src/commands/publish.ts';
import {loadConfig} from '../../src/config/load.ts';
import {shownCommands, shownFiles} from '../deploy/page.ts';
import {part, readManifests, say} from '../deploy/rig.ts';
import {services} from '../support/services.ts';
import {closing, scene, type Scene} from './scenarios-rig.ts';

beforeAll(() => deployPackages(say), 300_000);

/** `publish` as a pod's arguments have it, over a scene's services; resolves to its exit code and what it printed. */
async function publisher({topic, redis, target}: Scene) {
  const folder = await mkdtemp(join(tmpdir(), 'deploy-page-'));
  closing(() => rm(folder, {recursive: true}));
  const {brokers, registryUrl, redisUrl} = services();
  const path = join(folder, 'config.yaml');
  const config = {
    kafka: {brokers, groupPrefix: redis.prefix, topics: [topic]},
    registry: {url: registryUrl},
    redis: {url: redisUrl, prefix: redis.prefix},
    targets: {here: {connector: 'scim', config: {baseUrl: target.url, auth: {bearer: 'of-a-test'}}}},
  };
  await writeFile(path, JSON.stringify(config));
  const manifests = connectors.map(({manifest}) => manifest);
  return async (args: readonly string[], events: string) => {
    expect([args[0], args.includes('--now'), args.includes('--wait')]).toEqual(['publish', true, true]);
    const file = join(folder, 'events.jsonl');
    await writeFile(file, events);
    const said: string[] = [];
    const code = await publish.run({
      ...{arguments: [file], options: {topic, now: true, wait: true}, json: false},
      ...{configPath: path, env: {}, signal: new AbortController().signal},
      print: (line) => void said.push(line),
      complain: (line) => void said.push(line),
      load: () => {
        const loaded = loadConfig({path, env: {}, manifests});
        if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
        return Promise.resolve(loaded);
      },
    });
    return {code, said};
  };
}

test('docs/deploy.md: helm test makes no account; the joiner of the page gets one, and the leaver is cut off', async () => {
  const values = parse(shownFiles.get('values.yaml') ?? '') as ChartValues;
  const [rendered] = await renderChart([{values}]);
  const made = readManifests(rendered?.manifests?.['avro-scim/templates/tests/publish.yaml'] ?? '');
  const pod = made.find(({kind}) => kind === 'Pod');
  const event = made.find(({kind}) => kind === 'ConfigMap')?.data?.['helm-test.jsonl'] ?? '';
  const here = await scene();
  const run = await publisher(here);
  await here.run();

  const tested = await run(part(pod?.spec, 'containers', 0, 'args') as string[], event);
  expect(tested).toMatchObject({code: 0, said: [expect.anything(), 'here: 1 settled']});
  expect([here.target.users.size, here.target.requests.some(({method}) => method === 'GET')]).toEqual([
    0,
    true,
  ]);

  const shown = shownCommands.filter(({inner}) => inner[2] === 'publish');
  expect(shown.map(({reads}) => reads)).toEqual(['joiner.jsonl', 'leaver.jsonl']);
  for (const [index, active] of [true, false].entries()) {
    const {inner = [], reads = ''} = shown[index] ?? {};
    expect(await run(inner.slice(2), shownFiles.get(reads) ?? '')).toMatchObject({code: 0});
    expect(here.account('u1')).toMatchObject({active, userName: 'ada@example.com'});
  }
  expect(await here.ended(2, 'applied')).toMatchObject({did: 'cut off', receipt: {complete: true}});
});
