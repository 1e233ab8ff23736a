import type {Cluster, Redis} from 'ioredis';
import type {Head} from '../../core/audit/written.ts';

/** How far each chain is known to reach, outside of what it is written to: who cuts a file off does not reach here. */
export interface Heads {
  read(): Promise<Head[]>;
  /** One a writer: the newest. */
  keep(head: Head): Promise<void>;
  /** Those that a chain names now; one that has gone on meanwhile stays. */
  drop(heads: readonly Head[]): Promise<void>;
}

const dropScript = `
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then redis.call('HDEL', KEYS[1], ARGV[i]) end
end`;

/** Heads in one hash in Redis, by writer. */
export function createHeads({redis, prefix}: {redis: Redis | Cluster; prefix: string}): Heads {
  // Of no target, and under the prefix that Redis' ACLs give the program.
  const key = `{${prefix}:}:audit-heads`;
  return {
    async read() {
      return Object.values(await redis.hgetall(key)).map((text) => JSON.parse(text) as Head);
    },
    async keep(head) {
      await redis.hset(key, head.writer, JSON.stringify(head));
    },
    async drop(heads) {
      if (heads.length === 0) return;
      await redis.eval(dropScript, 1, key, ...heads.flatMap((head) => [head.writer, JSON.stringify(head)]));
    },
  };
}
