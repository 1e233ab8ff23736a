import {randomInt} from 'node:crypto';
import {createServer} from 'node:net';

const given = new Set<number>();

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen({port, host: '127.0.0.1', exclusive: true}, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/**
 * A free port on loopback, below the range that outgoing connections take: a service that is restarted on its port must
 * find it free, and a client that reconnects meanwhile must not connect to itself. `busAt`: so far above is a second one,
 * which a node of a Redis Cluster takes for its bus.
 */
export async function freePort({busAt = 0} = {}): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(20_000, 32_000 - busAt);
    const all = [...new Set([port, port + busAt])];
    if (all.some((one) => given.has(one))) continue;
    for (const one of all) given.add(one);
    const areFree = await Promise.all(all.map(isFree));
    if (!areFree.includes(false)) return port;
  }
  throw new Error('no free port found between 20000 and 32000 on 127.0.0.1');
}
