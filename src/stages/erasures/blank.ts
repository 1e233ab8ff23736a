import {readEntry, readLetter, toJson} from '../../core/parked-json.ts';
import type {DeadLetter, LaneEntry} from '../../core/parked.ts';

const erased = 'erased';

/**
 * A cut-off that is not finished, without the person's data: its record becomes a tombstone, which ends an account as well, and nothing
 * stays of what the target said or why somebody asked for it.
 */
function blanked<T extends LaneEntry | DeadLetter>(parked: T): T {
  const {record, failure, hand} = parked;
  return {
    ...parked,
    ...(record && {record: {...record, value: null, headers: {}}}),
    ...(failure && {failure: {...failure, message: erased, exchange: undefined}}),
    ...(hand && {hand: {by: hand.by, at: hand.at}}),
  };
}

/** The same of an entry, or a hold, as it is kept. */
export const blankedEntry = (text: string): string => toJson(blanked(readEntry(text)));
export const blankedLetter = (text: string): string => toJson(blanked(readLetter(text)));
