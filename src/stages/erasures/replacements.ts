import {readEntry, readLetter} from '../../core/parked-json.ts';
import {blankedEntry, blankedLetter} from './blank.ts';
import type {Seen} from './seen.ts';

/** What takes the place of each entry, letter and hold, as they are kept: nothing, but of a cut-off that is not finished. */
export function replacementsOf({lane, letters, hold}: Seen): Map<string, string> {
  const isHeldLeave = hold !== '' && !readEntry(hold).isBarred;
  return new Map([
    ...lane.map((text) => [text, readEntry(text).kind === 'cutOff' ? blankedEntry(text) : ''] as const),
    ...letters.map((text) => [text, readLetter(text).kind === 'cutOff' ? blankedLetter(text) : ''] as const),
    ...(hold === '' ? [] : [[hold, isHeldLeave ? blankedEntry(hold) : ''] as const]),
  ]);
}
