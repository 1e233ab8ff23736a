import type {Assigned, Assignment} from './assigned.ts';
import type {SourceOptions} from './types.ts';

/** What the flow needs of a consumer. Without one that has joined, calls do nothing: joining starts all anew. */
export interface Tap {
  seek(topic: string, partition: number, offset: number): void;
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
}

/** Most superseded entries that wait for their audit before reading waits for it. */
const MAX_SUPERSEDED = 20_000;

/**
 * Says for every partition what Kafka should hand over next. Three things move it: the window (or the gate) blocks and
 * unblocks, a partition stalls, reading stops.
 *
 * Not blocked: on from `front`, in order. Blocked: on from `looked`, for cut-offs alone, until too many were taken ahead.
 * Nothing is looked at twice while blocked, and when unblocked reading goes back to the first that was let go.
 */
export class Flow {
  readonly #options: SourceOptions;
  readonly #assignment: Assignment;
  readonly #tap: Tap;
  #holding = false;
  #filled = false;
  #blocked = false;
  #stopping = false;
  #aheadFull = false;

  constructor(options: SourceOptions, assignment: Assignment, tap: Tap) {
    this.#options = options;
    this.#assignment = assignment;
    this.#tap = tap;
  }

  /** Only cut-offs are taken in. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** Whether the next record of the partition is its `front`: what is taken in then leaves nothing behind. */
  inOrder({progress}: Assigned): boolean {
    return !this.blocked || !progress.hole;
  }

  setHolding(holding: boolean): void {
    this.#holding = holding;
    this.update();
  }

  /** No partition is read any more. */
  stop(): void {
    this.#stopping = true;
    this.#steerAll();
  }

  /** Looks at the window again: it fills to its bound, and is read into again when it has drained to half. */
  update(): void {
    const {window, maxAhead = 10_000} = this.#options;
    const owned = this.#assignment.list();
    const sum = (count: (one: Assigned) => number) => owned.reduce((total, one) => total + count(one), 0);
    const superseded = sum(({progress}) => progress.unsettled) - window.size;
    this.#filled = this.#filled
      ? !window.drained || superseded * 2 > MAX_SUPERSEDED
      : window.full || superseded > MAX_SUPERSEDED;
    const blocked = this.#holding || this.#filled;
    const aheadFull = sum(({progress}) => progress.ahead) >= maxAhead;
    if (blocked === this.#blocked && aheadFull === this.#aheadFull) return;
    this.#blocked = blocked;
    this.#aheadFull = aheadFull;
    this.#steerAll();
  }

  /** Makes Kafka hand over what is wanted of this partition now. */
  steer(assigned: Assigned): void {
    if (!assigned.alive) return;
    const {phase} = assigned;
    const wanted = this.#wanted(assigned);
    if (wanted !== assigned.position) this.seek(assigned, wanted);
    const paused =
      phase === 'opening' ||
      phase === 'scanned' ||
      assigned.stalled ||
      assigned.unconfirmed ||
      this.#stopping ||
      (this.blocked && this.#aheadFull && phase === 'reading');
    if (paused !== assigned.paused) {
      assigned.paused = paused;
      this.#tap[paused ? 'pause' : 'resume'](assigned.topic, assigned.partition);
    }
  }

  /** The consumer has joined anew: it knows nothing of a partition that was kept, and hands nothing over for now. */
  keep(assigned: Assigned): void {
    assigned.unconfirmed = true;
    assigned.paused = true;
    this.#tap.pause(assigned.topic, assigned.partition);
    if (assigned.phase !== 'opening') this.seek(assigned, this.#wanted(assigned));
  }

  seek(assigned: Assigned, offset: number): void {
    assigned.position = offset;
    assigned.seeks += 1;
    this.#tap.seek(assigned.topic, assigned.partition, offset);
  }

  /** The record at `offset` can not be read now. */
  stall(assigned: Assigned, offset: number): void {
    assigned.stalled = true;
    this.seek(assigned, offset);
    this.steer(assigned);
  }

  /** Tries what has stalled again. */
  retryStalled(): void {
    for (const assigned of this.#assignment.list()) {
      if (!assigned.stalled) continue;
      assigned.stalled = false;
      this.steer(assigned);
    }
  }

  /** Catch-up has seen the whole history of this partition. */
  endScan(assigned: Assigned): void {
    assigned.phase = 'scanned';
    this.steer(assigned);
    this.endScans();
  }

  /**
   * Once every partition here is known to its end: a leave in one must not come after the creation in another. To be called also when
   * one goes away, or needs no scan.
   */
  endScans(): void {
    const all = this.#assignment.list();
    if (all.some(({phase}) => phase === 'opening' || phase === 'scanning')) return;
    const scanned = all.filter(({phase}) => phase === 'scanned');
    const scans = scanned.flatMap(({scan}) => scan ?? []);
    if (scans.length > 1) for (const scan of scans) scan.overtake(scans);
    for (const assigned of scanned) this.#catchUp(assigned);
  }

  /** Back to its start, for what is wanted of it. */
  #catchUp(assigned: Assigned): void {
    const {topic, partition, scan, progress, catchUpTo} = assigned;
    assigned.selection = scan?.select();
    assigned.scan = undefined;
    assigned.phase = 'reading';
    const fields = {
      topic,
      partition,
      from: progress.front,
      to: catchUpTo,
      selected: assigned.selection?.size,
    };
    this.#options.log.info(fields, 'Catching up with what is the latest of each subject');
    this.steer(assigned);
  }

  #wanted({phase, position, progress}: Assigned): number {
    if (phase !== 'reading') return position;
    return this.blocked ? progress.looked : progress.front;
  }

  #steerAll(): void {
    for (const assigned of this.#assignment.list()) this.steer(assigned);
  }
}
