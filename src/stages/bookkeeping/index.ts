import {randomUUID} from 'node:crypto';
import type {Cluster, Redis} from 'ioredis';
import type {Bookkeeping} from '../source/types.ts';
import {createScripts} from '../state/scripts.ts';
import {targetPrefix} from '../state/index.ts';

export interface BookkeepingOptions {
  redis: Redis | Cluster;
  prefix: string;
  target: string;
  /** After how long at most a write survives a crash of Redis. */
  fsyncIntervalMs: number;
}

/** A number for each incarnation of a partition, counted up in the order of their first sight. */
const INTERN = `
local known = redis.call('HGET', KEYS[1] .. 'src', ARGV[1])
if known then return tonumber(known) end
local id = redis.call('HINCRBY', KEYS[1] .. 'n', 'source', 1)
redis.call('HSET', KEYS[1] .. 'src', ARGV[1], id)
return id
`;

/** Forward only: a late write of a replica that lost the partition must not take the watermark back. */
const SAVE = `
for i = 1, #ARGV, 2 do
  local known = tonumber(redis.call('HGET', KEYS[1] .. 'wm', ARGV[i]) or '-1')
  if tonumber(ARGV[i + 1]) > known then redis.call('HSET', KEYS[1] .. 'wm', ARGV[i], ARGV[i + 1]) end
end
return 1
`;

const NEXT_INCARNATION = `
redis.call('HDEL', KEYS[1] .. 'wm', ARGV[1])
return redis.call('HINCRBY', KEYS[1] .. 'inc', ARGV[1], 1)
`;

const field = (topic: string, partition: number): string => `${topic}/${partition}`;

/** What the source remembers of a target in Redis: sources, incarnations, watermarks, and the epoch of the data. */
export function createBookkeeping(options: BookkeepingOptions): Bookkeeping {
  const {redis} = options;
  const key = targetPrefix(options.prefix, options.target);
  const run = createScripts(redis, key, {intern: INTERN, save: SAVE, next: NEXT_INCARNATION});
  return {
    fsyncIntervalMs: options.fsyncIntervalMs,
    async intern(topic, partition, incarnation) {
      return Number(await run.intern([`${incarnation}/${field(topic, partition)}`]));
    },
    async load(topic, partition) {
      const [incarnation, watermark] = await Promise.all([
        redis.hget(`${key}inc`, field(topic, partition)),
        redis.hget(`${key}wm`, field(topic, partition)),
      ]);
      return {
        incarnation: Number(incarnation ?? 0),
        watermark: watermark === null ? undefined : Number(watermark),
      };
    },
    async nextIncarnation(topic, partition) {
      return Number(await run.next([field(topic, partition)]));
    },
    async saveWatermarks(list) {
      if (list.length === 0) return;
      await run.save(list.flatMap(({topic, partition, watermark}) => [field(topic, partition), watermark]));
    },
    async epoch() {
      await redis.setnx(`${key}epoch`, randomUUID());
      return (await redis.get(`${key}epoch`)) ?? '';
    },
    async runId() {
      return /run_id:(\w+)/.exec(await redis.info('server'))?.[1] ?? '';
    },
  };
}
