import type {Cluster, Redis} from 'ioredis';
import type {Config} from '../../config/schema.ts';
import {createLayout} from '../../stages/layout/index.ts';
import {createRedis, readRedisFacts, redisObjections} from '../../stages/redis.ts';
import {objectionTo} from '../../target/layout.ts';
import {unreachable, verdict, within, type Verdict} from './verdict.ts';

/** Redis answers, is new enough, forgets nothing, persists, and holds nothing that a newer version has written. */
export const checkRedis = async (
  {redis: settings, targets}: Pick<Config, 'redis' | 'targets'>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<Verdict[]> => {
  const redis = createRedis(settings, {
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: deadlineMs,
  });
  let lost: Error | undefined;
  redis.on('error', (error: Error) => {
    lost = error;
  });
  try {
    const facts = await within(
      redis.connect().then(() => readRedisFacts(redis)),
      deadlineMs,
      signal,
    );
    const objections = [
      ...facts.flatMap((one) => redisObjections(one, settings.allowVolatile)),
      ...(await within(layoutObjections(redis, settings.prefix, Object.keys(targets)), deadlineMs, signal)),
    ];
    if (objections.length > 0)
      return [...new Set(objections)].map((objection) => verdict('redis', 'wrong', objection));
    const persistence = facts.every(({isAppendOnly}) => isAppendOnly)
      ? 'persists (AOF)'
      : 'does not persist, as allowed';
    return [verdict('redis', 'ok', `Redis ${facts[0]?.version ?? ''}, noeviction, ${persistence}`)];
  } catch (error) {
    return [unreachable('redis', lost ?? error)];
  } finally {
    redis.disconnect();
  }
};

/** Reads alone: a check changes nothing. */
const layoutObjections = async (
  redis: Redis | Cluster,
  prefix: string,
  targets: readonly string[],
): Promise<string[]> => {
  const found = await Promise.all(
    targets.map(async (target) => ({target, at: await createLayout({redis, prefix, target}).read()})),
  );
  return found.flatMap(({target, at}) => objectionTo(prefix, target, at));
};
