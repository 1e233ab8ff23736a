import type {SourceRecord} from '../change.ts';
import type {TraceContext} from '../trace.ts';

/**
 * What a record means for the order of the work:
 * - `cutOff`: its subject's access ends
 * - `snapshot`: a whole user or group
 * - `end`: a group is deleted
 * - `delta`: members of a group that came and went
 * - `none`: nothing to do at the target (a newer kind, a record that is not an event)
 */
export type EntryKind = 'cutOff' | 'snapshot' | 'end' | 'delta' | 'none';

/** One record of a source topic, read for one target and not settled yet. */
export interface Entry {
  record: SourceRecord;
  /** Number of the incarnation, topic and partition that it was read from, as in `Position`. */
  source: number;
  subject: string;
  /** Milliseconds since the epoch. */
  occurredAt: number;
  kind: EntryKind;
  /** It is a whole list of memberships: a user with groups, a group with members, the end of a group. */
  saysMembers: boolean;
  /** What it counts for against the window's bound: key, value and headers. */
  bytes: number;
  /** Where traces are on: when it was read, in ms since the epoch, and the trace of the first attempt at it. */
  receivedAt?: number;
  trace?: TraceContext;
}

/** Entries of one subject, oldest first, that are worked on together. Several only when all are deltas. */
export interface Unit {
  readonly subject: string;
  readonly entries: readonly Entry[];
}

/** Whether `a` is the newer: by offset in one source, else by time, and on a tie the cut-off. */
export function isNewer(a: Entry, b: Entry): boolean {
  if (a.source === b.source) return a.record.offset > b.record.offset;
  if (a.occurredAt !== b.occurredAt) return a.occurredAt > b.occurredAt;
  return a.kind === 'cutOff' && b.kind !== 'cutOff';
}

/**
 * Whether an unsent older entry need not be sent once this newer one is here. A list of memberships is only replaced by
 * another, and a delta by a whole list. A cut-off or a group's end goes before them instead: it may be held or overtaken before
 * it begins, by what says nothing of memberships, and they would be lost with it. What is nothing for the target neither replaces
 * nor is replaced.
 */
export function overtakes(newer: Entry, older: Entry): boolean {
  if (older.kind === 'none') return false;
  switch (newer.kind) {
    case 'cutOff':
    case 'end':
      return isEnd(older) || (older.kind === 'snapshot' && !older.saysMembers);
    case 'snapshot':
      return (
        older.kind === 'cutOff' || newer.saysMembers || (older.kind === 'snapshot' && !older.saysMembers)
      );
    case 'delta':
    case 'none':
      return false;
    default:
      return newer.kind satisfies never;
  }
}

/** Whether its subject is to be here no more. */
export const isEnd = ({kind}: Pick<Entry, 'kind'>): boolean => kind === 'cutOff' || kind === 'end';
