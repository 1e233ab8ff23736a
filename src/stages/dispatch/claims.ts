/** Works in one claim, at most. */
export const maxBatch = 512;

/** One is answered while the next is put together. */
const maxUnderWay = 2;

/** The claims that are under way, and what the last ones teach about the next. */
export class Claims {
  readonly #ended: (error?: unknown) => void;
  /** Each with how many grants it may bring. */
  readonly #underWay = new Map<Promise<void>, number>();
  #coming = 0;
  /** How many of a batch's works were granted, on average. */
  #share = 1;
  #lastMs = 0;

  /** `ended` is told of each claim that ended, and of its error. */
  constructor(ended: (error?: unknown) => void) {
    this.#ended = ended;
  }

  get full(): boolean {
    return this.#underWay.size >= maxUnderWay;
  }

  get idle(): boolean {
    return this.#underWay.size === 0;
  }

  /** Grants that may come of what is under way. */
  get coming(): number {
    return this.#coming;
  }

  /** How long the last one took. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /** How many works are likely to bring `grants`. */
  sizeFor(grants: number): number {
    return Math.min(maxBatch, Math.ceil(grants / Math.max(this.#share, 1 / maxBatch)));
  }

  /** Starts a claim of so many works; it resolves to how many were granted. */
  start(works: number, claim: () => Promise<number>): void {
    const asked = performance.now();
    const running: Promise<void> = claim()
      .then((granted) => {
        this.#lastMs = performance.now() - asked;
        this.#share = (this.#share + granted / works) / 2;
      })
      .then(
        () => this.#end(running),
        (error: unknown) => this.#end(running, error),
      );
    const grants = Math.ceil(works * this.#share);
    this.#underWay.set(running, grants);
    this.#coming += grants;
  }

  #end(running: Promise<void>, error?: unknown): void {
    this.#coming -= this.#underWay.get(running) ?? 0;
    this.#underWay.delete(running);
    this.#ended(error);
  }
}
