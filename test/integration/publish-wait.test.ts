import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from '@jest/globals';
import {connectors} from '../../connectors/index.ts';
import type {CommandContext} from '../../src/commands/command.ts';
import {publish} from '../../src/commands/publish.ts';
import {loadConfig} from '../../src/config/load.ts';
import {services} from '../support/services.ts';
import {closing, scene, type Scene} from './scenarios-rig.ts';

const meta = {eventId: '2f1f7d5a-4f0b-4a3c-9a53-0d8a3f1c9f11', occurredAt: 1_790_000_000_000, source: 'hr'};
const person = (id: string, more: object = {}) => ({
  key: id,
  value: {...meta, user: {id, userName: id, active: true, ...more}},
});

/** `publish` over a scene's config; resolves to its exit code and all that it printed and said. */
async function publisher({topic, redis, target}: Scene) {
  const folder = await mkdtemp(join(tmpdir(), 'publish-wait-'));
  closing(() => rm(folder, {recursive: true}));
  const {brokers, registryUrl, redisUrl} = services();
  const manifests = connectors.map(({manifest}) => manifest);
  return async (lines: object[], options: CommandContext['options'], changes: object = {}) => {
    const file = join(folder, 'events.jsonl');
    const path = join(folder, 'config.yaml');
    await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const config = {
      kafka: {brokers, groupPrefix: redis.prefix, topics: [topic]},
      registry: {url: registryUrl},
      redis: {url: redisUrl, prefix: redis.prefix},
      targets: {here: {connector: 'scim', config: {baseUrl: target.url, auth: {bearer: 'of-a-test'}}}},
      ...changes,
    };
    await writeFile(path, JSON.stringify(config));
    const printed: string[] = [];
    const said: string[] = [];
    const code = await publish.run({
      ...{arguments: [file], options: {topic, ...options}, json: options['json'] === true},
      ...{configPath: path, env: {}, signal: new AbortController().signal},
      print: (line) => void printed.push(line),
      complain: (line) => void said.push(line),
      load: () => {
        const loaded = loadConfig({path, env: {}, manifests});
        if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
        return Promise.resolve(loaded);
      },
    });
    return {code, printed, said};
  };
}

test('--wait tells what became of each event at each target, and says by its code whether all are settled', async () => {
  const here = await scene({partitions: 3, settings: {guard: {maxLeavers: 1}, concurrency: 1}});
  const run = await publisher(here);
  expect(await run([person('early')], {wait: true, timeout: '1'})).toEqual({
    code: 1,
    printed: [expect.stringMatching(/^sent 1 event/), 'here: 1 waiting'],
    said: [expect.stringMatching(/^here: early \(.+\/\d\/0\): not decided yet$/)],
  });

  await here.run();
  const leaver = person('nobody', {active: false});
  expect(await run([person('u1'), person('u2'), leaver], {wait: true})).toMatchObject({
    code: 0,
    printed: [expect.stringMatching(/^sent 3/), 'here: 3 settled'],
    said: [],
  });
  expect([here.account('u1')?.['active'], here.account('nobody')]).toEqual([true, undefined]);

  const stop = here.target.hook(({body}) => {
    if (body.includes('refused')) return {kind: 'answer', status: 400};
    return body.includes('failing') ? {kind: 'answer', status: 500} : undefined;
  });
  const mixed = await run([person('refused'), person('failing'), person('u3')], {
    ...{wait: true, timeout: '8', target: ['here'], json: true},
  });
  expect(mixed.code).toBe(1);
  expect(JSON.parse(mixed.printed[0] ?? '')).toMatchObject({
    sent: 3,
    outcomes: [{target: 'here', settled: 1, dead: 1, parked: 1, held: 0, waiting: 0}],
    open: [
      {key: 'refused', fate: 'dead', cause: expect.stringContaining('400')},
      {key: 'failing', fate: 'parked', cause: expect.stringContaining('500')},
    ],
  });
  stop();

  const gone = ['u1', 'u2', 'u3'].map((id) => person(id, {active: false}));
  const held = await run(gone, {wait: true});
  expect(held).toMatchObject({code: 1, printed: [expect.anything(), 'here: 1 settled, 2 held']});
  expect(held.said[0]).toMatch(/held for a person$/);
});

test('--now gives each event an id and a time of its own; without it they are the file’s', async () => {
  const here = await scene();
  const run = await publisher(here);
  await here.run();
  const before = Date.now();
  for (const now of [true, false])
    expect(await run([person('u1')], {wait: true, now})).toMatchObject({code: 0});
  const [first, second] = [await here.ended(0, 'applied'), here.audit.find(({offset}) => offset === 1)];
  expect(first.eventId).not.toBe(meta.eventId);
  expect(first.occurredAt).toBeGreaterThanOrEqual(before);
  expect(second).toMatchObject({eventId: meta.eventId, occurredAt: meta.occurredAt});
});

test('what can not be waited for is refused before anything is sent', async () => {
  const here = await scene();
  const run = await publisher(here);
  const line = [person('u1')];
  const refused: [CommandContext['options'], object, number, RegExp][] = [
    [{target: ['here']}, {}, 2, /expected --wait beside --target/],
    [{wait: true, timeout: '0'}, {}, 2, /whole number of seconds/],
    [{wait: true, target: ['there']}, {}, 2, /expected a target of the config \(here\), found there/],
    [{wait: true}, {kafka: {brokers: services().brokers, topics: ['another']}}, 2, /no target reads/],
    [{wait: true}, {redis: {url: 'redis://127.0.0.1:1'}}, 3, /Redis does not answer/],
  ];
  for (const [options, changes, code, message] of refused)
    expect(await run(line, options, changes)).toEqual({
      code,
      printed: [],
      said: [expect.stringMatching(message)],
    });
  const [{high} = {high: ''}] = await here.kafka.admin.fetchTopicOffsets(here.topic);
  expect(high).toBe('0');
});
