import type {Failure} from './failure.ts';
import type {Pause} from './pause.ts';

export interface GateSettings {
  /** So many failures of one cause with no success between shut the gate. */
  failures: number;
  probeBaseDelayMs: number;
  probeMaxDelayMs: number;
}

export type GateState = {state: 'open'} | {state: 'waiting'; untilMs: number} | Shut;

export interface Shut {
  state: 'shut';
  cause: string;
  message: string;
  sinceMs: number;
  probeAtMs: number;
  /** Not the target's fault: its lanes are full. What is parked is tried, nothing new is. */
  isFull?: true;
  /** A person has paused it: nothing leaves, cut-offs neither, and it is not probed. */
  isPaused?: true;
}

/** While it is paused: how soon a lane that is due is looked at again. */
const pausedLookMs = 10_000;

/** A target that does not answer at all is left alone sooner than one that refuses what it is sent. */
const unavailableFailures = 3;
/** Wait after a 429 that names no time, or one that is over already; it doubles with each in a row, up to the longest. */
const unnamedWaitMs = 1000;
const longestUnnamedWaitMs = 60_000;
const unnamedWait = (inRow: number): number =>
  Math.min(longestUnnamedWaitMs, unnamedWaitMs * 2 ** Math.min(inRow, 30));

/**
 * Whether a target may be called now. Open until told otherwise; waiting while the target asks for patience; shut when
 * it is down, refuses the credential, or answers many changes in a row with one cause. A probe that succeeds opens a
 * shut gate on probation: the first failure of the same cause shuts it again, and costs no change its place.
 */
export class Gate {
  readonly #settings: GateSettings;
  readonly #now: () => number;
  readonly #onChange: (state: GateState) => void;
  readonly #random: () => number;
  #state: GateState = {state: 'open'};
  #full: Shut | undefined;
  #paused: Shut | undefined;
  #streak = {cause: '', length: 0};
  #probes = 0;
  #throttles = 0;
  /** When a single cut-off may be tried although the target asks for patience, and how many in a row were answered 429. */
  #cutOffsAtMs = 0;
  #throttledCutOffs = 0;
  #probation: string | undefined;

  /** `random` is in [0, 1). */
  constructor(
    settings: GateSettings,
    now: () => number,
    onChange: (state: GateState) => void = () => undefined,
    random: () => number = Math.random,
  ) {
    this.#settings = settings;
    this.#now = now;
    this.#onChange = onChange;
    this.#random = random;
  }

  get state(): GateState {
    if (this.#state.state === 'waiting' && this.#now() >= this.#state.untilMs) this.#become({state: 'open'});
    return this.#said;
  }

  /** A pause comes first, whatever the target is like; where it could be called, full lanes shut it for what is new. */
  get #said(): GateState {
    if (this.#paused) return this.#paused;
    return this.#state.state === 'open' && this.#full ? this.#full : this.#state;
  }

  get open(): boolean {
    return this.state.state === 'open';
  }

  /** The target may be called for what is parked and for cut-offs: it is open, or only its lanes are full. */
  get opensLanes(): boolean {
    const {state} = this;
    return state.state === 'open' || (state.state === 'shut' && state.isFull === true);
  }

  /**
   * A cut-off may be sent; while the target asks for patience, one at a time: limits are often per operation, and a leaver must
   * not wait for what was asked of joiners. A cut-off that is answered 429 itself waits as long as it is told.
   */
  get opensCutOffs(): boolean {
    if (this.opensLanes) return true;
    return this.#said.state === 'waiting' && this.#now() >= this.#cutOffsAtMs;
  }

  /** How long not even a cut-off may be sent, in ms; nothing while the gate is shut: a probe, or a person, opens it. */
  get cutOffsWaitMs(): number | undefined {
    if (this.opensCutOffs) return 0;
    return this.#said.state === 'waiting' ? this.#cutOffsAtMs - this.#now() : undefined;
  }

  /** How long it is closed at least, in ms: until the wait ends or the next probe. */
  get closedForMs(): number {
    const {state} = this;
    if (state.state === 'open') return 0;
    if (state === this.#paused) return pausedLookMs;
    return Math.max(0, (state.state === 'shut' ? state.probeAtMs : state.untilMs) - this.#now());
  }

  get shut(): boolean {
    return this.#state.state === 'shut';
  }

  get paused(): boolean {
    return this.#paused !== undefined;
  }

  success(): void {
    this.#streak = {cause: '', length: 0};
    this.#probation = undefined;
    this.#probes = 0;
    this.#throttledCutOffs = 0;
    // A cut-off that went through says nothing of those that wait.
    if (this.#state.state !== 'waiting') this.#throttles = 0;
  }

  /**
   * Takes note of one failed change. `closed`: it is the target, the change keeps its place; `again`: the cause has outlived
   * a probe, so it may be this very change that the target will not have: it must not be the first one again.
   */
  failure(failure: Failure, isCutOff = false): 'open' | 'closed' | 'again' {
    // What was in flight when it shut says nothing new: only a probe's own failure makes the next one wait longer.
    if (this.shut) return 'closed';
    if (failure.kind === 'bug' || failure.kind === 'unresolved') return 'open';
    if (failure.kind === 'throttled') {
      const askedMs = failure.retryAfterMs ?? 0;
      this.#throttled(askedMs);
      this.#pauseCutOffs(isCutOff, askedMs);
      return 'closed';
    }
    const {cause} = failure;
    this.#streak =
      this.#streak.cause === cause ? {cause, length: this.#streak.length + 1} : {cause, length: 1};
    const limit = failure.kind === 'unavailable' ? unavailableFailures : this.#settings.failures;
    const enough = this.#streak.length >= Math.min(limit, this.#settings.failures);
    const again = this.#probation === cause;
    if (failure.kind !== 'unauthorized' && !enough && !again) return 'open';
    this.close(cause, failure.message, failure.retryAfterMs);
    return again ? 'again' : 'closed';
  }

  /** All that were in flight are answered 429 together: the one that ends the calls counts, the rest only ask for longer. */
  #throttled(askedMs: number): void {
    const isWaiting = this.#state.state === 'waiting' && this.#now() < this.#state.untilMs;
    if (askedMs > 0) this.wait(this.#now() + askedMs);
    if (isWaiting) return;
    const waitMs = unnamedWait(this.#throttles);
    this.#throttles += 1;
    if (askedMs <= 0) this.wait(this.#now() + Math.ceil(waitMs * (1 + this.#random() / 2)));
  }

  /** `askedMs` counts where it was a cut-off that was told so. */
  #pauseCutOffs(isCutOff: boolean, askedMs: number): void {
    const now = this.#now();
    const isFirst = now >= this.#cutOffsAtMs;
    const unnamedMs = isCutOff ? unnamedWait(this.#throttledCutOffs) : unnamedWaitMs;
    if (isCutOff && isFirst) this.#throttledCutOffs += 1;
    const pauseMs = isCutOff && askedMs > 0 ? Math.max(unnamedWaitMs, askedMs) : unnamedMs;
    this.#cutOffsAtMs = Math.max(this.#cutOffsAtMs, now + pauseMs);
  }

  /** The target asked for patience, here or at another replica. */
  wait(untilMs: number): void {
    if (this.#state.state === 'shut' || untilMs <= this.#now()) return;
    if (this.#state.state === 'waiting' && this.#state.untilMs >= untilMs) return;
    this.#cutOffsAtMs = Math.max(this.#cutOffsAtMs, this.#now() + unnamedWaitMs);
    this.#become({state: 'waiting', untilMs});
  }

  /** `retryAfterMs`: how long the target asked to wait; it is not probed sooner. */
  close(cause: string, message: string, retryAfterMs = 0): void {
    const {probeBaseDelayMs, probeMaxDelayMs} = this.#settings;
    const backoffMs = Math.min(probeMaxDelayMs, probeBaseDelayMs * 2 ** Math.min(this.#probes, 30));
    const delayMs = Math.max(backoffMs, retryAfterMs);
    const sinceMs = this.#state.state === 'shut' ? this.#state.sinceMs : this.#now();
    this.#probes += 1;
    this.#become({state: 'shut', cause, message, sinceMs, probeAtMs: this.#now() + delayMs});
  }

  /** So much is parked that nothing new is to be tried, until `relieve`. */
  fill(cause: string, message: string): void {
    if (this.#full) return;
    const sinceMs = this.#now();
    const probeAtMs = sinceMs + this.#settings.probeBaseDelayMs;
    this.#full = {state: 'shut', cause, message, sinceMs, probeAtMs, isFull: true};
    if (this.#said === this.#full) this.#onChange(this.#full);
  }

  relieve(): void {
    if (!this.#full) return;
    this.#full = undefined;
    if (this.#said.state === 'open') this.#onChange(this.#said);
  }

  /** A person says that nothing is to leave, until `resume`; what the target is like is learnt all the same. */
  pause({by, at}: Pause): void {
    if (this.#paused?.sinceMs === at) return;
    const message = `by ${by} since ${new Date(at).toISOString()}`;
    this.#paused = {
      ...{state: 'shut', cause: 'paused', message, sinceMs: at},
      ...{probeAtMs: Infinity, isPaused: true},
    };
    this.#onChange(this.#paused);
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = undefined;
    this.#onChange(this.state);
  }

  /** A probe succeeded, the credential changed, or an operator says so (then without probation). */
  reopen(probation: boolean): void {
    if (this.#state.state !== 'shut') return;
    this.#probation = probation ? this.#state.cause : undefined;
    this.#streak = {cause: '', length: 0};
    this.#become({state: 'open'});
  }

  #become(state: GateState): void {
    this.#state = state;
    if (!this.#paused) this.#onChange(this.#said);
  }
}
