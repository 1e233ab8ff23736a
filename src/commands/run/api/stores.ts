import type {Cluster, Redis} from 'ioredis';
import type {Answer} from '../../../admin/api/problem.ts';
import {refused} from '../../../admin/api/problem.ts';
import type {LoadedConfig} from '../../../config/load.ts';
import type {AuditStage} from '../../../stages/audit/index.ts';
import {createRedis} from '../../../stages/redis.ts';
import {openLayouts} from '../../../target/layout.ts';
import {openStore, type Stored} from '../../stored/open.ts';
import {untilAnswered} from '../redis-answers.ts';

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
  const redis = clientOf(loaded);
  let reason = 'not connected yet';
  // The service's own client tells of trouble in the log.
  redis.on('error', (error: Error) => (reason = error.message));
  const first = Promise.race([
    redis.connect().catch(() => undefined),
    new Promise((resolve) => setTimeout(resolve, firstPatienceMs).unref()),
  ]);
  const isReady = (): boolean => redis.status === 'ready';
  let stores: StoreMap | undefined;
  let objections: string[] | undefined;
  const silence = createSilence(redis);
  return {
    async ask(work) {
      await first;
      if (!isReady()) return away(`Redis does not answer: ${reason}.`);
      if (silence.lasts()) return away(`Redis does not answer: nothing came for ${patienceMs / 1000} s.`);
      try {
        objections ??= await layoutsOf(redis, loaded());
        const [objection] = objections;
        if (objection !== undefined) return away(objection);
        stores ??= storesIn(redis, loaded(), audit);
        return await work(stores);
      } catch (error) {
        if (error instanceof Unwritten) return refused(unwritten(error));
        silence.noticeIn(error);
        if (!isOfRedis(error) && isReady()) throw error;
        return away(
          `Redis failed in the middle of this: ${(error as Error).message}. Of an action a part may be done.`,
        );
      }
    },
    async close() {
      silence.stop();
      await Promise.allSettled([...(stores?.values() ?? [])].map(({lanes}) => lanes.stop()));
      redis.disconnect();
    },
  };
}

function storesIn(redis: Redis | Cluster, loaded: LoadedConfig, audit: AuditStage): StoreMap {
  const names = Object.keys(loaded.config.targets);
  return new Map(names.map((name) => [name, openStore(redis, loaded, name, tellingUnwritten(audit))]));
}

/**
 * A Redis that hangs breaks no connection, and each question would wait for it anew, a page with three of them three times: once one
 * has got no answer, what is asked is refused at once until a ping is answered.
 */
function createSilence(redis: Redis | Cluster) {
  const ended = new AbortController();
  let lasts = false;
  return {
    lasts: () => lasts,
    noticeIn(error: unknown): void {
      if (lasts || !(error instanceof Error) || !timedOut.test(error.message)) return;
      lasts = true;
      void untilAnswered(() => redis.ping(), ended.signal).then(() => (lasts = false));
    },
    stop: () => ended.abort(),
  };
}

const timedOut = /^Command timed out/;

/** In the middle of an action the audit was not written any more. */
class Unwritten extends Error {}

const tellingUnwritten = (audit: AuditStage): AuditStage => ({
  ...audit,
  append: (records) =>
    audit.append(records).catch((error: unknown) => {
      throw new Unwritten((error as Error).message, {cause: error});
    }),
});

const unwritten = ({message}: Unwritten) =>
  ({
    kind: 'unavailable',
    service: 'audit',
    detail: `The audit could not be written in the middle of this, and a part may be done: ${message}.`,
  }) as const;

const clientOf = (loaded: () => LoadedConfig): Redis | Cluster =>
  createRedis(() => loaded().config.redis, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
  });

/** The service looks before it uses anything; a request may come before that. */
const layoutsOf = (redis: Redis | Cluster, {config}: LoadedConfig): Promise<string[]> => {
  const {signal} = new AbortController();
  return openLayouts({redis, prefix: config.redis.prefix, targets: Object.keys(config.targets), signal});
};

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
