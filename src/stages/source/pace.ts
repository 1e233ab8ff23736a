import {setTimeout as sleep} from 'node:timers/promises';
import type {SourceOptions} from './types.ts';

/**
 * When to look around next: after `pollIntervalMs` while a consumer runs. Without one (KafkaJS gave it up, because the
 * group's coordinator was still loading, say) after `retryDelayMs`, then twice that, and so on up to the usual interval.
 */
export class Pace {
  readonly #pollIntervalMs: number;
  readonly #retryDelayMs: number;
  readonly #now: () => number;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #inVain = 0;

  constructor(
    {pollIntervalMs = 5000, retryDelayMs = 1000}: Pick<SourceOptions, 'pollIntervalMs' | 'retryDelayMs'>,
    now: () => number = () => performance.now(),
  ) {
    this.#pollIntervalMs = pollIntervalMs;
    this.#retryDelayMs = retryDelayMs;
    this.#now = now;
  }

  /** Whether it is time; true starts the next wait. */
  isDue(isRunning: boolean): boolean {
    const soonMs = this.#retryDelayMs * 2 ** this.#inVain;
    const waitMs = isRunning ? this.#pollIntervalMs : Math.min(soonMs, this.#pollIntervalMs);
    if (this.#now() - this.#lookedAtMs < waitMs) return false;
    if (!isRunning && Number.isFinite(this.#lookedAtMs)) this.#inVain += 1;
    this.#lookedAtMs = this.#now();
    return true;
  }

  /** The group has taken the consumer in: the next one that is lost is replaced soon. */
  joined(): void {
    this.#inVain = 0;
  }
}

/** Runs `task` over and over until `signal` aborts, with a pause after each. */
export async function repeat(
  signal: AbortSignal,
  pauseMs: number,
  task: () => void | Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await task();
    await sleep(pauseMs, undefined, {signal}).catch(() => undefined);
  }
}
