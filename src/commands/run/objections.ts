import type {Cluster, Redis} from 'ioredis';
import type {Config} from '../../config/schema.ts';
import type {Logger} from '../../core/connector.ts';
import {readRedisFacts, redisObjections} from '../../stages/redis.ts';
import {openLayouts} from '../../target/layout.ts';

/** What stands against using this Redis for these targets, in words; with nothing, their data is of this program's layout. */
export async function objectionsTo(
  redis: Redis | Cluster,
  {redis: {allowVolatile, prefix}}: Config,
  targets: readonly string[],
  {signal, log}: {signal: AbortSignal; log: Logger},
): Promise<string[]> {
  const facts = await readRedisFacts(redis);
  const objections = facts.flatMap((one) => redisObjections(one, allowVolatile));
  if (objections.length > 0) return objections;
  return openLayouts({redis, prefix, targets, signal, log});
}
