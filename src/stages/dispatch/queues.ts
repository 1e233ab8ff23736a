import type {Entry, Unit} from '../../core/window.ts';
import type {DispatchContext} from './context.ts';
import type {Verdict} from './end.ts';
import type {Tasks} from './tasks.ts';
import type {Work} from './work.ts';

const occupiedDelayMs = 20;

/** What handing out work needs of the dispatcher's context. */
export type QueuesContext = Pick<
  DispatchContext,
  'target' | 'window' | 'leftovers' | 'deleteAfterMs' | 'log' | 'now'
> & {
  lanes: Pick<DispatchContext['lanes'], 'wake'>;
  gate: Pick<DispatchContext['gate'], 'opensLanes'>;
};

/** `cutOffs` alone; what is `parked`, and cut-offs; or all. */
export type Which = 'cutOffs' | 'parked' | 'all';

/**
 * Where work comes from: lanes that were woken, groups and people that wait for something that came, and the window.
 * One subject is worked on once at a time, wherever its work came from.
 */
export class Queues {
  readonly #context: QueuesContext;
  readonly #tasks: Pick<Tasks, 'ofUnit' | 'ofLane'>;
  readonly #superseded: (entries: readonly Entry[]) => void;
  readonly #wake: () => void;
  readonly #active = new Set<string>();
  readonly #groups = new Set<string>();
  readonly #people = new Set<string>();
  readonly #deletions = new Set<string>();
  readonly #lanes = new Map<string, (() => void)[]>();
  /** Where work comes from beside the window; the next to begin first. */
  readonly #beside: ((max: number) => Promise<Work[]>)[] = [
    (max) => this.#fromLanes(max),
    (max) => this.#taken(this.#groups, 'sync', max),
    (max) => this.#taken(this.#people, 'reference', max),
    (max) => this.#taken(this.#deletions, 'delete', max),
  ];
  #isTheirTurn = false;

  constructor(
    context: QueuesContext,
    tasks: Pick<Tasks, 'ofUnit' | 'ofLane'>,
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
    // Half of the room while the window has work, in turn where it is odd: none of them must starve what is new.
    this.#isTheirTurn = !this.#isTheirTurn;
    const works = await this.#besideWindow((max + Number(this.#isTheirTurn)) >> 1);
    works.push(...(await this.#fromWindow(max - works.length, false)));
    return [...works, ...(await this.#besideWindow(max - works.length))];
  }

  /** Lanes, groups, people and deletions: each begins in its turn. */
  async #besideWindow(max: number): Promise<Work[]> {
    const works: Work[] = [];
    for (const source of [...this.#beside]) {
      if (works.length >= max) break;
      this.#beside.push(...this.#beside.splice(0, 1));
      works.push(...(await source(max - works.length)));
    }
    return works;
  }

  #taken(subjects: Set<string>, from: 'sync' | 'reference' | 'delete', max: number): Promise<Work[]> {
    const picked = this.#pick(subjects, max);
    for (const subject of picked) subjects.delete(subject);
    return Promise.resolve(picked.map((subject) => ({from, subject})));
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
    const {leftovers, lanes, now, deleteAfterMs} = this.#context;
    const found = await leftovers.find(now() - untouchedMs, 1000);
    this.addGroups(found.groups);
    this.addPeople(found.people);
    for (const subject of found.lanes) await lanes.wake(subject, 0);
    if (deleteAfterMs === undefined) return;
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
