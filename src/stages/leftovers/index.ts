import type {Cluster, Redis} from 'ioredis';
import type {Leftovers} from '../../core/parked.ts';
import {targetPrefix} from '../state/index.ts';

/** Reads the indexes that the scripts keep of work no record asks for; takes nothing away. */
export function createLeftovers(options: {
  redis: Redis | Cluster;
  prefix: string;
  target: string;
}): Leftovers {
  const key = targetPrefix(options.prefix, options.target);
  const upTo = (zset: string, beforeMs: number, limit: number): Promise<string[]> =>
    options.redis.zrangebyscore(`${key}${zset}`, '-inf', beforeMs, 'LIMIT', 0, limit);
  return {
    async find(beforeMs, limit) {
      const [groups, people, cutOffs, lanes] = await Promise.all([
        upTo('dg', beforeMs, limit),
        upTo('rq', beforeMs, limit),
        upTo('lc', beforeMs, limit),
        upTo('lanes', beforeMs, limit),
      ]);
      return {groups, people, lanes: [...new Set([...cutOffs, ...lanes])]};
    },
    deletions: (nowMs, limit) => upTo('del', nowMs, limit),
  };
}
