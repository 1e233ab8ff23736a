import type {Logger} from '../../core/connector.ts';

/** Lanes handed out at the same time by one process, at most. */
const most = 1000;

interface WakingOptions {
  target: string;
  log: Logger;
  /** Subjects whose lanes are due and at which nobody is, oldest first, so many at most. */
  due: (most: number) => Promise<string[]>;
  /** Looks again in a tick. */
  again: () => Promise<void>;
}

/** Hands the lanes that are due to whoever works on them, each once at a time. */
export class Waking {
  readonly #options: WakingOptions;
  readonly #work: (subject: string) => Promise<void>;
  readonly #running = new Map<string, Promise<void>>();

  constructor(work: (subject: string) => Promise<void>, options: WakingOptions) {
    this.#work = work;
    this.#options = options;
  }

  /** A tick is over. Resolves once what is due is handed out, which takes no longer than to look. */
  async ring(): Promise<void> {
    const room = most - this.#running.size;
    const found = room > 0 ? await this.#options.due(room) : [];
    for (const subject of found) if (!this.#running.has(subject)) this.#hand(subject);
    if (found.length >= room) await this.#options.again();
  }

  /** Resolves when nothing is being worked on. */
  async over(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  #hand(subject: string): void {
    const {log, target} = this.#options;
    const running = this.#work(subject)
      .catch((error: unknown) => log.error({target, subject, error}, 'Trying a lane ended with an exception'))
      .finally(() => this.#running.delete(subject));
    this.#running.set(subject, running);
  }
}
