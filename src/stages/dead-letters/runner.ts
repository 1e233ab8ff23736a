import {setTimeout as delay} from 'node:timers/promises';
import type {Logger} from '../../core/connector.ts';
import type {DeadLetterStage} from './index.ts';
import type {LetterRetries} from './retries.ts';

/** Carries out the retries of one target while it runs, whoever has asked for them. */
export interface RetryRunner {
  start(): void;
  /** Resolves when the step under way is over: the rest is left to whoever comes next. */
  stop(): Promise<void>;
}

export interface RunnerOptions {
  target: string;
  retries: Pick<LetterRetries, 'running' | 'step'>;
  letters: Pick<DeadLetterStage, 'enroll'>;
  /** Whether the target may be asked: else letters would only change places. */
  isOpen: () => boolean;
  log: Logger;
  /** How often it looks whether somebody has asked for one. */
  lookMs?: number;
}

/** Every replica may run one: of two who take the same step one does it. Letters of an older version are put into groups first. */
export function createRetryRunner(options: RunnerOptions): RetryRunner {
  const {lookMs = 1000, isOpen, retries} = options;
  const abort = new AbortController();
  const {signal} = abort;
  const tell = tellTrouble(options);
  let loop: Promise<void> | undefined;

  async function round(): Promise<number> {
    const groups = isOpen() ? await retries.running() : [];
    const waits: number[] = [];
    for (const group of groups) {
      if (signal.aborted) break;
      const waitMs = await retries.step(group);
      if (waitMs !== undefined) waits.push(waitMs);
    }
    return Math.min(lookMs, ...waits);
  }

  async function go(): Promise<void> {
    let isEnrolled = false;
    while (!signal.aborted) {
      const waitMs = await tell(async () => {
        if (!isEnrolled) await enroll(options, signal);
        isEnrolled = true;
        return round();
      });
      await delay(waitMs ?? lookMs, undefined, {signal, ref: false}).catch(() => undefined);
    }
  }

  return {
    start() {
      loop ??= go();
    },
    async stop() {
      abort.abort();
      await loop;
    },
  };
}

async function enroll({letters, log, target}: RunnerOptions, signal: AbortSignal): Promise<void> {
  const count = await letters.enroll(signal);
  if (count > 0) log.info({target, count}, 'dead letters of an older version were put into groups');
}

/** Trouble is told when it begins: Redis may be away for long. */
function tellTrouble({log, target}: RunnerOptions) {
  let isTold = false;
  return async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      const result = await work();
      isTold = false;
      return result;
    } catch (error) {
      if (!isTold)
        log.warn({target, reason: String(error)}, 'dead letters are not retried: it is tried again');
      isTold = true;
      return undefined;
    }
  };
}
