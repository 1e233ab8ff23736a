import type {Config} from '../../config/schema.ts';
import {createRedis, readRedisFacts, redisObjections} from '../../stages/redis.ts';
import {unreachable, verdict, within, type Verdict} from './verdict.ts';

/** Redis answers, is new enough, forgets nothing and persists. */
export const checkRedis = async (
  settings: Config['redis'],
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
    const objections = facts.flatMap((one) => redisObjections(one, settings.allowVolatile));
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
