import {isEnd, isNewer, overtakes, type Entry, type Unit} from './entry.ts';
import type {Placed} from './heap.ts';

/** An unsent entry and its place in the order of the whole window. */
export interface Waiting {
  entry: Entry;
  place: number;
}

/** One subject's entries: those that wait, oldest first, and the unit in flight. `key` is the place of the first. */
export interface Line extends Placed {
  readonly subject: string;
  waiting: Waiting[];
  cutOffs: number;
  flight: {unit: Unit; taken: Waiting[]} | undefined;
  urgent: boolean;
}

/** A subject without entries. */
export function newLine(subject: string): Line {
  return {subject, waiting: [], cutOffs: 0, flight: undefined, urgent: false, key: 0, index: -1};
}

/** How many entries that stay are looked past for older ones to replace: bounds the work of one offer. */
const LOOK_PAST = 64;

/** Puts an entry where its position says, replacing nothing. */
export function insert(line: Line, newcomer: Waiting): void {
  const {waiting} = line;
  const at = placeOf(waiting, newcomer.entry);
  // A list that grows from nothing takes room for seventeen: most subjects have one entry.
  if (waiting.length === 0) line.waiting = [newcomer];
  else if (at === waiting.length) waiting.push(newcomer);
  else waiting.splice(at, 0, newcomer);
  if (newcomer.entry.kind === 'cutOff') line.cutOffs += 1;
}

/**
 * Puts an entry where its position says and takes out what needs no sending then; the newcomer inherits the earliest
 * place among those. It may be the newcomer itself that is overtaken: a cut-off was taken ahead of it.
 */
export function coalesce(line: Line, newcomer: Waiting): Entry[] {
  const {waiting} = line;
  const at = placeOf(waiting, newcomer.entry);
  for (let index = at; index < waiting.length; index += 1) {
    const later = waiting[index];
    if (later && overtakes(later.entry, newcomer.entry)) return [newcomer.entry];
  }
  const superseded: Entry[] = [];
  const tail: Waiting[] = waiting.splice(at).reverse();
  let kept = 0;
  const between: Waiting[] = [];
  for (let older = waiting.pop(); older; older = waiting.pop()) {
    if (overtakes(newcomer.entry, older.entry)) {
      superseded.push(older.entry);
      if (older.entry.kind === 'cutOff') line.cutOffs -= 1;
      newcomer.place = Math.min(newcomer.place, older.place);
      continue;
    }
    between.push(older);
    kept += 1;
    // A snapshot before a delta may create the group that the delta needs: it stays.
    if (older.entry.kind === 'delta' || kept === LOOK_PAST) break;
  }
  if (waiting.length + between.length + tail.length === 0) line.waiting = [newcomer];
  else waiting.push(...between.reverse(), newcomer, ...tail.reverse());
  if (newcomer.entry.kind === 'cutOff') line.cutOffs += 1;
  return superseded.reverse();
}

/**
 * Takes out what goes together: one entry, or a run of deltas. A cut-off or a group's end goes before the lists of memberships
 * that wait in front of it, which say nothing else any more once it is decided; not before a delta.
 */
export function takeUnit({waiting}: Line, maxMerged: number): Waiting[] {
  const at = waiting.findIndex(({entry}) => isEnd(entry) || entry.kind === 'delta');
  const first = waiting[at];
  if (first && isEnd(first.entry)) return waiting.splice(at, 1);
  let length = 0;
  while (length < maxMerged && waiting[length]?.entry.kind === 'delta') length += 1;
  return waiting.splice(0, Math.max(1, length));
}

function placeOf(waiting: readonly Waiting[], entry: Entry): number {
  let at = waiting.length;
  for (let last = waiting[at - 1]; last && isNewer(last.entry, entry); last = waiting[at - 1]) at -= 1;
  return at;
}
