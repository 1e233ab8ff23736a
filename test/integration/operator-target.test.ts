import {afterAll, expect, test} from '@jest/globals';
import {once} from 'node:events';
import {createServer} from 'node:http';
import {freePort} from '../../scripts/services/ports.ts';
import {createPauses} from '../../src/stages/pauses/index.ts';
import {openRedis} from '../support/redis.ts';
import {services} from '../support/services.ts';
import {openTerminal} from '../support/terminal.ts';

const store = openRedis();
afterAll(() => store.close());
const port = await freePort();
const command = openTerminal({
  kafka: {topics: ['events'], brokers: ['127.0.0.1:1']},
  redis: {url: services().redisUrl, prefix: store.prefix},
  admin: {port},
  targets: {
    wiki: {connector: 'scim', config: {baseUrl: 'https://wiki.example/scim/v2', auth: {bearer: 'made up'}}},
  },
});
const audited = (complaints: string[]): object[] =>
  complaints
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as {audit: object}).audit);

test('pause and resume: obeyed by who reads Redis, audited with who and why, and the same again', async () => {
  const pauses = createPauses({...store, target: 'wiki'});
  const paused = await command('target pause', ['wiki'], {reason: 'a bad extract'});
  const by = (await pauses.read())?.by;
  expect(by).toContain('@');
  expect(paused).toMatchObject({
    code: 0,
    result: {target: 'wiki', paused: {by, reason: 'a bad extract'}},
    complaints: [expect.any(String), expect.stringContaining('leavers keep their access at wiki')],
  });
  expect(audited(paused.complaints)).toMatchObject([
    {target: 'wiki', action: 'target paused', reason: 'a bad extract', actor: {id: by, kind: 'human'}},
  ]);
  const again = await command('target pause', ['wiki'], {});
  expect(again).toMatchObject({code: 0, result: paused.result});
  expect(audited(again.complaints)).toEqual([]);
  const resumed = await command('target resume', ['wiki']);
  expect(resumed).toMatchObject({code: 0, result: {resumed: true}});
  expect(audited(resumed.complaints)).toMatchObject([{action: 'target resumed', actor: {id: by}}]);
  expect(await pauses.read()).toBeUndefined();
  expect(await command('target resume', ['wiki'])).toMatchObject({code: 0, result: {resumed: false}});
});

test('a target that is not there is refused with those that are', async () => {
  expect(await command('target pause', ['desk'])).toMatchObject({
    code: 2,
    complaints: [expect.stringContaining('wiki')],
  });
});

test('list: what Redis knows, the gate as a service says, and what could not be asked is said', async () => {
  const server = createServer((_, response) => {
    response.writeHead(503).end(JSON.stringify({targets: {wiki: {gate: 'shut', detail: '503: down'}}}));
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const {code, result} = await command('target list');
  server.closeAllConnections();
  server.close();
  expect(code).toBe(0);
  expect(result).toMatchObject({
    targets: [
      {
        ...{target: 'wiki', connector: 'scim', gate: 'shut', detail: '503: down', paused: null},
        ...{parked: 0, openCutOffs: 0, held: 0, letters: 0},
      },
    ],
    notes: [expect.stringContaining('Kafka does not answer')],
  });
  await command('target pause', ['wiki']);
  const {printed, complaints} = await command('target list', [], {}, false);
  expect(printed).toEqual([
    expect.stringMatching(/^target +connector +gate/),
    expect.stringMatching(/^wiki +scim +paused +\? +0 +0 +0 +0 +by .+ since /),
  ]);
  expect(complaints).toEqual([
    expect.stringContaining('no service answers'),
    expect.stringContaining('Kafka'),
  ]);
});
