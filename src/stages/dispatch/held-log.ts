import type {Logger} from '../../core/connector.ts';

/** A burst is over when nothing was held for so long. */
const quietMs = 1000;
/** A burst that does not end is told of all the same. */
const maxBurstMs = 30_000;

export interface HeldLog {
  /** One more is held for a person. */
  add(subject: string): void;
  /** Says what was not said yet: the program stops. */
  flush(): void;
}

/** The guard's log: a broken extract holds thousands of leavers, and one warning with their number says it. */
export function createHeldLog(log: Logger, target: string): HeldLog {
  let burst: {count: number; first: string; timer: NodeJS.Timeout; startedAt: number} | undefined;

  function flush(): void {
    if (!burst) return;
    const {count, first, timer} = burst;
    clearTimeout(timer);
    burst = undefined;
    log.warn({target, count, first}, 'held for a person: more than the guard allows');
  }

  return {
    flush,
    add(subject) {
      burst ??= {count: 0, first: subject, timer: setTimeout(flush, quietMs).unref(), startedAt: Date.now()};
      burst.count += 1;
      if (Date.now() - burst.startedAt < maxBurstMs) burst.timer.refresh();
    },
  };
}
