import type {Entry} from '../../core/window.ts';

/** The offsets that are still wanted of a stretch of history. */
export interface Selection {
  readonly size: number;
  has(offset: number): boolean;
}

/** What one subject's history has come to so far: offsets, -1 for none. */
interface Noted {
  /** Its latest snapshot or cut-off. */
  whole: number;
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
  note({subject, kind, saysMembers}: Pick<Entry, 'subject' | 'kind' | 'saysMembers'>, offset: number): void {
    const noted = this.#of(subject);
    switch (kind) {
      case 'cutOff':
        noted.whole = offset;
        noted.list = -1;
        noted.deltas = noted.rest = undefined;
        return;
      case 'snapshot':
        noted.whole = offset;
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

  /** What is wanted of all that was noted. */
  select(): Selection {
    const wanted: number[] = [];
    for (const {whole, list, deltas, rest} of this.#subjects.values()) {
      if (list >= 0 && list !== whole) wanted.push(list);
      if (whole >= 0) wanted.push(whole);
      for (const offset of deltas ?? []) wanted.push(offset);
      for (const offset of rest ?? []) wanted.push(offset);
    }
    return selection(Float64Array.from(wanted).sort());
  }

  #of(subject: string): Noted {
    let noted = this.#subjects.get(subject);
    if (noted === undefined) {
      noted = {whole: -1, list: -1, deltas: undefined, rest: undefined};
      this.#subjects.set(subject, noted);
    }
    return noted;
  }
}

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
