import type {Finding, NamedHead, Place, SignatureCheck, Verified} from './finding.ts';
import {OneChain, type Gap, type Seen} from './one-chain.ts';
import type {Linked} from './written.ts';

export interface VerifyOptions {
  /** Absent: no key was given, and no signature is checked. */
  signature?: SignatureCheck;
  /** A file's records stand in the order they were written in; a topic's partitions come mixed. */
  isSequential: boolean;
  /** As writers name what is read: a file's `host:path`, or the topic. Others are known by what writers say themselves. */
  names?: readonly string[];
}

/** A line or a message that is no record as it was written; `claims`: which it says it is. */
interface Bad {
  place: Place;
  claims?: Pick<Linked, 'writer' | 'sequence' | 'at'>;
  isTorn: boolean;
}

/** Checks the chains of whatever was read, record by record. Memory grows with the writers, and with what is wrong. */
export class Verification {
  readonly #options: VerifyOptions;
  readonly #chains = new Map<string, OneChain>();
  readonly #heads: NamedHead[] = [];
  readonly #bad: Bad[] = [];
  readonly #findings: Finding[] = [];
  /** As the writers name what is read here. */
  readonly #names: Set<string>;
  #unchained = 0;
  readonly #unchainedRuns: {lane: string; from: number; until: number; at: number}[] = [];
  readonly #signing = new Set<string>();

  constructor(options: VerifyOptions) {
    this.#options = options;
    this.#names = new Set(options.names);
  }

  /** A record whose own hash holds. */
  take(record: Linked, place: Place): void {
    const {writer, sequence, hash, previous, at, checkpoint} = record;
    if (checkpoint) this.#checkpoint(record, place);
    const told = checkpoint && {
      state: checkpoint.state,
      every: checkpoint.every,
      isProof: this.#isGood(record),
    };
    this.#chainOf(writer).take({sequence, hash, previous, at, place, ...told});
  }

  /** A record that was changed, or a line that is none; `isTorn`: it looks like a write that did not end. */
  takeBad(place: Place, claims?: Bad['claims'], isTorn = false): void {
    this.#bad.push({place, isTorn, ...(claims ? {claims} : {})});
  }

  /** A record in the layout from before there were chains; anybody who can write there may have made it. */
  takeUnchained({lane, at: line}: Place, written: unknown): void {
    // Of a time that is none nobody can say that it is long ago.
    const at = typeof written === 'number' ? written : Infinity;
    this.#unchained += 1;
    const run = this.#unchainedRuns.at(-1);
    if (run?.lane === lane && run.until === line - 1) {
      run.until = line;
      run.at = Math.max(run.at, at);
    } else this.#unchainedRuns.push({lane, from: line, until: line, at});
  }

  /** A record that is whole and stands where it was not written to. */
  misplaced({writer, sequence, at}: Linked, place: Place, detail: string): void {
    this.#findings.push({is: 'misplaced', writer, sequence, place, at, detail});
  }

  /** The verdict; `heads` are known from elsewhere than the records themselves. */
  end(heads: readonly NamedHead[] = []): Verified {
    const unfinished: Finding[] = [];
    for (const [writer, chain] of this.#chains) {
      chain.end();
      this.#findings.push(...chain.findings);
      for (const gap of chain.gaps) this.#gap(writer, chain, gap, unfinished);
    }
    for (const named of Map.groupBy([...this.#heads, ...heads], ({writer}) => writer).values())
      this.#named(named);
    for (const {lane, from, until, at} of this.#unchainedRuns)
      this.#findings.push({
        ...{is: 'unchained', place: {lane, at: from}, at},
        detail: `${until - from + 1} of the layout of version 0.1: nothing vouches for them`,
      });
    const left = this.#bad.splice(0);
    for (const {place, claims} of left.filter(({isTorn}) => !isTorn))
      this.#findings.push({is: 'edited', ...claims, place, detail: 'it is no record as it was written'});
    const chains = [...this.#chains].map(([writer, {records, last, isClosed, unsigned}]) => ({
      writer,
      records,
      last: last?.sequence ?? 0,
      isClosed,
      unsigned,
      isSigned: this.#signing.has(writer),
    }));
    const sum = (of: (chain: OneChain) => number): number =>
      [...this.#chains.values()].reduce((total, chain) => total + of(chain), 0);
    return {
      findings: this.#findings,
      chains,
      records: sum(({records}) => records),
      duplicates: sum(({duplicates}) => duplicates),
      unchained: this.#unchained,
      torn: left.filter(({isTorn}) => isTorn).map(({place}) => place),
      unfinished,
      isSignatureChecked: this.#options.signature !== undefined,
    };
  }

  #chainOf(writer: string): OneChain {
    const known = this.#chains.get(writer);
    if (known) return known;
    const chain = new OneChain(writer, this.#options.isSequential ? 1000 : 1_000_000);
    this.#chains.set(writer, chain);
    return chain;
  }

  #nameIn({file, topic}: {file?: string; topic?: string}): string | undefined {
    return this.#options.isSequential ? file : topic;
  }

  #isGood(record: Linked): boolean {
    const verdict = this.#options.signature?.(record);
    return verdict === undefined || verdict === 'good';
  }

  #checkpoint(record: Linked, place: Place): void {
    const {writer, sequence, at, checkpoint} = record;
    if (checkpoint?.signature !== undefined) this.#signing.add(writer);
    const verdict = this.#options.signature?.(record);
    if (verdict !== undefined && verdict !== 'good') {
      const detail = {
        wrong: 'its signature does not hold',
        'unknown key': `it is signed with a key that was not given: ${checkpoint?.key ?? ''}`,
        none: 'it is not signed',
      }[verdict];
      this.#findings.push({is: 'not signed', writer, sequence, place, at, detail});
    }
    const name = checkpoint && this.#nameIn(checkpoint);
    if (name !== undefined) this.#names.add(name);
    for (const head of checkpoint?.heads ?? []) this.#heads.push({...head, by: writer});
  }

  /** Missing: edited where a line or a message stands that may have been it. */
  #gap(writer: string, chain: OneChain, gap: Gap, unfinished: Finding[]): void {
    const {from, until, after} = gap;
    const edited: number[] = [];
    for (let sequence = from; sequence <= until && this.#bad.length > 0; sequence += 1) {
      const bad = this.#takeBadFor(writer, sequence, gap);
      if (!bad) continue;
      edited.push(sequence);
      this.#findings.push({is: 'edited', writer, sequence, place: bad.place, at: after.at});
    }
    const mayBeUnwritten = !this.#options.isSequential && !chain.isClosed && !gap.isSigned;
    for (const [first, last] of without(from, until, edited)) {
      const range = {writer, sequence: first, at: after.at, ...(last > first ? {until: last} : {})};
      (mayBeUnwritten ? unfinished : this.#findings).push({is: 'removed', ...range});
    }
  }

  #takeBadFor(writer: string, sequence: number, {before, after}: Gap): Bad | undefined {
    const isClaimed = ({claims}: Bad): boolean => claims?.writer === writer && claims.sequence === sequence;
    const found = this.#bad.find(isClaimed) ?? this.#bad.find((bad) => this.#isBetween(bad, before, after));
    if (found) this.#bad.splice(this.#bad.indexOf(found), 1);
    return found;
  }

  #isBetween({place, claims}: Bad, before: Seen | undefined, after: Seen): boolean {
    if (!this.#options.isSequential) return claims === undefined;
    const from = before?.place.lane === after.place.lane ? before.place.at : 0;
    return place.lane === after.place.lane && place.at > from && place.at < after.place.at;
  }

  /** Somebody has seen these records of one writer: they must be there, unless they were written elsewhere. */
  #named(heads: readonly NamedHead[]): void {
    const highest = heads.reduce((one, other) => (other.sequence > one.sequence ? other : one));
    const {writer, sequence} = highest;
    const chain = this.#chains.get(writer);
    if (!chain && !this.#names.has(this.#nameIn(highest) ?? '')) return;
    if (sequence >= (chain?.next ?? 0)) this.#cutOff(highest, chain);
    for (const {sequence: named, hash, by} of heads) {
      const seen = chain?.at(named);
      if (!seen || seen.hash === hash) continue;
      const {place, at} = seen;
      this.#findings.push({
        is: 'replaced',
        writer,
        sequence: named,
        place,
        at,
        detail: `${by} has seen another`,
      });
    }
  }

  #cutOff({writer, sequence, by, at}: NamedHead, chain: OneChain | undefined): void {
    const next = chain?.next ?? 0;
    const last = chain?.last?.place;
    const isBehind = ({lane, at: line}: Place): boolean =>
      this.#options.isSequential && lane === (last?.lane ?? lane) && line > (last?.at ?? 0);
    const bad = this.#bad.findIndex(
      ({place, claims}) => (claims?.writer === writer && claims.sequence >= next) || isBehind(place),
    );
    const [edited] = bad < 0 ? [] : this.#bad.splice(bad, 1);
    const range = {writer, sequence: next, at, ...(sequence > next ? {until: sequence} : {})};
    const detail = `${by} has seen ${sequence}`;
    this.#findings.push(
      edited ? {is: 'edited', ...range, place: edited.place} : {is: 'cut off', ...range, detail},
    );
  }
}

/** What is left of a range of numbers, as ranges. */
function without(from: number, until: number, taken: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  let next = from;
  for (const one of [...taken, until + 1]) {
    if (one > next) ranges.push([next, one - 1]);
    next = one + 1;
  }
  return ranges;
}
