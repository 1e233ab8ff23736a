/**
 * How far one partition was read and settled.
 *
 *     start … watermark … front ……………………… looked
 *     settled  │ read, some │ let go, but for the │ not looked at
 *              │ unsettled  │ entries taken ahead │
 *
 * `front` is the next offset to read in order: below it every record was taken in or needs nothing. Offsets that do not
 * exist (compaction, transaction markers) are settled by nature: only what was taken in and is unsettled holds the
 * watermark back. Past `front`, up to `looked`, records were let go while the window was full, except those taken ahead;
 * reading goes back to `front` later. Memory is that of what is unsettled or taken ahead.
 */
export class Progress {
  readonly #open = new Set<number>();
  readonly #ahead = new Set<number>();
  /** Unsettled offsets below `front` in rising order, with settled ones among them until the next sweep. */
  #queue: number[] = [];
  #head = 0;
  #front: number;
  #looked: number;

  constructor(start: number) {
    this.#front = start;
    this.#looked = start;
  }

  /** The next offset to read in order. */
  get front(): number {
    return this.#front;
  }

  /** The next offset to look at: `front` when nothing was let go. */
  get looked(): number {
    return this.#looked;
  }

  /** Records were let go between `front` and `looked`. */
  get hole(): boolean {
    return this.#looked > this.#front;
  }

  /** Entries that were taken in and are not settled. */
  get unsettled(): number {
    return this.#open.size;
  }

  /** Entries taken ahead that reading in order has not come to yet. */
  get ahead(): number {
    return this.#ahead.size;
  }

  /** The next offset to commit: everything below it is settled. */
  get watermark(): number {
    while (this.#head < this.#queue.length) {
      const first = this.#queue[this.#head];
      if (first !== undefined && this.#open.has(first)) return first;
      this.#head += 1;
    }
    this.#queue = [];
    this.#head = 0;
    return this.#front;
  }

  /** Whether this record was taken in already, or needs nothing: it comes again after a rebalance or in the hole. */
  seen(offset: number): boolean {
    return offset < this.#front || this.#ahead.has(offset);
  }

  /** The record at `front` or after a gap behind it was taken in. */
  accept(offset: number): void {
    this.pass(offset);
    this.#open.add(offset);
    this.#queue.push(offset);
    this.pass(offset + 1);
  }

  /** Reading in order has come to `next`: what lies below and was not taken in needs nothing. */
  pass(next: number): void {
    if (next <= this.#front) return;
    this.#front = next;
    this.#looked = Math.max(this.#looked, next);
    // Looked at in rising order, so the set gives them in rising order too.
    for (const offset of this.#ahead) {
      if (offset >= next) break;
      this.#ahead.delete(offset);
      if (this.#open.has(offset)) this.#queue.push(offset);
    }
  }

  /** The record was looked at while the window was full, and let go: it will be read again. */
  letGo(offset: number): void {
    this.#looked = Math.max(this.#looked, offset + 1);
  }

  /** The record was taken in out of order, ahead of those that were let go. */
  acceptAhead(offset: number): void {
    this.#open.add(offset);
    this.#ahead.add(offset);
    this.letGo(offset);
  }

  /** Its outcome is durable. False when it was not open: settled already, or taken in by an earlier owner. */
  settle(offset: number): boolean {
    const settled = this.#open.delete(offset);
    if (settled && this.#queue.length > 2 * this.#open.size + 64) this.#sweep();
    return settled;
  }

  #sweep(): void {
    this.#queue = this.#queue.filter((offset) => this.#open.has(offset));
    this.#head = 0;
  }
}
