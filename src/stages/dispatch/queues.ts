import type {Entry, Unit} from '../../core/window.ts';
import type {DispatchContext} from './context.ts';
import type {Verdict} from './end.ts';
import type {Tasks} from './tasks.ts';
import type {Work} from './work.ts';

const occupiedDelayMs = 20;

/** `cutOffs` alone; what is `parked`, and cut-offs; or all. */
export type Which = 'cutOffs' | 'parked' | 'all';

/**
 * Where work comes from: lanes that were woken, groups and people that wait for something that came, and the window.
 * One subject is worked on once at a time, wherever its work came from.
 */
export class Queues {
  readonly #context: DispatchContext;
  readonly #tasks: Tasks;
  readonly #superseded: (entries: readonly Entry[]) => void;
  readonly #wake: () => void;
  readonly #active = new Set<string>();
  readonly #groups = new Set<string>();
  readonly #people = new Set<string>();
  readonly #deletions = new Set<string>();
  readonly #lanes = new Map<string, (() => void)[]>();

  constructor(
    context: DispatchContext,
    tasks: Tasks,
    superseded: (entries: readonly Entry[]) => void,
    wake: () => void,
  ) {
    this.#context = context;
    this.#tasks = tasks;
    this.#superseded = superseded;
    this.#wake = wake;
  }

  /** The next works, at most `max`. Each is left by `leave`. */
  async next(max: number, which: Which): Promise<Work[]> {
    if (which === 'cutOffs') return this.#fromWindow(max, true);
    if (which === 'parked') {
      const parked = await this.#fromLanes(max);
      return [...parked, ...(await this.#fromWindow(max - parked.length, true))];
    }
    // Half of the room at most: retries must not starve what is new.
    const works = await this.#fromLanes(Math.max(1, max >> 1));
    for (const subject of this.#pick(this.#groups, max - works.length)) {
      this.#groups.delete(subject);
      works.push({from: 'sync', subject});
    }
    for (const subject of this.#pick(this.#people, max - works.length)) {
      this.#people.delete(subject);
      works.push({from: 'reference', subject});
    }
    for (const subject of this.#pick(this.#deletions, max - works.length)) {
      this.#deletions.delete(subject);
      works.push({from: 'delete', subject});
    }
    return [...works, ...(await this.#fromWindow(max - works.length, false))];
  }

  leave(work: Work, verdict: Verdict): void {
    this.#active.delete(work.subject);
    if (work.from === 'lane') work.turned();
    if (work.from !== 'sync' || !('back' in verdict)) return;
    setTimeout(() => this.addGroups([work.subject]), verdict.delayMs ?? occupiedDelayMs).unref();
  }

  /** A lane was woken; resolves when its head was turned. */
  lane(subject: string): Promise<void> {
    return new Promise((resolve) => {
      this.#lanes.set(subject, [...(this.#lanes.get(subject) ?? []), resolve]);
      this.#wake();
    });
  }

  /** Nothing more is handed out: who waits for a lane waits no longer. */
  close(): void {
    for (const waiters of this.#lanes.values()) for (const waiter of waiters) waiter();
    this.#lanes.clear();
  }

  addGroups(subjects: readonly string[]): void {
    for (const subject of subjects) this.#groups.add(subject);
    if (subjects.length > 0) this.#wake();
  }

  addPeople(subjects: readonly string[]): void {
    for (const subject of subjects) this.#people.add(subject);
    if (subjects.length > 0) this.#wake();
  }

  /** Takes up what a crash left behind, untouched for so long, and accounts whose time is over. */
  async sweep(untouchedMs: number): Promise<void> {
    const {leftovers, lanes, now} = this.#context;
    const found = await leftovers.find(now() - untouchedMs, 1000);
    this.addGroups(found.groups);
    this.addPeople(found.people);
    for (const subject of found.lanes) await lanes.wake(subject, 0);
    for (const subject of await leftovers.deletions(now(), 1000)) this.#deletions.add(subject);
    if (this.#deletions.size > 0) this.#wake();
  }

  putBack(unit: Unit, delayMs: number): void {
    const back = (): void => {
      this.#superseded(this.#context.window.putBack(unit));
      this.#wake();
    };
    if (delayMs > 0) setTimeout(back, delayMs).unref();
    else back();
  }

  /** Takes what is free of `from`, at most `max`, and makes it active. */
  #pick(from: Set<string> | Map<string, unknown>, max: number): string[] {
    const picked: string[] = [];
    for (const subject of from.keys()) {
      if (picked.length >= max) break;
      if (this.#active.has(subject)) continue;
      this.#active.add(subject);
      picked.push(subject);
    }
    return picked;
  }

  async #fromLanes(max: number): Promise<Work[]> {
    const works = await Promise.all(this.#pick(this.#lanes, max).map((subject) => this.#fromLane(subject)));
    return works.filter((work) => work !== undefined);
  }

  async #fromLane(subject: string): Promise<Work | undefined> {
    const waiters = this.#lanes.get(subject) ?? [];
    this.#lanes.delete(subject);
    const turned = (): void => {
      for (const waiter of waiters) waiter();
    };
    const work = await this.#tasks.ofLane(subject, turned).catch((error: unknown) => {
      this.#context.log.warn(
        {target: this.#context.target, subject, reason: String(error)},
        'lane not read: it is tried again',
      );
      return undefined;
    });
    if (work) return work;
    this.#active.delete(subject);
    turned();
    return undefined;
  }

  async #fromWindow(max: number, urgentOnly: boolean): Promise<Work[]> {
    const works: Work[] = [];
    for (const unit of this.#context.window.take(max, urgentOnly)) {
      if (!this.#context.gate.opensLanes) {
        // One of this batch has shut it.
        this.putBack(unit, 0);
        continue;
      }
      if (this.#active.has(unit.subject)) {
        // Its lane or its members are at work: a moment, and it is free.
        this.putBack(unit, occupiedDelayMs);
        continue;
      }
      this.#active.add(unit.subject);
      const returned = new Set<Unit>();
      const work = await this.#tasks.ofUnit(unit, (back, delayMs) => {
        returned.add(back);
        this.putBack(back, delayMs);
      });
      if (work) {
        works.push(work);
        continue;
      }
      this.#active.delete(unit.subject);
      // Settled as no event: its subject's next stands ready, and nothing that ends will say so.
      if (!returned.has(unit)) this.#wake();
    }
    return works;
  }
}
