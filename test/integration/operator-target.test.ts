import {afterAll, expect, test} from '@jest/globals';
import {createServer} from 'node:http';
import {once} from 'node:events';
import type {AddressInfo} from 'node:net';
import {createPauses} from '../../src/stages/pauses/index.ts';
import {operator} from '../support/operator.ts';

const rig = await operator();
afterAll(() => rig.close());
const {command, audited, place} = rig;

test('pause and resume: obeyed by who reads Redis, audited with who and why, and the same again', async () => {
  const pauses = createPauses(place);
  const paused = await command('target pause', ['wiki'], {reason: 'a bad extract'});
  expect(paused).toMatchObject({
    code: 0,
    result: {target: 'wiki', paused: {reason: 'a bad extract'}},
    complaints: [expect.stringContaining('leavers keep their access at wiki')],
  });
  const by = (await pauses.read())?.by;
  expect(by).toContain('@');
  expect(await command('target pause', ['wiki'], {})).toMatchObject({code: 0, result: paused.result});
  expect(await command('target resume', ['wiki'])).toMatchObject({code: 0, result: {resumed: true}});
  expect(await pauses.read()).toBeUndefined();
  expect(await command('target resume', ['wiki'])).toMatchObject({code: 0, result: {resumed: false}});
  expect(await audited()).toMatchObject([
    {target: 'wiki', did: 'target paused', eventReason: 'a bad extract', actor: {id: by, kind: 'human'}},
    {target: 'wiki', did: 'target resumed', actor: {id: by}},
  ]);
});

test('a target that is not there is refused with those that are', async () => {
  expect(await command('target pause', ['desk'])).toMatchObject({
    code: 2,
    complaints: [expect.stringContaining('wiki')],
  });
});

test('list: what Redis knows, the gate as a service says, and what could not be asked is said', async () => {
  const server = createServer((_, response) =>
    response.writeHead(503).end(JSON.stringify({targets: {wiki: {gate: 'shut', detail: '503: down'}}})),
  ).listen(rig.port, '127.0.0.1');
  await once(server, 'listening');
  const {code, result} = await command('target list');
  server.close();
  expect((server.address() as AddressInfo | null)?.port).toBeUndefined();
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
  const later = await command('target list');
  expect(later.result).toMatchObject({
    targets: [{paused: {at: expect.any(String)}}],
    notes: [expect.stringContaining('no service answers'), expect.stringContaining('Kafka')],
  });
});
