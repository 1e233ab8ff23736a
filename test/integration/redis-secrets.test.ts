import {expect, test} from '@jest/globals';
import {Redis} from 'ioredis';
import {startRedis} from '../../scripts/services/index.ts';
import {createRedis} from '../../src/stages/redis.ts';
import {eventually} from '../support/eventually.ts';

test('a password that is changed at Redis and in its file counts at the next connection, without a restart', async () => {
  const service = await startRedis({log: () => undefined});
  const operator = new Redis(service.url);
  const settings = {url: service.url};
  const withPassword = (password: string): string => service.url.replace('redis://', `redis://:${password}@`);
  const redis = createRedis(() => settings, {maxRetriesPerRequest: null}) as Redis;
  const clients = [redis, redis.duplicate()];
  for (const client of clients) client.on('error', () => undefined);
  try {
    await Promise.all(clients.map((client) => client.connect()));
    await operator.config('SET', 'requirepass', 'other');
    await operator.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await eventually(() => clients.every(({status}) => status !== 'ready'), {what: 'the connections to end'});
    settings.url = withPassword('other');
    await eventually(() => clients.every(({status}) => status === 'ready'), {what: 'the connections'});
    expect(await Promise.all(clients.map((client) => client.ping()))).toEqual(['PONG', 'PONG']);
  } finally {
    for (const client of [...clients, operator]) client.disconnect();
    await service.remove();
  }
});
