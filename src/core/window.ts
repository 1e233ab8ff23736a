import {Heap} from './window/heap.ts';
import {coalesce, insert, newLine, takeUnit, type Line, type Waiting} from './window/line.ts';
import type {Entry, Unit} from './window/entry.ts';

export {isNewer, type Entry, type EntryKind, type Unit} from './window/entry.ts';

export interface WindowOptions {
  /** Most unsettled entries, those in flight among them. */
  maxChanges: number;
  maxBytes: number;
  /** `false`: nothing takes the place of anything, and nothing is merged. */
  coalesce: boolean;
  /** Most deltas of one group in one unit; 100 unless told. */
  maxMerged?: number;
}

/**
 * The changes of one target that were read and are not settled. Hands them out by subject: one unit of a subject at a
 * time, in the order of their positions; subjects with a cut-off first, then by the arrival of the subject's first entry.
 * An entry leaves by `done`, as superseded (what `offer` and `putBack` return, for the caller to audit and settle), or by
 * `forget`. Work per entry is O(log n).
 */
export class Window {
  readonly #options: WindowOptions;
  readonly #lines = new Map<string, Line>();
  readonly #ready = new Heap<Line>();
  readonly #urgent = new Heap<Line>();
  readonly #forgotten = new Set<Entry>();
  #clock = 0;
  #size = 0;
  #bytes = 0;
  #inFlight = 0;

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  /** Unsettled entries, waiting and in flight. */
  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Units that were taken and are neither done nor put back. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Subjects that `take` would hand out now. */
  get ready(): number {
    return this.#ready.size + this.#urgent.size;
  }

  /** Subjects with a cut-off that would be handed out now: leavers who wait. */
  get cutOffs(): number {
    return this.#urgent.size;
  }

  get full(): boolean {
    return this.#size >= this.#options.maxChanges || this.#bytes >= this.#options.maxBytes;
  }

  /** At most half full: time to read on. */
  get drained(): boolean {
    return this.#size * 2 <= this.#options.maxChanges && this.#bytes * 2 <= this.#options.maxBytes;
  }

  /** When the oldest leave in it occurred, waiting or in flight; in ms since the epoch. Looks at every subject. */
  get oldestCutOffAt(): number | undefined {
    let oldest: number | undefined;
    const look = ({entry: {kind, occurredAt}}: Waiting): void => {
      if (kind === 'cutOff' && (oldest === undefined || occurredAt < oldest)) oldest = occurredAt;
    };
    for (const {cutOffs, waiting, flight} of this.#lines.values()) {
      if (cutOffs > 0) waiting.forEach(look);
      flight?.taken.forEach(look);
    }
    return oldest;
  }

  /** Takes an entry in, also when full. Returns what it supersedes; that may be the entry itself. */
  offer(entry: Entry): Entry[] {
    let line = this.#lines.get(entry.subject);
    if (line === undefined) this.#lines.set(entry.subject, (line = newLine(entry.subject)));
    this.#size += 1;
    this.#bytes += entry.bytes;
    const superseded = this.#join(line, {entry, place: this.#clock++});
    this.#settleLine(line);
    return superseded;
  }

  /**
   * The next units to work on, at most `max`; `urgentOnly`: of subjects with a cut-off alone. Each stays in flight until
   * `done` or `putBack`.
   */
  take(max: number, urgentOnly = false): Unit[] {
    const units: Unit[] = [];
    while (units.length < max) {
      const line = this.#urgent.pop() ?? (urgentOnly ? undefined : this.#ready.pop());
      if (line === undefined) break;
      const {coalesce: merges, maxMerged = 100} = this.#options;
      const taken = merges ? takeUnit(line, maxMerged) : line.waiting.splice(0, 1);
      const unit = {subject: line.subject, entries: taken.map((waiting) => waiting.entry)};
      for (const {entry} of taken) if (entry.kind === 'cutOff') line.cutOffs -= 1;
      line.flight = {unit, taken};
      this.#inFlight += 1;
      units.push(unit);
    }
    return units;
  }

  /** A unit is settled. A second call for the same unit does nothing. */
  done(unit: Unit): void {
    const line = this.#land(unit);
    if (line === undefined) return;
    for (const entry of unit.entries) this.#drop(entry);
    this.#settleLine(line);
  }

  /**
   * A unit was not sent after all: these entries of it stand at the front of their subject again (the others are
   * settled), and what came meanwhile may supersede them.
   */
  putBack(unit: Unit, entries: readonly Entry[] = unit.entries): Entry[] {
    const taken = this.#lines.get(unit.subject)?.flight?.taken ?? [];
    const line = this.#land(unit);
    if (line === undefined) return [];
    const back = taken.filter(({entry}) => entries.includes(entry) && !this.#forgotten.has(entry));
    const staying = new Set(back.map(({entry}) => entry));
    for (const entry of unit.entries) if (!staying.has(entry)) this.#drop(entry);
    const later = line.waiting;
    line.waiting = [];
    line.cutOffs = 0;
    const superseded = [...back, ...later].flatMap((waiting) => this.#join(line, waiting));
    this.#settleLine(line);
    return superseded;
  }

  /**
   * A partition moved away, or is read again from elsewhere: drops its unsent entries. Returns its entries that are in
   * flight; `putBack` will drop those too, and what settles them must not be counted.
   */
  forget(topic: string, partition: number): Entry[] {
    const gone = ({record}: Entry) => record.topic === topic && record.partition === partition;
    const open: Entry[] = [];
    for (const line of [...this.#lines.values()]) {
      open.push(...(line.flight?.unit.entries.filter(gone) ?? []));
      const leaving = line.waiting.filter(({entry}) => gone(entry));
      if (leaving.length === 0) continue;
      for (const {entry} of leaving) {
        this.#drop(entry);
        if (entry.kind === 'cutOff') line.cutOffs -= 1;
      }
      line.waiting = line.waiting.filter(({entry}) => !gone(entry));
      this.#settleLine(line);
    }
    for (const entry of open) this.#forgotten.add(entry);
    return open;
  }

  #join(line: Line, waiting: Waiting): Entry[] {
    if (!this.#options.coalesce) {
      insert(line, waiting);
      return [];
    }
    const superseded = coalesce(line, waiting);
    for (const entry of superseded) this.#drop(entry);
    return superseded;
  }

  /** The line whose unit in flight this is, now without it. */
  #land(unit: Unit): Line | undefined {
    const line = this.#lines.get(unit.subject);
    if (line?.flight?.unit !== unit) return undefined;
    line.flight = undefined;
    this.#inFlight -= 1;
    return line;
  }

  #drop(entry: Entry): void {
    this.#size -= 1;
    this.#bytes -= entry.bytes;
    this.#forgotten.delete(entry);
  }

  /** Puts a line into the heap that it belongs to now, or out of both. */
  #settleLine(line: Line): void {
    const first = line.waiting[0];
    const idle = first === undefined || line.flight !== undefined;
    const urgent = line.cutOffs > 0;
    const key = first?.place ?? 0;
    if (line.index >= 0 && (idle || line.urgent !== urgent || line.key !== key)) {
      (line.urgent ? this.#urgent : this.#ready).remove(line);
    }
    if (first === undefined && line.flight === undefined) this.#lines.delete(line.subject);
    if (idle || line.index >= 0) return;
    line.key = key;
    line.urgent = urgent;
    (urgent ? this.#urgent : this.#ready).insert(line);
  }
}
