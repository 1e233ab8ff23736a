import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {randomUUID} from 'node:crypto';
import {Redis, type Cluster} from 'ioredis';
import {daemon, type Daemon} from '../../../scripts/services/daemon.ts';
import {freePort} from '../../../scripts/services/ports.ts';
import {commonArguments, redisAnswers} from '../../../scripts/services/redis.ts';
import {createRedis, type RedisSettings} from '../../../src/stages/redis.ts';
import {eventually} from '../../support/eventually.ts';
import type {TestRedis} from '../../support/redis.ts';

/** One Redis of a group, in a process of its own. */
export interface Node extends Daemon {
  port: number;
  redis: Redis;
}

/** Redis processes that are started together and end together, with their data. */
export interface Nodes {
  start(args: readonly string[], asSentinel?: boolean): Promise<Node>;
  /** What the program would use, under a prefix of its own. */
  client(settings: Omit<RedisSettings, 'url'>): Promise<TestRedis>;
  close(): Promise<void>;
}

export function openNodes(): Nodes {
  const folder = mkdtempSync(join(tmpdir(), 'avro-scim-nodes-'));
  const closes: (() => unknown)[] = [() => rmSync(folder, {recursive: true, force: true})];
  return {
    async start(args, asSentinel = false) {
      const port = await freePort({busAt: 10_000});
      const dir = join(folder, String(port));
      mkdirSync(dir);
      // A sentinel wants a file that it may write.
      const file = join(dir, 'sentinel.conf');
      if (asSentinel) writeFileSync(file, '');
      const own = asSentinel ? [file, '--sentinel', ...args] : [...commonArguments, ...args];
      const process = daemon({
        name: `redis ${port}`,
        command: 'redis-server',
        args: [...own, '--port', String(port), '--bind', '127.0.0.1', '--dir', dir],
        logFile: join(dir, 'log'),
        ready: () => redisAnswers(port),
        deadlineMs: 20_000,
      });
      await process.start();
      const redis = new Redis(port, {maxRetriesPerRequest: 1, disconnectTimeout: 100});
      redis.on('error', () => undefined);
      closes.push(() => process.stop('SIGKILL'));
      closes.push(() => redis.disconnect());
      return {...process, port, redis};
    },
    async client(settings) {
      const redis: Redis | Cluster = createRedis(
        {url: 'redis://unused', ...settings},
        {maxRetriesPerRequest: null},
      );
      redis.on('error', () => undefined);
      await redis.connect();
      const close = (): Promise<void> => {
        redis.disconnect();
        return Promise.resolve();
      };
      closes.push(close);
      return {redis: redis as Redis, prefix: `test-${randomUUID()}`, close};
    },
    async close() {
      for (const step of closes.reverse()) await step();
    },
  };
}

/** A field of what a Redis says of itself. */
export const infoOf = async ({redis}: Node, section: string, field: string): Promise<string> =>
  new RegExp(`^${field}:(.*)\r?$`, 'm').exec(await redis.info(section))?.[1]?.trim() ?? '';

/** From now on the replicas of this one get nothing of what is written. */
export async function cutReplicas({redis}: Node): Promise<void> {
  await redis.call('ACL', 'SETUSER', 'default', '-psync', '-sync', '-replconf');
  await redis.call('CLIENT', 'KILL', 'TYPE', 'replica');
}

/** Makes `node` a replica, and waits until it has everything. */
export const untilSynced = (node: Node): Promise<boolean> =>
  eventually(async () => (await infoOf(node, 'replication', 'master_link_status')) === 'up', {
    what: 'the replica to have everything',
  });
