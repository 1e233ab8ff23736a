import {mkdirSync} from 'node:fs';
import {connect} from 'node:net';
import {join} from 'node:path';
import {daemon} from './daemon.ts';
import {freePort} from './ports.ts';
import {requireRedis} from './tools.ts';
import type {Prepared, RedisOptions} from './types.ts';

/** What every Redis here is told: it keeps what it was given, and evicts nothing. */
export const commonArguments: readonly string[] = [
  ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''],
  ...['--maxmemory-policy', 'noeviction'],
];

/** Whether a Redis answers and has read its data; one that asks for a password or for TLS has. */
export function redisAnswers(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({port, host});
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2000, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.once('data', (bytes) => finish(!bytes.toString().startsWith('-LOADING')));
    socket.write('PING\r\n');
  });
}

/** A Redis in a process of this machine, not yet started; its data is in `folder`. */
export async function redisProcess(
  folder: string,
  options: RedisOptions,
  log: (line: string) => void,
): Promise<Prepared<{url: string}>> {
  await requireRedis(log);
  mkdirSync(folder, {recursive: true});
  const port = await freePort();
  return {
    service: {url: `redis://127.0.0.1:${port}/0`},
    daemon: daemon({
      name: 'redis',
      command: 'redis-server',
      args: [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
        ...commonArguments,
        ...(options.args ?? []),
      ],
      logFile: join(folder, 'redis.log'),
      ready: () => redisAnswers(port),
      deadlineMs: 20_000,
    }),
  };
}
