import {setTimeout as delay} from 'node:timers/promises';
import type {DispatchContext} from './context.ts';

const retryDelayMs = 500;
const repeatMs = 60_000;

/** What Redis answers where it is not as it should be, and may be again: anything else that it refuses is our mistake. */
const passing =
  /\b(READONLY|OOM|LOADING|MISCONF|BUSY|CLUSTERDOWN|TRYAGAIN|MASTERDOWN|NOREPLICAS|NOAUTH|WRONGPASS|NOPERM)\b/;

/**
 * A write that must not be given up: until it is taken nothing is settled, and so nothing is committed. Ends by
 * rejecting only when the program stops; Kafka then hands the records out again.
 */
export async function persist<T>(
  context: Pick<DispatchContext, 'target' | 'log' | 'now' | 'signal'>,
  what: string,
  write: () => Promise<T>,
): Promise<T> {
  const {target, log, now, signal} = context;
  let saidAt = Number.NEGATIVE_INFINITY;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const value = await write();
      if (attempt > 1) log.info({target, what}, 'written after all');
      return value;
    } catch (error) {
      if (signal.aborted) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      const isRefused = isMistake(error);
      if (attempt === 1 && !isRefused) log.error({target, what, reason}, 'not written: trying until it is');
      // No time heals this: it has to be noticed, also by who looks at the log an hour later.
      if (isRefused && now() - saidAt >= repeatMs) {
        saidAt = now();
        log.error({target, what, reason}, 'not written because of a bug: please report it; trying on');
      }
      await delay(retryDelayMs, undefined, {signal});
    }
  }
}

/** An answer of Redis (not the lack of one) that does not say that it will pass. */
const isMistake = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ReplyError' && !passing.test(error.message);
