import {setTimeout as delay} from 'node:timers/promises';
import type {Cluster, Redis} from 'ioredis';
import {RateLimiterRedis, RateLimiterRes} from 'rate-limiter-flexible';
import {targetPrefix} from '../state/index.ts';
import {spread, type Spread} from './spread.ts';

/** So many requests in so many seconds, all replicas together. */
export interface Rate {
  requests: number;
  perSeconds: number;
}

/** The right to send requests to one target. */
export interface Budget {
  /**
   * Resolves when one request may leave, in the order of the calls; a cut-off (`urgent`) has a tenth of its own beside what
   * all may use, and may use it at once. Rejects with the signal's reason, or when Redis fails.
   */
  acquire(urgent: boolean, signal: AbortSignal): Promise<void>;
}

/** Times are in milliseconds here; the library's own script counts in whole seconds. */
const TAKE = `
redis.call('SET', KEYS[1], 0, 'PX', ARGV[2], 'NX')
local taken = redis.call('INCRBY', KEYS[1], ARGV[1])
return {taken, redis.call('PTTL', KEYS[1])}
`;

/** A target's budget in Redis: what all may use is spread evenly. Without a rate everything may leave at once. */
export function createBudget(options: {
  redis: Redis | Cluster;
  prefix: string;
  target: string;
  rate?: Rate | undefined;
}): Budget {
  const {redis, rate} = options;
  if (rate === undefined) return {acquire: (_urgent, signal) => begun(signal)};
  const key = `${targetPrefix(options.prefix, options.target)}budget`;
  const {common, reserve} = spread(rate);
  const takeCommon = createTake(redis, `${key}:common`, common);
  const takeReserve = createTake(redis, `${key}:reserve`, reserve);
  const takeEither = async (): Promise<number> => {
    const first = await takeCommon();
    return first === 0 ? 0 : Math.min(first, await takeReserve());
  };
  const usual = createLine(takeCommon);
  const urgent = createLine(takeEither);
  return {acquire: (isUrgent, signal) => (isUrgent ? urgent : usual)(signal)};
}

/** 0: taken. Else how long to wait, in milliseconds. */
type Take = () => Promise<number>;

function createTake(redis: Redis | Cluster, keyPrefix: string, {points, windowMs}: Spread): Take {
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix,
    points,
    duration: windowMs,
    customIncrTtlLuaScript: TAKE,
  });
  return async () => {
    try {
      await limiter.consume('all');
      return 0;
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      return Math.max(1, error.msBeforeNext);
    }
  };
}

/** One at a time takes or waits, the others stand behind it: no call overtakes another, and Redis is asked by one alone. */
function createLine(take: Take): (signal: AbortSignal) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return (signal) => {
    const turn = last.then(async () => {
      for (;;) {
        signal.throwIfAborted();
        const waitMs = await take();
        if (waitMs === 0) return;
        await delay(waitMs, undefined, {signal});
      }
    });
    last = turn.catch(() => undefined);
    return untilAborted(turn, signal);
  };
}

function begun(signal: AbortSignal): Promise<void> {
  return signal.aborted ? Promise.reject(reasonOf(signal)) : Promise.resolve();
}

/** Who gives up is told at once, not when it would have been its turn. */
async function untilAborted(turn: Promise<void>, signal: AbortSignal): Promise<void> {
  const {promise, reject} = Promise.withResolvers<never>();
  const onAbort = (): void => reject(reasonOf(signal));
  signal.addEventListener('abort', onAbort, {once: true});
  try {
    await Promise.race([turn, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error('aborted', {cause: signal.reason});
