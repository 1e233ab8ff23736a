import {setTimeout as delay} from 'node:timers/promises';
import type {DispatchContext} from './context.ts';

const retryDelayMs = 500;

/**
 * A write that must not be given up: until it is taken nothing is settled, and so nothing is committed. Ends by
 * rejecting only when the program stops; Kafka then hands the records out again.
 */
export async function persist<T>(
  context: DispatchContext,
  what: string,
  write: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const value = await write();
      if (attempt > 1) context.log.info({target: context.target, what}, 'written after all');
      return value;
    } catch (error) {
      if (context.signal.aborted) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      if (attempt === 1)
        context.log.error({target: context.target, what, reason}, 'not written: trying until it is');
      await delay(retryDelayMs, undefined, {signal: context.signal});
    }
  }
}
