import type {Answer} from '../../../admin/api/problem.ts';
import {refused} from '../../../admin/api/problem.ts';
import type {LoadedConfig} from '../../../config/load.ts';
import type {AuditStage} from '../../../stages/audit/index.ts';
import {createRedis} from '../../../stages/redis.ts';
import {openStore, type Stored} from '../../stored/open.ts';

/** By target, in the order of the config. */
export type StoreMap = ReadonlyMap<string, Stored>;

/** What the targets keep in Redis, for the API. */
export interface Stores {
  /** Does the work; `unavailable` where Redis does not answer, or ceases to in the middle of it. */
  ask<T>(work: (stores: StoreMap) => Promise<Answer<T>>): Promise<Answer<T>>;
  close(): Promise<void>;
}

const patienceMs = 5000;
/** A request waits for the first connection, not for one that was lost. */
const firstPatienceMs = 2000;

/**
 * A client of its own, which fails at once while Redis is away: the service's waits for as long as it takes, and what a person has
 * been told is not done must not be done later.
 */
export function openStores(loaded: () => LoadedConfig, audit: AuditStage): Stores {
  const redis = createRedis(() => loaded().config.redis, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
  });
  let reason = 'not connected yet';
  // The service's own client tells of trouble in the log.
  redis.on('error', (error: Error) => (reason = error.message));
  const first = Promise.race([
    redis.connect().catch(() => undefined),
    new Promise((resolve) => setTimeout(resolve, firstPatienceMs).unref()),
  ]);
  const isReady = (): boolean => redis.status === 'ready';
  let stores: StoreMap | undefined;
  const open = (): StoreMap => {
    const now = loaded();
    return new Map(Object.keys(now.config.targets).map((name) => [name, openStore(redis, now, name, audit)]));
  };
  return {
    async ask(work) {
      await first;
      if (!isReady()) return away(`Redis does not answer: ${reason}.`);
      stores ??= open();
      try {
        return await work(stores);
      } catch (error) {
        if (!isOfRedis(error) && isReady()) throw error;
        return away(
          `Redis failed in the middle of this, and a part may be done: ${(error as Error).message}.`,
        );
      }
    },
    async close() {
      await Promise.allSettled([...(stores?.values() ?? [])].map(({lanes}) => lanes.stop()));
      redis.disconnect();
    },
  };
}

const away = (detail: string) => refused({kind: 'unavailable', service: 'redis', detail});

const refusals =
  /^(OOM|READONLY|LOADING|MASTERDOWN|NOAUTH|NOPERM|CLUSTERDOWN|TRYAGAIN|BUSY|MISCONF|NOREPLICAS)\b/;
const losses =
  /^(Command timed out|Connection is closed|Stream isn't writeable|Failed to refresh slots cache)/;

/** The connection was lost, or Redis refuses what it is sent; anything else is a bug. */
function isOfRedis(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isLost = error.name === 'MaxRetriesPerRequestError' || error.name === 'ClusterAllFailedError';
  return isLost || losses.test(error.message) || refusals.test(error.message);
}
