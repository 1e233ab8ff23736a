import type {KnownSubject} from './known-subject.ts';
import type {LaneEntry} from './parked.ts';
import type {Pause} from './pause.ts';
import {leaverStanding} from './standing/leaver.ts';
import {newsOf, nextTry, whyFailing} from './standing/words.ts';
import {isoTime} from './time.ts';
import {typed} from './typed.ts';

/** What stands around a subject at one target. */
export interface Around {
  target: string;
  /** Milliseconds since the epoch. */
  now: number;
  paused?: Pause | undefined;
  /** As a running service says; absent where the gate is open, or nobody knows. */
  shut?: string | undefined;
  /** Records in Kafka that are not settled; absent where nobody knows. */
  waiting?: number | undefined;
  /** After so long a failing change becomes a dead letter. */
  maxAgeMs: number;
}

/** How a subject stands at one target, in words for an operator. */
export interface Standing {
  /** `maybe`: something was begun whose end is not proved. Of a group: whether it is there. */
  access: 'yes' | 'maybe' | 'no';
  /** Somebody who is to be out and may not be. */
  isLate: boolean;
  why: string;
  /** Since when that is so; milliseconds since the epoch. */
  since?: number;
  next: string;
}

export type State = NonNullable<KnownSubject['state']>;

/** Says whether a subject has access, why, since when, and what will happen next. */
export function standingOf(subject: string, known: KnownSubject, around: Around): Standing {
  const {state, lane, letters} = known;
  const waits = lane.some(isChange) || letters.length > 0;
  if (!state && !waits && !known.mark) {
    return {access: 'no', isLate: false, why: 'nothing was decided for it', next: newsOf(around)};
  }
  const late = leaverStanding(subject, known, around);
  if (late) return late;
  return hasAccess(known) ? wanted(known, around) : absent(known, around);
}

const isChange = ({kind}: LaneEntry): boolean => kind === 'snapshot' || kind === 'cutOff';

const hasAccess = ({state}: KnownSubject): boolean =>
  state?.remoteId !== undefined && (state.active || state.kind === 'group');

/** It has what its last event says, or news of it waits. */
function wanted(known: KnownSubject, around: Around): Standing {
  const {state} = known;
  const said = {access: 'yes', isLate: false} as const;
  const pending = pendingOf(known, around);
  if (pending) return {...said, ...pending, why: `its last event gave it access; ${pending.why}`};
  return {...said, why: `its last event${ofWhen(state)} says so`, next: newsOf(around)};
}

function absent(known: KnownSubject, around: Around): Standing {
  const {state, mark, held, deleteAt} = known;
  const said = {access: 'no', isLate: false} as const;
  const pending = pendingOf(known, around);
  const noun = state?.kind ?? 'account';
  if (mark) {
    const next = held?.isBarred
      ? 'its newest event is held until that is lifted'
      : 'it stays so until that is lifted';
    return {...said, since: mark.at, why: `it was cut off by hand by ${mark.by}`, next};
  }
  if (pending) return {...said, ...pending, why: `it is not there; ${pending.why}`};
  const is = absentWords(known, noun);
  const why = `${is}; its last event is${ofWhen(state)}`;
  const next = deleteAt === undefined ? newsOf(around) : `its account is deleted ${isoTime(deleteAt)}`;
  return {...said, why, next};
}

function absentWords({state, erasedAt}: KnownSubject, noun: string): string {
  if (erasedAt !== undefined) return `what was kept of it was erased ${isoTime(erasedAt)}`;
  return state?.remoteId === undefined
    ? `no ${noun} is wanted, or there is none`
    : 'it was cut off, and that was read back';
}

/** What waits of a subject that is not leaving: the head of its lane, else its newest letter. */
function pendingOf(
  known: KnownSubject,
  around: Around,
): Pick<Standing, 'why' | 'next' | 'since'> | undefined {
  const [head] = known.lane;
  if (head)
    return {
      why: `a change of it ${whyFailing(head)}`,
      since: head.firstAt,
      next: nextTry(known, head, around),
    };
  const letter = known.letters.toSorted((a, b) => b.at - a.at)[0];
  if (!letter) return undefined;
  return {
    why: `a change of it needs a person: ${letter.failure.cause}`,
    // The newest says what stands in the way; the oldest since when anything does.
    since: Math.min(...known.letters.map(({at}) => at)),
    next: `nothing by itself: ${typed('dead-letters', 'show', letter.id, '--target', around.target)}`,
  };
}

const ofWhen = (state: State | undefined): string =>
  state && state.position.offset >= 0 ? ` of ${isoTime(state.position.occurredAt)}` : ' not known';
