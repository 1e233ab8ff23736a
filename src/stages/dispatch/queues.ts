import type {Entry, Unit} from '../../core/window.ts';
import type {DispatchContext} from './context.ts';
import type {Verdict} from './end.ts';
import type {Tasks} from './tasks.ts';
import type {Turned, LaneWork, Work} from './work.ts';

const occupiedDelayMs = 20;

/** What handing out work needs of the dispatcher's context. */
export type QueuesContext = Pick<
  DispatchContext,
  'target' | 'window' | 'leftovers' | 'deleteAfterMs' | 'log' | 'now'
> & {
  lanes: Pick<DispatchContext['lanes'], 'wake'>;
  gate: Pick<DispatchContext['gate'], 'opensLanes' | 'opensCutOffs'>;
};

/** `cutOffs` alone, also `through` a waiting gate; what is `parked`, and cut-offs; or all. */
export type Which = 'cutOffs' | 'through' | 'parked' | 'all';

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
  readonly #lanes = new Map<string, ((how: Turned) => void)[]>();
  /** Those of the lanes that start with a cut-off: they go first, and a waiting gate lets them through. */
  readonly #leavers = new Set<string>();
  /** Where work comes from beside the window; the next to begin first. */
  readonly #beside: ((max: number) => Promise<Work[]>)[] = [
    (max) => this.#fromLanes(max),
    (max) => this.#taken(this.#groups, 'sync', max),
    (max) => this.#taken(this.#people, 'reference', max),
    (max) => this.#taken(this.#deletions, 'delete', max),
  ];
  /** Who has the odd place next. */
  readonly #turns = {parked: false, beside: false};
  #isClosed = false;

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
    if (which === 'through')
      return (await this.#cutOffs(max, which)).map((work) => ({...work, through: true}));
    const works = await this.#cutOffs(max, 'cutOffs');
    if (which === 'cutOffs') return works;
    if (which === 'parked') return [...works, ...(await this.#fromLanes(max - works.length))];
    works.push(...(await this.#besideWindow(this.#half(max - works.length, 'beside'))));
    works.push(...(await this.#fromWindow(max - works.length, 'all')));
    return [...works, ...(await this.#besideWindow(max - works.length))];
  }

  /** What is not in the window has half of the room while that has work, in turn where it is odd: neither must starve the other. */
  #half(max: number, whose: 'parked' | 'beside'): number {
    if (max > 0) this.#turns[whose] = !this.#turns[whose];
    return (max + Number(this.#turns[whose])) >> 1;
  }

  /** Leavers, parked and new. */
  async #cutOffs(max: number, which: 'cutOffs' | 'through'): Promise<Work[]> {
    const parked = this.#leavers.size === 0 ? 0 : this.#half(max, 'parked');
    const works: Work[] = await this.#fromLanes(parked, this.#leavers);
    works.push(...(await this.#fromWindow(max - works.length, which)));
    return [...works, ...(await this.#fromLanes(max - works.length, this.#leavers))];
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
    if (work.from === 'lane') work.turned('back' in verdict && verdict.isUntouched ? 'released' : 'turned');
    if (work.from !== 'sync' || !('back' in verdict)) return;
    setTimeout(() => this.addGroups([work.subject]), verdict.delayMs ?? occupiedDelayMs).unref();
  }

  /** A lane was woken; resolves when its head was turned, or it can not be now. `isCutOff`: it starts with one. */
  lane(subject: string, isCutOff = false): Promise<Turned> {
    if (this.#isClosed) return Promise.resolve('turned');
    if (isCutOff) this.#leavers.add(subject);
    return new Promise((resolve) => {
      this.#lanes.set(subject, [...(this.#lanes.get(subject) ?? []), resolve]);
      this.#wake();
    });
  }

  /** The gate has closed: nobody waits for lanes that it keeps out. They would use up the workers of those that it lets through. */
  releaseLanes(keepsCutOffs: boolean): void {
    for (const [subject, waiters] of this.#lanes) {
      if (keepsCutOffs && this.#leavers.has(subject)) continue;
      this.#lanes.delete(subject);
      this.#leavers.delete(subject);
      for (const waiter of waiters) waiter('released');
    }
  }

  /** Nothing more is handed out: who waits for a lane waits no longer. */
  close(): void {
    this.#isClosed = true;
    for (const waiters of this.#lanes.values()) for (const waiter of waiters) waiter('turned');
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
    const {leftovers, lanes, now, deleteAfterMs, gate} = this.#context;
    const found = await leftovers.find(now() - untouchedMs, 1000);
    // While the target asks for patience too: a cut-off in a lane goes all the same.
    for (const subject of found.lanes) await lanes.wake(subject, 0);
    if (!gate.opensLanes) return;
    this.addGroups(found.groups);
    this.addPeople(found.people);
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

  async #fromLanes(max: number, from: Set<string> | Map<string, unknown> = this.#lanes): Promise<LaneWork[]> {
    const works = await Promise.all(this.#pick(from, max).map((subject) => this.#fromLane(subject)));
    return works.filter((work) => work !== undefined);
  }

  async #fromLane(subject: string): Promise<LaneWork | undefined> {
    const waiters = this.#lanes.get(subject) ?? [];
    this.#lanes.delete(subject);
    this.#leavers.delete(subject);
    const turned = (how: Turned = 'turned'): void => {
      for (const waiter of waiters) waiter(how);
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

  async #fromWindow(max: number, which: 'cutOffs' | 'through' | 'all'): Promise<Work[]> {
    const works: Work[] = [];
    for (const unit of this.#context.window.take(max, which !== 'all')) {
      const {opensLanes, opensCutOffs} = this.#context.gate;
      if (which === 'through' ? !opensCutOffs : !opensLanes) {
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
