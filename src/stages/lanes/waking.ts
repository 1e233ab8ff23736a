import type {Logger} from '../../core/connector.ts';

/** Lanes handed out at the same time by one process, at most: so many of leavers, and so many others. */
const most = 1000;

/** Lanes that are due and at which nobody is, oldest first. */
export interface DueLanes {
  /** A cut-off stands at their front. */
  cutOffs: string[];
  /** Those too. */
  all: string[];
}

/** Tries a lane; `isCutOff`: a cut-off stands at its front. */
export type LaneWork = (subject: string, isCutOff: boolean) => Promise<void>;

interface WakingOptions {
  target: string;
  log: Logger;
  /** So many at most. */
  due: (mostCutOffs: number, most: number) => Promise<DueLanes>;
  /** Looks again in a tick. */
  again: () => Promise<void>;
}

/**
 * Hands the lanes that are due to whoever works on them, each once at a time; a lane that waits is handed out again when it has
 * become a leaver's. Leavers go first, and no number of joiners takes their places.
 */
export class Waking {
  readonly #options: WakingOptions;
  readonly #work: LaneWork;
  readonly #cutOffs = new Map<string, Promise<void>>();
  readonly #others = new Map<string, Promise<void>>();

  constructor(work: LaneWork, options: WakingOptions) {
    this.#work = work;
    this.#options = options;
  }

  /** A tick is over. Resolves once what is due is handed out, which takes no longer than to look. */
  async ring(): Promise<void> {
    const [room, others] = [most - this.#cutOffs.size, most - this.#others.size];
    const {cutOffs, all} = await this.#options.due(room, others);
    for (const subject of cutOffs) if (!this.#cutOffs.has(subject)) this.#hand(subject, true);
    for (const subject of all)
      if (!this.#cutOffs.has(subject) && !this.#others.has(subject)) this.#hand(subject, false);
    if (cutOffs.length >= room || all.length >= others) await this.#options.again();
  }

  /** Resolves when nothing is being worked on. */
  async over(): Promise<void> {
    await Promise.all([...this.#cutOffs.values(), ...this.#others.values()]);
  }

  #hand(subject: string, isCutOff: boolean): void {
    const {log, target} = this.#options;
    const running = isCutOff ? this.#cutOffs : this.#others;
    const work = this.#work(subject, isCutOff)
      .catch((error: unknown) => log.error({target, subject, error}, 'Trying a lane ended with an exception'))
      .finally(() => running.delete(subject));
    running.set(subject, work);
  }
}
