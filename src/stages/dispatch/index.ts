import {randomUUID} from 'node:crypto';
import type {Entry} from '../../core/window.ts';
import {Claims, maxBatch} from './claims.ts';
import type {DispatchContext} from './context.ts';
import {Decided} from './decided.ts';
import {finish, logNotSettled} from './finish.ts';
import type {Verdict} from './end.ts';
import {attemptsIn, leasedSignal, renewLeases} from './leased.ts';
import {Parking} from './parking.ts';
import {persist} from './persist.ts';
import {Queues} from './queues.ts';
import {Settling} from './settling.ts';
import {Tasks} from './tasks.ts';
import {readyOf, Slots, type Ready} from './slots.ts';
import {beginClaims, tracedAttempt} from './traced.ts';
import {wakeLane} from './wake-lane.ts';
import {claimsOf, type Claimed, type Work} from './work.ts';

/** What claims have decided by themselves and is not durable yet, at most. */
const maxDeciding = 4 * maxBatch;
const leasedDelayMs = 250;
/**
 * Claims, attempts and settles the changes of one target, in order for each subject (docs/architecture.md, "Dispatch").
 * A batch is claimed in one round trip; what it grants runs at once, up to the target's concurrency, cut-offs first.
 */
export class Dispatcher {
  readonly #context: DispatchContext;
  readonly #instance = randomUUID().slice(0, 8);
  readonly #queues: Queues;
  readonly #settling: Settling;
  readonly #attemptIn: ReturnType<typeof attemptsIn>;
  readonly #decided: Decided;
  readonly #slots: Slots;
  #batches = 0;
  readonly #claims: Claims;
  #deciding = 0;
  #pumping = false;
  #again = false;
  #stopping = false;
  #drained: (() => void) | undefined;
  #through: NodeJS.Timeout | undefined;

  constructor(context: DispatchContext) {
    this.#context = context;
    this.#attemptIn = attemptsIn(context);
    this.#slots = new Slots(context.concurrency);
    this.#claims = new Claims((error) => {
      if (error !== undefined) logNotSettled(this.#context, error);
      this.wake();
      this.#settledDown();
    });
    const parking = new Parking(context);
    this.#decided = new Decided(context, parking);
    this.#queues = new Queues(
      context,
      new Tasks(context, parking),
      (entries) => this.supersede(entries),
      () => this.wake(),
    );
    this.#settling = new Settling(context, parking, this.#queues);
  }

  /** Nothing is at the target. */
  readonly isQuiet = (): boolean => this.#slots.quiet;

  /** Something may be there to do: the window grew, the gate opened. */
  wake(): void {
    this.#again = true;
    if (this.#pumping || this.#stopping) return;
    this.#pumping = true;
    // One turn later: all that happens in this turn of the event loop is looked at together.
    setImmediate(() => void this.#pump());
  }

  /** Entries that newer ones in the window took the place of: audited, then settled. */
  supersede(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const {count, settled} = this.#context;
    this.#decided
      .superseded(entries)
      .then(() => {
        for (const entry of entries) count('superseded', entry.occurredAt);
        settled(entries);
      })
      .catch((error: unknown) => logNotSettled(this.#context, error));
  }

  /** Tries one lane, of a leaver before all others; resolves when its head was turned, or nothing can be tried. */
  async workLane(subject: string, isCutOff = false): Promise<void> {
    if (!this.#stopping) await wakeLane(this.#context, this.#queues, subject, isCutOff);
  }

  /** Full lanes have room again once a tenth of them is gone. */
  async hasRoom(): Promise<boolean> {
    return (await this.#context.lanes.parked()) <= this.#context.maxParked * 0.9;
  }

  /** Looks for work that a crash left behind. */
  async sweep(untouchedMs: number): Promise<void> {
    if (this.#context.gate.cutOffsWaitMs !== undefined) await this.#queues.sweep(untouchedMs);
  }

  /** Keeps the leases of what is being worked on. */
  renew(): Promise<void> {
    return renewLeases(this.#context, this.#slots.held);
  }

  /** Starts nothing more; resolves when nothing is in flight. */
  async drain(): Promise<void> {
    this.#stopping = true;
    await this.#giveBackReady();
    this.#queues.close();
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
      this.#settledDown();
    });
  }

  /** Granted and not started: nothing was sent for it. */
  async #giveBackReady(): Promise<void> {
    const granted = this.#slots.withdraw();
    await Promise.all(granted.map((one) => this.#settling.giveBack(one, false)));
    for (const one of granted) this.#finish(one, {back: true, isUntouched: true});
  }

  async #pump(): Promise<void> {
    try {
      while (this.#again && !this.#stopping) {
        this.#again = false;
        while (await this.#turn());
      }
    } catch (error) {
      logNotSettled(this.#context, error);
    }
    this.#pumping = false;
    if (this.#again && !this.#stopping) this.wake();
    this.#settledDown();
  }

  /** One batch; false when there is no room, no work, or no leave to call the target. */
  async #turn(): Promise<boolean> {
    if (this.#stopping) return false;
    if (!this.#context.gate.opensLanes) return this.#turnThrough();
    this.#startReady();
    if (this.#claims.full || this.#deciding > maxDeciding) return false;
    const {most, urgentOnly} = this.#slots.room(this.#claims);
    if (most <= 0) return false;
    const which = urgentOnly ? 'cutOffs' : this.#context.gate.open ? 'all' : 'parked';
    const works = await this.#queues.next(urgentOnly ? most : this.#claims.sizeFor(most), which);
    if (works.length === 0) return false;
    this.#claims.start(works.length, () => this.#claim(works));
    return true;
  }

  /** The target asks for patience: single cut-offs are tried all the same. */
  async #turnThrough(): Promise<boolean> {
    await this.#giveBackReady();
    clearTimeout(this.#through);
    const {cutOffsWaitMs} = this.#context.gate;
    this.#queues.releaseLanes(cutOffsWaitMs === 0);
    if (cutOffsWaitMs === undefined || !this.#claims.idle || !this.#slots.quiet) return false;
    if (cutOffsWaitMs > 0) {
      this.#through = setTimeout(() => this.wake(), cutOffsWaitMs).unref();
      return false;
    }
    const works = await this.#queues.next(1, 'through');
    if (works.length > 0) this.#claims.start(1, () => this.#claim(works));
    return false;
  }

  async #claim(works: readonly Work[]): Promise<number> {
    const {cutOffMode, state, gate} = this.#context;
    const token = `${this.#instance}${(this.#batches += 1).toString(36)}`;
    const claims = works.map((work) => claimsOf(work, cutOffMode === 'delete'));
    const signal = leasedSignal(this.#context);
    const flat = claims.flat();
    const claiming = beginClaims(this.#context, works);
    const ask = () => persist(this.#context, 'claim', () => state.claim(token, flat));
    const answer = flat.length === 0 ? {waitUntilMs: 0, replies: []} : await ask();
    if (answer.waitUntilMs > 0) gate.wait(answer.waitUntilMs);
    let at = 0;
    const granted: Ready[] = [];
    for (const [i, work] of works.entries()) {
      const own = claims[i] ?? [];
      const claimed = {work, claims: own, replies: answer.replies.slice(at, at + own.length)};
      claiming?.[i]?.end({verdict: claimed.replies.at(-1)?.verdict});
      const ready = readyOf(claimed, token, signal);
      if (ready) granted.push(ready);
      else void this.#decide(claimed);
      for (const {groups} of claimed.replies) this.#queues.addGroups(groups);
      at += own.length;
    }
    this.#slots.add(granted);
    if (this.#stopping) await this.#giveBackReady();
    else this.#startReady();
    return granted.length;
  }

  /** What the claim decided by itself. */
  async #decide({work, replies}: Claimed): Promise<void> {
    this.#deciding += 1;
    try {
      const verdict = await this.#decided.finish(work, replies);
      const isLeased = 'back' in verdict && replies.at(-1)?.verdict === 'leased';
      this.#finish({work, replies}, isLeased ? {back: true, delayMs: leasedDelayMs} : verdict);
    } catch (error) {
      logNotSettled(this.#context, error);
    }
    this.#deciding -= 1;
    this.wake();
    this.#settledDown();
  }

  #startReady(): void {
    const {opensLanes, opensCutOffs} = this.#context.gate;
    if (this.#stopping || !opensCutOffs) return;
    for (let next = this.#slots.start(!opensLanes); next; next = this.#slots.start(!opensLanes))
      void this.#run(next);
  }

  async #run(granted: Ready): Promise<void> {
    let verdict: Verdict = {back: true};
    const end = await tracedAttempt(this.#attemptIn(granted.signal), granted);
    this.#slots.answered(granted);
    try {
      const concluded = this.#settling.conclude(granted, end);
      // The gate knows how it ended: the next may go while that is written.
      this.wake();
      verdict = await concluded;
      // Deltas stay with their group when it could not be told: its sync is what goes on.
      if ('back' in verdict && granted.claim.op === 'sync') this.#queues.addGroups([granted.claim.subject]);
      verdict = await this.#decided.rest(granted, granted.replies, verdict);
    } catch (error) {
      logNotSettled(this.#context, error);
    }
    this.#slots.done(granted);
    this.#finish(granted, verdict);
    this.wake();
    this.#settledDown();
  }

  #finish({work, replies}: Pick<Claimed, 'work' | 'replies'>, verdict: Verdict): void {
    finish(this.#context, this.#queues, {work, verdict, replies, isStopping: this.#stopping});
  }

  #settledDown(): void {
    const isQuiet = !this.#pumping && this.#claims.idle && this.#deciding === 0;
    if (this.#stopping && this.#slots.idle && isQuiet) this.#drained?.();
  }
}
