import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {createSender, type Sender} from '../../src/http.ts';
import type {TargetPort} from '../../src/core/port.ts';
import {startScimServer, type ScimServer} from '../../test/doubles/start.ts';
import {scim} from './index.ts';
import {configSchema} from './manifest.ts';
import {options, scripted} from './testing/scripted.ts';

let server: ScimServer;
let sender: Sender;
let port: TargetPort;

beforeAll(async () => {
  server = await startScimServer('strict', 'outage-token');
  sender = createSender({
    target: 'wiki',
    connections: 4,
    deadlineMs: 5000,
    maxAnswerBytes: 1_000_000,
    now: Date.now,
  });
  const config = configSchema.parse({baseUrl: server.url, auth: {bearer: server.token}});
  const {context} = scripted({auth: {bearer: 'unused'}}, () => [500]);
  port = scim.create({...context, config: () => config, send: sender.send, now: Date.now});
});

afterAll(async () => {
  await sender.close();
  await server.stop();
});

const create = (userName: string) => port.users.create({userName, active: true}, options);

test.each([
  [{answer: 503}, {kind: 'unavailable', cause: '503 not JSON'}],
  [
    {answer: 429, retryAfterSeconds: 9},
    {kind: 'throttled', retryAfterMs: 9000},
  ],
  [{answer: 500}, {kind: 'transient', maybeDone: true}],
  [{answer: 401}, {kind: 'unauthorized'}],
  [{answer: 'refuse'}, {kind: 'transient', cause: 'no answer', maybeDone: true}],
] as const)('an outage of kind %j is a failure %j, and passes', async (outage, failure) => {
  const userName = JSON.stringify(outage);
  await server.control({outage: {...outage, seconds: 60}});
  expect(await create(userName)).toMatchObject({ok: false, failure});
  await server.control({outage: {...outage, seconds: 0}});
  expect(await create(userName)).toMatchObject({ok: true, value: {attributes: {userName}}});
});

test('a user that the service refuses, until it does not', async () => {
  await server.control({reject: {userName: 'Mallory'}});
  expect(await create('mallory')).toMatchObject({
    ok: false,
    failure: {kind: 'rejected', cause: '400 invalidValue', message: 'the target refuses a value'},
  });
  await server.control({reject: {userName: 'Mallory', reject: false}});
  expect(await create('mallory')).toMatchObject({ok: true});
  const {users, requests} = await server.state();
  expect(users.filter(({userName}) => userName === 'mallory').length).toBe(1);
  expect(requests['POST 400']).toBe(1);
});

test('a server that is gone is unavailable', async () => {
  await server.stop();
  expect(await port.check(options.signal)).toMatchObject({
    ok: false,
    failure: {kind: 'unavailable', cause: 'connect ECONNREFUSED'},
  });
});
