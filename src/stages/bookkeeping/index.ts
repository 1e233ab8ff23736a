import {randomUUID} from 'node:crypto';
import {Cluster, type Redis} from 'ioredis';
import type {Bookkeeping, Mark} from '../source/types.ts';
import {targetPrefix} from '../state/index.ts';
import {createScripts} from '../state/scripts.ts';
import {readFsyncIntervalMs} from './fsync.ts';

export interface BookkeepingOptions {
  redis: Redis | Cluster;
  prefix: string;
  target: string;
  /** How long Redis may hold a write before it is on disk. Absent: Redis is asked, at each of its starts. */
  fsyncIntervalMs?: number;
}

/** Numbers each incarnation of a partition, from 1. ARGV: its name; reply: its number. */
const INTERN = `
local key = KEYS[1] .. 'src'
local known = redis.call('HGET', key, ARGV[1])
if known then return tonumber(known) end
local number = redis.call('HLEN', key) + 1
redis.call('HSET', key, ARGV[1], number)
return number
`;

/** Counts an incarnation up; what was settled of the one before says nothing of it. ARGV: the partition's name. */
const NEXT = `
redis.call('HDEL', KEYS[1] .. 'wm', ARGV[1])
return redis.call('HINCRBY', KEYS[1] .. 'in', ARGV[1], 1)
`;

/** Forward only: a late write of a replica that lost the partition must not take the watermark back. ARGV: name, watermark… */
const SAVE = `
local key = KEYS[1] .. 'wm'
for i = 1, #ARGV, 2 do
  local known = tonumber(redis.call('HGET', key, ARGV[i]) or '-1')
  if tonumber(ARGV[i + 1]) > known then redis.call('HSET', key, ARGV[i], ARGV[i + 1]) end
end
return 1
`;

/** Before Redis was asked: that of `appendfsync everysec`, the slowest of the usual ones. */
const unknownFsyncMs = 2_000;

/**
 * What the source remembers of a target, in Redis: `src` hash topic/partition/incarnation → number, `in` hash
 * topic/partition → incarnation, `wm` hash topic/partition → watermark, `epoch` string.
 */
export function createBookkeeping(options: BookkeepingOptions): Bookkeeping {
  const {redis} = options;
  const key = targetPrefix(options.prefix, options.target);
  const run = createScripts(redis, key, {intern: INTERN, next: NEXT, save: SAVE});
  const runs = createRuns(options);
  return {
    get fsyncIntervalMs() {
      return runs.fsyncMs();
    },
    intern: async (topic, partition, incarnation) =>
      (await run.intern([`${nameOf(topic, partition)}/${incarnation}`])) as number,
    async load(topic, partition) {
      const name = nameOf(topic, partition);
      const [incarnation, watermark] = await Promise.all([
        redis.hget(`${key}in`, name),
        redis.hget(`${key}wm`, name),
      ]);
      return {
        incarnation: Number(incarnation ?? 0),
        watermark: watermark === null ? undefined : Number(watermark),
      };
    },
    nextIncarnation: async (topic, partition) => (await run.next([nameOf(topic, partition)])) as number,
    async saveWatermarks(list) {
      if (list.length > 0) await run.save(list.flatMap(argsOf));
    },
    async epoch() {
      const [, epoch] = await Promise.all([
        redis.setnx(`${key}epoch`, randomUUID()),
        redis.get(`${key}epoch`),
      ]);
      if (epoch === null) throw new Error('Redis does not keep the epoch that it was given');
      return epoch;
    },
    runId: () => runs.id(),
  };
}

/** Which run of Redis this is, and how soon that one's writes are on disk: a new one may have another policy. */
function createRuns({redis, fsyncIntervalMs}: BookkeepingOptions) {
  let last = '';
  let fsyncMs = fsyncIntervalMs ?? unknownFsyncMs;
  return {
    fsyncMs: () => fsyncMs,
    async id() {
      const id = await readRunId(redis);
      if (id !== last && fsyncIntervalMs === undefined) fsyncMs = await readFsyncIntervalMs(redis);
      last = id;
      return id;
    },
  };
}

const nameOf = (topic: string, partition: number): string => `${topic}/${partition}`;
const argsOf = ({topic, partition, watermark}: Mark): [string, number] => [
  nameOf(topic, partition),
  watermark,
];

/** Of every primary: one that was started anew is enough to doubt what was written. */
async function readRunId(redis: Redis | Cluster): Promise<string> {
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
  const ids = await Promise.all(
    nodes.map(async (node) => /^run_id:(\S+)/m.exec(await node.info('server'))?.[1]),
  );
  if (ids.length === 0 || ids.includes(undefined)) throw new Error('Redis does not tell its run_id');
  return ids.sort().join(' ');
}
