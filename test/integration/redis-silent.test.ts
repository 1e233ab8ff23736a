import {once} from 'node:events';
import {connect, createServer, type AddressInfo, type Socket} from 'node:net';
import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {createRedis} from '../../src/stages/redis.ts';
import {openRedis, type TestRedis} from '../support/redis.ts';
import {services} from '../support/services.ts';

let real: TestRedis;
beforeAll(() => {
  real = openRedis();
});
afterAll(() => real.close());

/** A network in front of Redis, which can drop everything on the connections that there are, and breaks none. */
async function openNetwork({hostname, port}: URL) {
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    sockets.push(near, far);
    near.on('error', () => far.destroy()).pipe(far);
    far.on('error', () => near.destroy()).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.length / 2,
    dropAll: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test('a connection on which nothing comes any more is made anew, and what was asked is answered', async () => {
  const url = new URL(services().redisUrl);
  const network = await openNetwork(url);
  url.port = String(network.port);
  const redis = createRedis({url: url.href}, {socketTimeout: 300, maxRetriesPerRequest: null});
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const key = `${real.prefix}:silent`;
    await redis.set(key, 'before');
    network.dropAll();
    expect(await redis.get(key)).toBe('before');
    expect(network.connections()).toBe(2);
    await redis.del(key);
  } finally {
    redis.disconnect();
    network.close();
  }
});
