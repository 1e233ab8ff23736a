import {randomUUID} from 'node:crypto';
import {Redis} from 'ioredis';
import {services} from './services.ts';

export interface TestRedis {
  redis: Redis;
  /** A key prefix that no other test has. */
  prefix: string;
  /** Deletes every key under the prefix (with or without a hash tag around it) and disconnects. */
  close: () => Promise<void>;
}

/** A client at the run's Redis, or at `url`, with a prefix of its own, so that tests may run side by side. */
export function openRedis(url = services().redisUrl): TestRedis {
  const redis = new Redis(url, {maxRetriesPerRequest: null});
  const prefix = `test-${randomUUID()}`;
  const close = async (): Promise<void> => {
    for (const pattern of [`${prefix}*`, `{${prefix}*`]) {
      for await (const keys of redis.scanStream({match: pattern, count: 1000}) as AsyncIterable<string[]>) {
        if (keys.length > 0) await redis.unlink(...keys);
      }
    }
    await redis.quit();
  };
  return {redis, prefix, close};
}
