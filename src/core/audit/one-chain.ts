import {nothingBefore} from './chain.ts';
import type {Finding, Place} from './finding.ts';
import type {Linked} from './written.ts';

/** What is kept of a record to check those around it. */
export interface Seen extends Pick<Linked, 'sequence' | 'hash' | 'previous' | 'at'> {
  place: Place;
  /** The state of a checkpoint. */
  state?: NonNullable<Linked['checkpoint']>['state'];
  /** Of a checkpoint: how many records may stand before the next. */
  every?: number;
  /** A checkpoint that vouches for what stands before it. */
  isProof?: boolean;
}

/** Records in a row that are not there, between what is. */
export interface Gap {
  from: number;
  until: number;
  before: Seen | undefined;
  after: Seen;
  /** Whether a checkpoint follows: then they have been written. */
  isSigned: boolean;
}

const kept = 4096;

/**
 * One writer's chain, by what is read of it in whatever order: a topic's partitions come mixed. A record is linked once
 * the one before it is; what is missing is known at the end, or once `maxEarly` wait for it.
 */
export class OneChain {
  readonly findings: Finding[] = [];
  readonly gaps: Gap[] = [];
  duplicates = 0;
  records = 0;
  unsigned = 0;
  last: Seen | undefined;
  readonly #writer: string;
  readonly #maxEarly: number;
  /** By sequence; more than one where records differ that say they are the same. */
  readonly #early = new Map<number, Seen[]>();
  readonly #linked = new Map<number, Seen>();
  /** The highest sequence in each lane. */
  readonly #lanes = new Map<string, number>();
  /** The last linked, and others in its place. */
  #candidates: Seen[] = [];
  #next = 0;
  #lastProof = -1;
  /** Since the last checkpoint: one may have been in there. */
  #isGapped = false;
  #every = Infinity;

  constructor(writer: string, maxEarly: number) {
    this.#writer = writer;
    this.#maxEarly = maxEarly;
  }

  take(seen: Seen): void {
    const {sequence, place} = seen;
    const known = this.#early.get(sequence) ?? this.#knownAt(sequence);
    if (known?.some(({hash}) => hash === seen.hash)) {
      this.duplicates += 1;
      return;
    }
    const highest = this.#lanes.get(place.lane) ?? -1;
    if (known === undefined && sequence < Math.max(highest, this.#next)) this.#reordered(seen, highest);
    this.#lanes.set(place.lane, Math.max(highest, sequence));
    if (seen.isProof) this.#lastProof = Math.max(this.#lastProof, sequence);
    if (this.#early.has(sequence)) known?.push(seen);
    else if (known && sequence === this.last?.sequence) this.#candidates.push(seen);
    else if (known) this.#double(seen);
    else if (sequence >= this.#next) this.#early.set(sequence, [seen]);
    this.#advance();
    if (this.#early.size > this.#maxEarly) this.#leap();
  }

  /** No more comes: what is missing is missing. */
  end(): void {
    while (this.#early.size > 0) this.#leap();
    this.#settle();
  }

  /** The record that is linked here, as far back as they are kept. */
  at(sequence: number): Seen | undefined {
    return this.#linked.get(sequence);
  }

  get next(): number {
    return this.#next;
  }

  get isClosed(): boolean {
    return this.last?.state === 'closed';
  }

  #knownAt(sequence: number): Seen[] | undefined {
    if (sequence === this.last?.sequence) return this.#candidates;
    const seen = this.#linked.get(sequence);
    return seen && [seen];
  }

  /** Nothing better comes: gives up what is missing before the next that is there, or takes one that does not fit. */
  #leap(): void {
    const next = Math.min(...this.#early.keys());
    const [after] = this.#early.get(next) ?? [];
    if (!after) return;
    if (next > this.#next) {
      this.#settle();
      const isSigned = this.#lastProof >= next;
      this.gaps.push({from: this.#next, until: next - 1, before: this.last, after, isSigned});
      this.#candidates = [];
      this.#isGapped = true;
      this.#next = next;
    }
    this.#advance(true);
  }

  /** Links what fits; what does not may be a false one, read before the true one. `isForced`: the first in any case. */
  #advance(isForced = false): void {
    for (let force = isForced; ; force = false) {
      const all = this.#early.get(this.#next);
      const [one] = all ?? [];
      if (!all || !one) return;
      const pair = this.#fitting(all);
      if (!pair && !force) return;
      this.#early.delete(this.#next);
      this.#follow(all, pair?.after ?? one, pair);
      this.#next += 1;
    }
  }

  /** Of several in one place, that one stands which another was written after. */
  #fitting(all: readonly Seen[]): {before?: Seen; after: Seen} | undefined {
    if (this.#next === 0) {
      const first = all.find(({previous, state}) => previous === nothingBefore && state === 'opened');
      return first && {after: first};
    }
    return this.#candidates.flatMap((before) =>
      all.filter(({previous}) => previous === before.hash).map((after) => ({before, after})),
    )[0];
  }

  #follow(all: readonly Seen[], one: Seen, pair: {before?: Seen} | undefined): void {
    if (pair?.before) this.#settle(pair.before);
    else if (this.#candidates.length > 0) this.#replaced(one);
    else if (!pair && one.sequence === 0)
      this.#find({is: 'replaced', ...this.#of(one), detail: 'no chain begins so'});
    this.#candidates = [one, ...all.filter((other) => other !== one)];
    this.#count(one);
  }

  #replaced(after: Seen): void {
    const [before] = this.#candidates;
    this.#settle();
    if (before)
      this.#find({is: 'replaced', ...this.#of(before), detail: `${after.sequence} follows another record`});
  }

  /** Of what stands in one place, this one is it; the others are not. */
  #settle(one = this.#candidates[0]): void {
    for (const other of this.#candidates) if (other !== one) this.#double(other);
    this.#candidates = this.#candidates.filter((other) => other === one);
    if (one) this.#linked.set(one.sequence, one);
  }

  #reordered(seen: Seen, highest: number): void {
    this.#find({
      is: 'reordered',
      ...this.#of(seen),
      detail: `it stands behind ${Math.max(highest, this.#next - 1)}`,
    });
  }

  #double(seen: Seen): void {
    this.#find({is: 'doubled', ...this.#of(seen), detail: 'another record stands in its place'});
  }

  #count(seen: Seen): void {
    this.records += 1;
    this.last = seen;
    this.#linked.set(seen.sequence, seen);
    this.#linked.delete(seen.sequence - kept);
    this.#every = seen.every ?? this.#every;
    this.unsigned = seen.isProof ? 0 : this.unsigned + 1;
    // A checkpoint that proves nothing is told of by itself.
    if (seen.state !== undefined) this.#isGapped = !seen.isProof;
    if (this.unsigned === this.#every + 1 && !this.#isGapped)
      this.#find({is: 'unproved', ...this.#of(seen), detail: `more than ${this.#every} after a checkpoint`});
  }

  #of({sequence, place, at}: Seen): Pick<Finding, 'writer' | 'sequence' | 'place' | 'at'> {
    return {writer: this.#writer, sequence, place, at};
  }

  #find(finding: Finding): void {
    this.findings.push(finding);
  }
}
