import type {HoldView, LaneView} from '../../../admin/api/schema/lanes.ts';
import type {LaneEntryView, LetterView} from '../../../admin/api/schema/parked.ts';
import type {SubjectAtView} from '../../../admin/api/schema/subjects.ts';
import type {HandEnd, HandMark} from '../../../core/hand.ts';
import type {DeadLetter, LaneEntry} from '../../../core/parked.ts';
import type {Held} from '../../../stages/holds/index.ts';
import type {Lane} from '../../../stages/lanes/list.ts';
import {isKnown, type KnownSubject} from '../../../core/known-subject.ts';
import {shown} from '../../stored/mask.ts';

const ignore = (): void => undefined;
/** What Kafka's client has to say is in the answer. */
export const unheard = {debug: ignore, info: ignore, warn: ignore, error: ignore};

/** RFC 3339 knows the years 0000 to 9999; an event may say any number. */
const first = Date.parse('0000-01-01T00:00:00Z');
const last = Date.parse('9999-12-31T23:59:59.999Z');

/** Milliseconds since the epoch as RFC 3339; what lies beyond its years is the first or the last of their moments. */
export const isoOf = (ms: number): string =>
  new Date(Math.min(last, Math.max(first, Number.isFinite(ms) ? ms : 0))).toISOString();

/** What {@link shown} gives: as it is kept, and masked. */
type Shown = Omit<LaneEntry & DeadLetter, 'record'> & {
  record?: NonNullable<LaneEntryView['record']> & {timestamp: number};
};

const dated = ({at, ...mark}: HandMark) => ({...mark, at: isoOf(at)});

function parkedView(parked: LaneEntry | DeadLetter, reveal: boolean) {
  const {firstAt, position, record, hand, ...rest} = shown(parked, reveal) as Shown;
  return {
    ...rest,
    firstAt: isoOf(firstAt),
    position: {...position, occurredAt: isoOf(position.occurredAt)},
    ...(record && {record: {...record, timestamp: isoOf(record.timestamp)}}),
    ...(hand && {hand: dated(hand)}),
  };
}

/** A parked change as the API shows it. */
export const entryView = (entry: LaneEntry, reveal: boolean): LaneEntryView => parkedView(entry, reveal);

/** A dead letter as the API shows it. */
export const letterView = (letter: DeadLetter, reveal: boolean): LetterView => ({
  ...parkedView(letter, reveal),
  at: isoOf(letter.at),
});

/** A lane as the API shows it, masked. */
export const laneView = (target: string, {subject, failingSince, dueAt, length, head}: Lane): LaneView => ({
  ...{target, subject, length},
  failingSince: isoOf(failingSince),
  dueAt: isoOf(dueAt),
  head: entryView(head, false),
});

/** What is held as the API shows it, masked. */
export const holdView = (target: string, {subject, heldAt, entry}: Held): HoldView => ({
  ...{target, subject},
  heldAt: isoOf(heldAt),
  by: entry.isBarred ? 'cut-off by hand' : 'guard',
  entry: entryView(entry, false),
});

/** A subject at one target as the API shows it; undefined where nothing is known of it there. */
export function subjectAtView(
  target: string,
  known: KnownSubject,
  end: HandEnd | undefined,
  reveal: boolean,
): SubjectAtView | undefined {
  const {state, lane, letters, held, mark, cutOffBegunAt, laneDueAt, waitsForGroups, waitsForManager} = known;
  if (!isKnown(known)) return undefined;
  return {
    ...{target, waitsForGroups, isLeased: known.isLeased},
    ...(waitsForManager !== undefined && {waitsForManager}),
    ...(state && {
      state: {...state, position: {...state.position, occurredAt: isoOf(state.position.occurredAt)}},
    }),
    ...(cutOffBegunAt !== undefined && {cutOffBegunAt: isoOf(cutOffBegunAt)}),
    ...(held && {held: entryView(held, reveal)}),
    lane: lane.map((entry) => entryView(entry, reveal)),
    ...(laneDueAt !== undefined && {laneDueAt: isoOf(laneDueAt)}),
    letters: letters.map((letter) => letterView(letter, reveal)),
    ...(mark && {mark: dated(mark)}),
    ...(known.erasedAt !== undefined && {erasedAt: isoOf(known.erasedAt)}),
    ...(end && {cutOffEnd: endView(end)}),
  };
}

function endView({
  at,
  complete,
  receipt,
  failure,
  reason,
  isUnseen,
}: HandEnd): NonNullable<SubjectAtView['cutOffEnd']> {
  const steps =
    receipt?.steps.map(({verifiedAt, ...step}) => ({...step, verifiedAt: isoOf(verifiedAt)})) ?? [];
  return {
    ...{at: isoOf(at), complete},
    ...(receipt && {receipt: {remoteId: receipt.remoteId, complete: receipt.complete, steps}}),
    ...(failure && {failure}),
    ...(isUnseen && {isUnseen}),
    ...(reason !== undefined && {reason}),
  };
}
