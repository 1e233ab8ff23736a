import type {Cluster, Redis} from 'ioredis';
import type {LoadedConfig} from '../../config/load.ts';
import {createLayout} from '../../stages/layout/index.ts';
import {createRedis, readRedisFacts, redisObjections} from '../../stages/redis.ts';
import {objectionTo} from '../../target/layout.ts';
import {pointedElsewhere} from '../tenants.ts';
import {unreachable, verdict, within, type Verdict} from './verdict.ts';

/** Redis answers, is new enough, forgets nothing, persists, holds nothing that a newer version has written, and nothing of another tenant. */
export const checkRedis = async (
  loaded: LoadedConfig,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<Verdict[]> => {
  const {redis: settings} = loaded.config;
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
      ...(await within(dataObjections(redis, loaded), deadlineMs, signal)),
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

/** What stands against what is kept there. Reads alone: a check changes nothing. */
const dataObjections = async (redis: Redis | Cluster, loaded: LoadedConfig): Promise<string[]> => {
  const {prefix} = loaded.config.redis;
  const names = Object.keys(loaded.config.targets);
  const layouts = await Promise.all(
    names.map(async (target) => ({target, at: await createLayout({redis, prefix, target}).read()})),
  );
  const elsewhere = await pointedElsewhere({redis, loaded, readsOnly: true}, names);
  return [...layouts.flatMap(({target, at}) => objectionTo(prefix, target, at)), ...elsewhere.values()];
};
