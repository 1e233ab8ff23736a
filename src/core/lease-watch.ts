interface LeaseWatchOptions {
  /** So long after a renewal has begun, in ms, every lease is surely held, for a request's whole deadline. */
  sureMs: number;
  /** Aborts everything, for good. */
  stop: AbortSignal;
  /** Two clocks, in ms: one that a change of the time of day does not move, and the time of day, which goes on while the machine is asleep. */
  steadyMs?: () => number;
  now?: () => number;
}

/**
 * Whether what was leased is still this process's, as far as it can tell by itself. One that stood still (a machine that was asleep, a
 * stopped process), or that no renewal of reached the store, must not go on with what it was about: another has the subject by
 * now, and may have made newer changes.
 */
export class LeaseWatch {
  readonly #options: Required<LeaseWatchOptions>;
  #generation = new AbortController();
  #sure: {steady: number; time: number};

  constructor(options: LeaseWatchOptions) {
    this.#options = {steadyMs: () => performance.now(), now: Date.now, ...options};
    this.#sure = this.clocks();
    options.stop.addEventListener('abort', () => this.#generation.abort(), {once: true});
  }

  /** For what is leased from now on: it aborts once that may be another's, and with the stop. */
  get signal(): AbortSignal {
    return this.#generation.signal;
  }

  /** When it is, for {@link renewed}. */
  clocks(): {steady: number; time: number} {
    const {steadyMs, now} = this.#options;
    return {steady: steadyMs(), time: now()};
  }

  /** To be called before a request leaves, and before a renewal. */
  check(): void {
    const {sureMs, stop} = this.#options;
    const at = this.clocks();
    if (at.steady - this.#sure.steady <= sureMs && at.time - this.#sure.time <= sureMs) return;
    this.#generation.abort();
    this.#sure = at;
    if (!stop.aborted) this.#generation = new AbortController();
  }

  /** A renewal that began then has reached the store. */
  renewed(at: {steady: number; time: number}): void {
    if (at.steady > this.#sure.steady) this.#sure = at;
  }
}
