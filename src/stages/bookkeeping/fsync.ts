import {Cluster, type Redis} from 'ioredis';

/**
 * How long a write may be lost by a crash of Redis, by its `appendfsync`, in milliseconds (Redis manual, "Persistence"):
 * `everysec` writes within two seconds when the disk is slow; with `no` the kernel flushes, within 30 s on Linux. Without
 * an append-only file nothing is ever durable and waiting gains nothing: `run` refuses it unless it is allowed.
 */
export async function readFsyncIntervalMs(redis: Redis | Cluster): Promise<number> {
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
  const intervals = await Promise.all(nodes.map(intervalOf));
  return intervals.reduce((a, b) => Math.max(a, b), 0);
}

/** Managed services refuse CONFIG; INFO then tells at least whether there is a file, and `everysec` is assumed. */
async function intervalOf(node: Redis): Promise<number> {
  const info = await node.info('persistence');
  if (!/^aof_enabled:1/m.test(info)) return 0;
  const policy = await policyOf(node);
  return (policy === undefined ? undefined : byPolicy.get(policy)) ?? 2_000;
}

const byPolicy = new Map([
  ['always', 0],
  ['no', 30_000],
]);

async function policyOf(node: Redis): Promise<string | undefined> {
  try {
    const answer = await node.config('GET', 'appendfsync');
    return answer[1];
  } catch (error) {
    if (error instanceof Error && /unknown command|NOPERM|not allowed|disabled/i.test(error.message))
      return undefined;
    throw error;
  }
}
