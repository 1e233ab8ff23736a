import {setTimeout as delay} from 'node:timers/promises';
import type {Cluster, Redis} from 'ioredis';
import {RateLimiterRedis, RateLimiterRes} from 'rate-limiter-flexible';
import {targetPrefix} from '../state/index.ts';

export interface BudgetOptions {
  redis: Redis | Cluster;
  prefix: string;
  target: string;
  /** Absent: no budget. */
  rate?: {requests: number; perSeconds: number};
}

export interface Budget {
  /** Resolves when a request may leave; rejects when the signal aborts. `urgent` may use the reserve. */
  acquire(urgent: boolean, signal: AbortSignal): Promise<void>;
}

/** A tenth of the budget is kept for cut-offs. */
const reserveShare = 10;

/** The rate budget of one target's credential, shared by all replicas; a tenth of it is reserved for cut-offs. */
export function createBudget(options: BudgetOptions): Budget {
  if (!options.rate) return {acquire: () => Promise.resolve()};
  return new SharedBudget(options, options.rate);
}

class SharedBudget implements Budget {
  readonly #common: RateLimiterRedis;
  readonly #reserve: RateLimiterRedis;
  /** First come, first served: one waits at Redis, the others wait for it. */
  #turn: Promise<void> = Promise.resolve();

  constructor(
    {redis, prefix, target}: BudgetOptions,
    {requests, perSeconds}: NonNullable<BudgetOptions['rate']>,
  ) {
    // Under ten requests the tenth is made whole by a longer window.
    const scale = Math.max(1, Math.ceil(reserveShare / requests));
    const points = requests * scale;
    const reserved = Math.max(1, Math.floor(points / reserveShare));
    const common = {storeClient: redis, duration: perSeconds * scale, useRedisPackage: false};
    const key = targetPrefix(prefix, target);
    this.#common = new RateLimiterRedis({...common, keyPrefix: `${key}budget`, points: points - reserved});
    this.#reserve = new RateLimiterRedis({...common, keyPrefix: `${key}reserve`, points: reserved});
  }

  async acquire(urgent: boolean, signal: AbortSignal): Promise<void> {
    if (urgent) return this.#urgent(signal);
    const before = this.#turn;
    const mine = before.then(() => wait(this.#common, signal));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #urgent(signal: AbortSignal): Promise<void> {
    for (;;) {
      const common = await tryTake(this.#common);
      if (common === 0) return;
      const reserve = await tryTake(this.#reserve);
      if (reserve === 0) return;
      await delay(Math.min(common, reserve), undefined, {signal});
    }
  }
}

/** 0 when a token was had, else the milliseconds until the next. */
async function tryTake(limiter: RateLimiterRedis): Promise<number> {
  try {
    await limiter.consume('all');
    return 0;
  } catch (error) {
    if (error instanceof RateLimiterRes) return Math.max(1, error.msBeforeNext);
    throw error;
  }
}

async function wait(limiter: RateLimiterRedis, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const ms = await tryTake(limiter);
    if (ms === 0) return;
    await delay(ms, undefined, {signal});
  }
}
