import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {Redis} from 'ioredis';
import {eventually} from '../support/eventually.ts';
import {startApi, type ApiRig} from './api-rig.ts';

let api: ApiRig;
beforeAll(async () => {
  api = await startApi();
}, 60_000);
afterAll(() => api.close());

interface Ready {
  dependencies: {redis: {up: boolean; detail?: string}};
}

test('a Redis that answers nothing, and breaks no connection, is told as away until it answers again', async () => {
  const redisOf = async (): Promise<Ready['dependencies']['redis']> =>
    ((await (await fetch(`${api.url}/readyz`)).json()) as Ready).dependencies.redis;
  const gauge = async (): Promise<string | undefined> =>
    /^avroscim_dependency_up\{dependency="redis"\} (\d)$/m.exec(
      await (await fetch(`${api.url}/metrics`)).text(),
    )?.[1];
  expect([await redisOf(), await gauge()]).toEqual([{up: true}, '1']);
  const client = new Redis(api.redis.url);
  await client.client('PAUSE', 9000, 'ALL');
  const away = await eventually(async () => {
    const state = await redisOf();
    return state.up ? undefined : state;
  });
  expect([away.detail, await gauge()]).toEqual(['no answer for 5 s', '0']);
  await eventually(async () => (await redisOf()).up);
  expect(await gauge()).toBe('1');
  client.disconnect();
}, 40_000);

test('while Redis hangs one request waits for it, and the others are told at once', async () => {
  const client = new Redis(api.redis.url);
  const timed = async () => {
    const from = performance.now();
    const {status, body} = await api.ask('/api/v1/dead-letter-groups', 'viewer');
    return {status, service: body['service'], isFast: performance.now() - from < 2000};
  };
  expect(await timed()).toMatchObject({status: 200});
  await client.client('PAUSE', 12_000, 'ALL');
  const away = {status: 503, service: 'redis'};
  expect(await timed()).toEqual({...away, isFast: false});
  expect([await timed(), await timed()]).toEqual([
    {...away, isFast: true},
    {...away, isFast: true},
  ]);
  // What this process knows is shown without waiting for Redis.
  const from = performance.now();
  const {status, body} = await api.ask('/api/v1/targets', 'viewer');
  expect([status, body.targets?.length, performance.now() - from < 2000]).toEqual([200, 2, true]);
  await eventually(async () => (await timed()).status === 200, {what: 'Redis again', deadlineMs: 30_000});
  client.disconnect();
}, 60_000);
