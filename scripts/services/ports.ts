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
 * find it free, and a client that reconnects meanwhile must not connect to itself.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(20_000, 32_000);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error('no free port found between 20000 and 32000 on 127.0.0.1');
}
