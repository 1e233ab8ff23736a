import type {ClaimReply} from '../../core/state.ts';
import {isCutOff, type Granted} from './work.ts';

/** Granted, with the replies to all claims of its work. */
export type Ready = Granted & {replies: readonly ClaimReply[]};

/** Cut-offs may go beyond the target's concurrency: a leaver does not wait for a slot. */
const urgentSlots = 4;

/** What was granted: it waits for a slot, is at the target, or is being made durable. Cut-offs go first. */
export class Slots {
  readonly #concurrency: number;
  readonly #ready: Ready[] = [];
  readonly #running = new Set<Ready>();
  #sending = 0;

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** Whose leases are to be kept. */
  get held(): Granted[] {
    return [...this.#running, ...this.#ready];
  }

  get idle(): boolean {
    return this.#running.size === 0;
  }

  /**
   * How many more may be claimed; with no slot free, of cut-offs alone: granted joiners that wait for a slot must not keep
   * a leaver from being claimed.
   */
  room(): {most: number; urgentOnly: boolean} {
    const free = this.#concurrency - this.#taken - this.#ready.length;
    if (free > 0) return {most: free, urgentOnly: false};
    return {most: urgentSlots - this.held.filter(isCutOff).length, urgentOnly: true};
  }

  add(granted: readonly Ready[]): void {
    this.#ready.push(...granted);
    this.#ready.sort((a, b) => Number(isCutOff(b)) - Number(isCutOff(a)));
  }

  /** The next that has a slot: it is at the target from now on. */
  start(): Ready | undefined {
    const [next] = this.#ready;
    if (!next || this.#taken >= this.#concurrency + (isCutOff(next) ? urgentSlots : 0)) return undefined;
    this.#ready.shift();
    this.#running.add(next);
    this.#sending += 1;
    return next;
  }

  /** The target has answered; what is left is to make it durable. */
  answered(): void {
    this.#sending -= 1;
  }

  done(granted: Ready): void {
    this.#running.delete(granted);
  }

  /** Takes out what was not started. */
  withdraw(): Ready[] {
    return this.#ready.splice(0);
  }

  /** What can not be made durable holds slots too, in the end: nothing more is sent then. */
  get #taken(): number {
    return Math.max(this.#sending, this.#running.size - 2 * this.#concurrency);
  }
}
