import type {Chars} from './regex-chars.ts';

/** A place in an expression that takes one character. */
interface Place {
  chars: Chars;
  /** What may come right after it, by whichever way. */
  next: Chars;
}

/**
 * The ways through a part of an expression. `isClear`: after each character there is one way at most, so that a repetition
 * of the part can be walked through a text in one way alone (Brüggemann-Klein, "Regular expressions into finite automata",
 * with each turn of a repetition counted as a way of its own).
 */
export interface Walk {
  isClear: boolean;
  /** It may match nothing. */
  isEmpty: boolean;
  first: readonly Place[];
  last: readonly Place[];
}

export const unknownWalk: Walk = {isClear: false, isEmpty: true, first: [], last: []};
export const emptyWalk: Walk = {isClear: true, isEmpty: true, first: [], last: []};

/** Of one character out of these. */
export function charWalk(chars: Chars): Walk {
  const places = [{chars, next: 0n}];
  return {isClear: true, isEmpty: false, first: places, last: places};
}

/** Lets each of some places be followed by each of others; false where one of them could be followed by the same already. */
function join(from: readonly Place[], to: readonly Place[]): boolean {
  let isClear = true;
  for (const place of from)
    for (const {chars} of to) {
      if ((place.next & chars) !== 0n) isClear = false;
      place.next |= chars;
    }
  return isClear;
}

/** Of parts that stand one behind the other. */
export function inRow(walks: readonly Walk[]): Walk {
  return walks.reduce(
    (before, after) => ({
      isClear: join(before.last, after.first) && before.isClear && after.isClear,
      isEmpty: before.isEmpty && after.isEmpty,
      first: before.isEmpty ? [...before.first, ...after.first] : before.first,
      last: after.isEmpty ? [...before.last, ...after.last] : after.last,
    }),
    emptyWalk,
  );
}

/** Of parts of which one is taken. */
export const eitherOf = (walks: readonly Walk[]): Walk => ({
  // Two ways to match nothing are two ways.
  isClear: walks.every(({isClear}) => isClear) && walks.filter(({isEmpty}) => isEmpty).length < 2,
  isEmpty: walks.some(({isEmpty}) => isEmpty),
  first: walks.flatMap(({first}) => first),
  last: walks.flatMap(({last}) => last),
});

/** Of a part that is repeated, from `least` to `most` times. */
export function turned(walk: Walk, least: number, most: number): Walk {
  if (most === 0) return emptyWalk;
  // A turn that matches nothing is a way beside every other.
  const isClear = most === 1 || (join(walk.last, walk.first) && !walk.isEmpty);
  return {...walk, isClear: isClear && walk.isClear, isEmpty: walk.isEmpty || least === 0};
}
