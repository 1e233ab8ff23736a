import type {Entry} from '../../core/window.ts';

/** The offsets that are still wanted of a stretch of history. */
export interface Selection {
  readonly size: number;
  has(offset: number): boolean;
}

/** What one subject's history has come to so far: offsets, -1 for none. */
interface Noted {
  /** Its latest snapshot or cut-off, and when that occurred. */
  whole: number;
  wholeAt: number;
  isCutOff: boolean;
  /** Another partition has a newer one. */
  isOvertaken: boolean;
  /** Its latest whole list of memberships since it was last cut off. */
  list: number;
  /** Deltas after that list. */
  deltas: number[] | undefined;
  /** What was nothing for the target, since the latest whole. */
  rest: number[] | undefined;
}

/** Reads a stretch of history and notes, by subject, what a target that starts after it needs to be told. */
export class Scan {
  readonly #subjects = new Map<string, Noted>();

  /** To be called in the order of offsets. */
  note(
    {subject, kind, saysMembers, occurredAt}: Pick<Entry, 'subject' | 'kind' | 'saysMembers' | 'occurredAt'>,
    offset: number,
  ): void {
    const noted = this.#of(subject);
    if (kind === 'cutOff' || kind === 'snapshot' || kind === 'end') {
      noted.whole = offset;
      noted.wholeAt = occurredAt;
      noted.isCutOff = kind === 'cutOff';
    }
    switch (kind) {
      case 'cutOff':
        noted.list = -1;
        noted.deltas = noted.rest = undefined;
        return;
      case 'snapshot':
      case 'end':
        noted.rest = undefined;
        if (!saysMembers) return;
        noted.list = offset;
        noted.deltas = undefined;
        return;
      case 'delta':
        (noted.deltas ??= []).push(offset);
        return;
      case 'none':
        (noted.rest ??= []).push(offset);
        return;
      default:
        kind satisfies never;
    }
  }

  /** Forgets what another partition's history says something newer of: the leave that stands elsewhere above all. */
  overtake(others: readonly Scan[]): void {
    for (const [subject, noted] of this.#subjects) {
      if (noted.whole < 0) continue;
      const newer = others
        .flatMap((other) => other.#subjects.get(subject) ?? [])
        .filter((one) => one !== noted && one.whole >= 0 && isNewer(one, noted));
      if (newer.length === 0) continue;
      // A list of memberships is only replaced by another, or by a cut-off.
      if (newer.some(({isCutOff, list, whole}) => isCutOff || list === whole)) noted.list = -1;
      noted.isOvertaken = true;
    }
  }

  /** What is wanted of all that was noted. */
  select(): Selection {
    const wanted: number[] = [];
    for (const {whole, list, deltas, rest, isOvertaken} of this.#subjects.values()) {
      if (list >= 0 && (isOvertaken || list !== whole)) wanted.push(list);
      if (whole >= 0 && !isOvertaken) wanted.push(whole);
      for (const offset of deltas ?? []) wanted.push(offset);
      for (const offset of rest ?? []) wanted.push(offset);
    }
    return selection(Float64Array.from(wanted).sort());
  }

  #of(subject: string): Noted {
    let noted = this.#subjects.get(subject);
    if (noted === undefined) {
      noted = {
        ...{whole: -1, wholeAt: 0, isCutOff: false, isOvertaken: false},
        ...{list: -1, deltas: undefined, rest: undefined},
      };
      this.#subjects.set(subject, noted);
    }
    return noted;
  }
}

/** As positions of two sources compare: by time, and on a tie the cut-off. */
const isNewer = (a: Noted, b: Noted): boolean =>
  a.wholeAt > b.wholeAt || (a.wholeAt === b.wholeAt && a.isCutOff && !b.isCutOff);

/** Eight bytes an offset: a set of a million would take forty times that. */
function selection(sorted: Float64Array): Selection {
  const has = (offset: number) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return sorted[low] === offset;
  };
  return {size: sorted.length, has};
}
