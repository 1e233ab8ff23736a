import {Bag, nowhere, type Placed} from '../../core/bag.ts';
import type {ClaimReply} from '../../core/state.ts';
import type {Claims} from './claims.ts';
import {goesThrough, isCutOff, taskOf, type Claimed, type Granted} from './work.ts';

/** Granted, with the replies to all claims of its work, when it was started, and what aborts its attempt. */
export type Ready = Granted &
  Placed & {replies: readonly ClaimReply[]; startedMs: number; signal: AbortSignal};

/** Cut-offs may go beyond the target's concurrency: a leaver does not wait for a slot. */
const urgentSlots = 4;

/** So long may pass until a claim is full: a call to Redis costs about the same for one as for thirty. */
const gatherMs = 10;

/** The weight of one more duration in the average of the last ones. */
const weight = 1 / 32;

/** What was granted: it waits for a slot, is at the target, or is being made durable. Cut-offs go first. */
export class Slots {
  readonly #concurrency: number;
  readonly #ready: Ready[] = [];
  /** What was started. */
  readonly #running = new Bag<Ready>();
  #sending = 0;
  /** Cut-offs among what is ready and running: asked for with every turn. */
  #cutOffs = 0;
  #attemptMs: number | undefined;

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** Whose leases are to be kept. */
  get held(): Granted[] {
    return [...this.#running.all, ...this.#ready];
  }

  get idle(): boolean {
    return this.#running.size === 0;
  }

  /** Nothing is at the target. */
  get quiet(): boolean {
    return this.#sending === 0;
  }

  /**
   * How many more may be claimed: as many as slots are free, and as will have come free when a claim is answered.
   * None: of cut-offs alone, because granted joiners that wait for a slot must not keep a leaver from being claimed.
   */
  room({lastMs, coming}: Pick<Claims, 'lastMs' | 'coming'>): {most: number; urgentOnly: boolean} {
    const soon = this.#attemptMs === undefined ? 0 : Math.min(1, (lastMs + gatherMs) / this.#attemptMs);
    const ahead = Math.floor(this.#concurrency * soon);
    const free = this.#concurrency + ahead - this.#taken - this.#ready.length - coming;
    // A claim costs the same for one as for thirty: at a quick target it waits until it is worth it.
    if (free > ahead / 2) return {most: free, urgentOnly: false};
    return {most: urgentSlots - this.#cutOffs - coming, urgentOnly: true};
  }

  add(granted: readonly Ready[]): void {
    this.#ready.push(...granted);
    const cutOffs = granted.filter(isCutOff).length;
    this.#cutOffs += cutOffs;
    if (cutOffs > 0) this.#ready.sort((a, b) => Number(isCutOff(b)) - Number(isCutOff(a)));
  }

  /** The next that has a slot: it is at the target from now on. `alone`: only what goes through a waiting gate, one at a time. */
  start(alone: boolean): Ready | undefined {
    const [next] = this.#ready;
    if (!next || (alone && !goesThrough(next))) return undefined;
    const most = alone ? 1 : this.#concurrency + (isCutOff(next) ? urgentSlots : 0);
    if (this.#taken >= most) return undefined;
    this.#ready.shift();
    next.startedMs = performance.now();
    this.#running.add(next);
    this.#sending += 1;
    return next;
  }

  /** The target has answered; what is left is to make it durable. */
  answered(granted: Ready): void {
    this.#sending -= 1;
    const tookMs = performance.now() - granted.startedMs;
    this.#attemptMs = (this.#attemptMs ?? tookMs) * (1 - weight) + tookMs * weight;
  }

  done(granted: Ready): void {
    if (this.#running.remove(granted) && isCutOff(granted)) this.#cutOffs -= 1;
  }

  /** Takes out what was not started. */
  withdraw(): Ready[] {
    this.#cutOffs -= this.#ready.filter(isCutOff).length;
    return this.#ready.splice(0);
  }

  /** What can not be made durable holds slots too, in the end: nothing more is sent then. */
  get #taken(): number {
    return Math.max(this.#sending, this.#running.size - 2 * this.#concurrency);
  }
}

/** A work whose last claim was granted. */
export function readyOf(
  {work, claims, replies}: Claimed,
  token: string,
  signal: AbortSignal,
): Ready | undefined {
  const [claim, reply] = [claims.at(-1), replies.at(-1)];
  if (!claim || reply?.verdict !== 'go') return undefined;
  const task = taskOf(work);
  return {work, claim, reply, token, replies, signal, startedMs: 0, place: nowhere, ...(task ? {task} : {})};
}
