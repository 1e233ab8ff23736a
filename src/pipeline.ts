import {setTimeout as delay} from 'node:timers/promises';
import type {Logger} from './core/connector.ts';
import {failed, type Failure} from './core/failure.ts';
import type {Gate, GateState, Shut} from './core/gate.ts';
import type {Pauses} from './core/pause.ts';
import type {TargetPort} from './core/port.ts';
import type {Window} from './core/window.ts';

/** The parts of one target's pipeline that its lifecycle needs; each is a stage or part of core. */
export interface PipelineParts {
  target: string;
  port: TargetPort;
  gate: Gate;
  window: Window;
  source: {
    start(): Promise<void>;
    stopReading(): void;
    /** `isStoreAway`: what is settled can not be known to be durable, and is not committed. */
    stop(isStoreAway: boolean): Promise<void>;
    setHolding(holding: boolean): void;
  };
  dispatcher: {
    wake(): void;
    sweep(untouchedMs: number): Promise<void>;
    drain(): Promise<void>;
    renew(): Promise<void>;
    workLane(subject: string, isCutOff: boolean): Promise<void>;
    /** Lanes that were full have room again. */
    hasRoom(): Promise<boolean>;
  };
  lanes: {
    start(work: (subject: string, isCutOff: boolean) => Promise<void>): Promise<void>;
    stop(): Promise<void>;
  };
  pauses: Pauses;
  /** Resolves once the store is away and nothing is at the target: all that is left waits for the store, and a stop does not. */
  untilStoreAway: (signal: AbortSignal) => Promise<void>;
  log: Logger;
  now: () => number;
  /** Aborts what is in flight: a stop has taken too long. */
  abort: AbortController;
  sweepIntervalMs: number;
  renewIntervalMs: number;
  /** How soon a pause is obeyed, and its end. */
  pauseIntervalMs: number;
}

export interface Pipeline {
  /** source → window → dispatcher (claim, attempt, settle) → source (commit); lanes wake the same dispatcher. */
  start(): Promise<void>;
  /** Drains in the order of the data: reading, work in flight, lanes, the last commit. Never rejects. */
  stop(graceMs: number): Promise<void>;
  /** To be called when the gate has changed. */
  gateChanged(state: GateState): void;
  /** The target's credential or an operator says: try again now. */
  reopen(): void;
}

/** The lifecycle of one target: what runs beside the flow of events, in one place. */
export function createPipeline(parts: PipelineParts): Pipeline {
  return new TargetPipeline(parts);
}

class TargetPipeline implements Pipeline {
  readonly #parts: PipelineParts;
  #gateTimer: NodeJS.Timeout | undefined;
  readonly #intervals: NodeJS.Timeout[] = [];
  #looking = false;
  /** Sweeps and the like. */
  readonly #underWay = new Set<Promise<void>>();

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    const {source, dispatcher, lanes, sweepIntervalMs, renewIntervalMs, pauseIntervalMs} = this.#parts;
    await this.#untilObeyed();
    await source.start();
    await lanes.start((subject, isCutOff) => dispatcher.workLane(subject, isCutOff));
    this.#every(sweepIntervalMs, 'sweep', () => dispatcher.sweep(sweepIntervalMs * 2));
    this.#every(renewIntervalMs, 'renew leases', () => dispatcher.renew());
    this.#every(pauseIntervalMs, 'look for a pause', () => this.#obey());
    dispatcher.wake();
  }

  async stop(graceMs: number): Promise<void> {
    const {source, dispatcher, lanes, abort} = this.#parts;
    const ended = new AbortController();
    const store = {isAway: false};
    const away = this.#parts.untilStoreAway(ended.signal).then(() => {
      store.isAway = true;
      return 'away' as const;
    });
    clearTimeout(this.#gateTimer);
    for (const timer of this.#intervals) clearInterval(timer);
    // A share of the grace is for what comes after: giving back what was aborted, and then the last commit.
    const patience = setTimeout(() => abort.abort(), graceMs * 0.6);
    const late = Promise.race([away, delay(graceMs * 0.75, 'late' as const, {ref: false})]);
    const over = delay(graceMs, 'late' as const, {ref: false});
    await this.#step('stop reading', late, () => source.stopReading());
    await this.#step('drain', late, () => dispatcher.drain());
    clearTimeout(patience);
    // They use what is closed next. While Redis is away they take as long as that does.
    await Promise.race([Promise.all(this.#underWay), delay(graceMs * 0.1, undefined, {ref: false})]);
    await this.#step('stop lanes', late, () => lanes.stop());
    const last = store.isAway ? over : Promise.race([away, over]);
    await this.#step('stop source', last, () => source.stop(store.isAway));
    ended.abort();
    abort.abort();
  }

  gateChanged(state: GateState): void {
    const {gate, source, dispatcher, now, log, target} = this.#parts;
    clearTimeout(this.#gateTimer);
    source.setHolding(state.state !== 'open');
    switch (state.state) {
      case 'open':
        dispatcher.wake();
        return;
      case 'waiting':
        // Reading the state is what opens it once its time has come.
        this.#gateTimer = setTimeout(() => gate.state, Math.max(1, state.untilMs - now() + 1));
        return;
      case 'shut':
        if (state.isFull || state.isPaused) dispatcher.wake();
        if (state.isPaused) {
          log.warn({target, reason: state.message}, 'paused: nothing leaves, cut-offs neither');
          return;
        }
        log.warn(
          {target, cause: state.cause, reason: state.message, probeAtMs: state.probeAtMs},
          'gate shut',
        );
        this.#probeIn(state, state.probeAtMs - now());
        return;
      default:
        state satisfies never;
    }
  }

  reopen(): void {
    const {state} = this.#parts.gate;
    if (state.state === 'shut') void this.#probe(state);
  }

  /** One look at a time: while Redis is away they would heap up. */
  async #obey(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const {pauses, gate, log, target} = this.#parts;
    try {
      const pause = await pauses.read();
      if (pause) gate.pause(pause);
      else if (gate.paused) {
        log.info({target}, 'resumed');
        gate.resume();
      }
    } finally {
      this.#looking = false;
    }
  }

  /** Nothing may leave before it is known whether the target is paused. */
  async #untilObeyed(): Promise<void> {
    const {log, target, abort, pauseIntervalMs} = this.#parts;
    const {signal} = abort;
    while (!signal.aborted) {
      try {
        await this.#obey();
        return;
      } catch (error) {
        log.warn({target, reason: String(error)}, 'not known whether it is paused: asked again');
        await delay(pauseIntervalMs, undefined, {signal}).catch(() => undefined);
      }
    }
  }

  #probeIn(shut: Shut, delayMs: number): void {
    clearTimeout(this.#gateTimer);
    this.#gateTimer = setTimeout(() => void this.#probe(shut), Math.max(1, delayMs));
  }

  /** Full lanes are looked at, without a request; nothing is logged while they stay full. */
  async #relieve(shut: Shut): Promise<void> {
    const {dispatcher, gate, log, target, abort} = this.#parts;
    const hasRoom = await dispatcher.hasRoom().catch(() => false);
    if (abort.signal.aborted || gate.state !== shut) return;
    if (!hasRoom) {
      this.#probeIn(shut, shut.probeAtMs - shut.sinceMs);
      return;
    }
    log.info({target, cause: shut.cause}, 'gate opened: the lanes have room');
    gate.relieve();
  }

  async #probe(shut: Shut): Promise<void> {
    if (shut.isPaused) return;
    if (shut.isFull) return this.#relieve(shut);
    const {port, gate, log, target, abort} = this.#parts;
    const checked = await port.check(abort.signal).catch((error: unknown) => this.#unexpected(error));
    if (abort.signal.aborted || gate.state !== shut) return;
    if (!checked.ok) {
      const {cause, message, retryAfterMs} = checked.failure;
      gate.close(cause, message, retryAfterMs);
      return;
    }
    log.info({target, cause: shut.cause}, 'gate opened by a probe');
    gate.reopen(true);
  }

  /** A connector's bug in a probe must not end the process, nor the probes. */
  #unexpected(error: unknown): {ok: false; failure: Failure} {
    const {log, target} = this.#parts;
    log.error({target, err: error}, 'unexpected exception in a probe of the target');
    return failed({
      kind: 'bug',
      cause: 'exception',
      message: 'the check of the target ended with an exception',
    });
  }

  #every(intervalMs: number, what: string, work: () => Promise<void>): void {
    const {log, target} = this.#parts;
    const timer = setInterval(() => {
      const working = work()
        .catch((error: unknown) =>
          log.warn({target, what, reason: String(error)}, 'not done: it is tried again'),
        )
        .finally(() => this.#underWay.delete(working));
      this.#underWay.add(working);
    }, intervalMs);
    this.#intervals.push(timer);
  }

  /** All of a stop's steps are begun, whatever one of them does; none is waited for beyond the grace. */
  async #step(what: string, late: Promise<'late' | 'away'>, work: () => Promise<void> | void): Promise<void> {
    const {log, target} = this.#parts;
    try {
      const end = await Promise.race([work(), late]);
      if (end === 'late') log.error({target, what}, 'a step of stopping took longer than the grace');
    } catch (error) {
      log.error({target, what, reason: String(error)}, 'a step of stopping failed');
    }
  }
}
