import type {Position} from '../change.ts';
import type {KnownSubject} from '../known-subject.ts';
import type {Around, Standing} from '../standing.ts';
import {typed} from '../typed.ts';
import {nextTry, untilResumed, whyFailing} from './words.ts';

type Told = Pick<Standing, 'why' | 'next' | 'since'>;
type Look = (subject: string, known: KnownSubject, around: Around) => Told | undefined;

/** Somebody who is to be out, and of whom that is not proved; nothing for everybody else. What needs a person comes first. */
export function leaverStanding(subject: string, known: KnownSubject, around: Around): Standing | undefined {
  const {state, cutOffBegunAt} = known;
  const isHere = state?.remoteId !== undefined && (state.active || cutOffBegunAt !== undefined);
  const isSought = cutOffBegunAt !== undefined || state?.inDoubt === true || isUnknown(known);
  if (state?.kind === 'group' || !(isHere || isSought)) return undefined;
  for (const look of looks) {
    const told = look(subject, known, around);
    if (told) {
      const isTouched = cutOffBegunAt !== undefined || state?.inDoubt === true || !state?.active;
      return {access: isTouched ? 'maybe' : 'yes', isLate: true, ...told};
    }
  }
  return undefined;
}

/** It is to be out, and nobody could see yet whether the target has an account of it, which it may have had before this program came. */
const isUnknown = ({state, lane, letters, held}: KnownSubject): boolean =>
  state?.remoteId === undefined &&
  state?.absent !== true &&
  (held?.isBarred === false || [...lane, ...letters].some(({kind}) => kind === 'cutOff'));

const refused: Look = (_, known, {target}) => {
  const {letters, cutOffBegunAt} = known;
  const letter = letters.find(({kind}) => kind === 'cutOff');
  const what = isUnknown(known)
    ? 'whether it has an account there is not known, and its cut-off can not succeed'
    : 'the target does not let it be cut off';
  return (
    letter && {
      why: `${what}: ${letter.failure.cause}, ${letter.failure.message}`,
      since: cutOffBegunAt ?? letter.firstAt,
      next: `nothing by itself: ${typed('dead-letters', 'retry', letter.id, '--target', target)}`,
    }
  );
};

const held: Look = (subject, known, {target}) =>
  known.held && !known.held.isBarred
    ? {
        why: 'its leave is held: more people left at once than the guard allows',
        since: known.heldAt ?? known.held.firstAt,
        next: `nothing by itself: ${typed('holds', 'approve', subject, '--target', target)}, or holds discard`,
      }
    : undefined;

const failing: Look = (_, known, around) => {
  const entry = known.lane.find(({kind}) => kind === 'cutOff');
  return (
    entry && {
      why: `its cut-off ${whyFailing(entry)}`,
      since: known.cutOffBegunAt ?? entry.firstAt,
      next: nextTry(known, entry, around),
    }
  );
};

const begun: Look = (subject, {cutOffBegunAt: since, isLeased}, {target, paused}) => {
  if (since === undefined) return undefined;
  if (isLeased) return {why: 'its cut-off is being carried out', since, next: 'its end is awaited'};
  const next = paused
    ? untilResumed(target, paused)
    : `it goes on when its event is read again; or ${typed('subject', 'replay', subject)}`;
  return {why: 'its cut-off was begun, and nobody has finished it', since, next};
};

/** Whether `b` is newer than `a`. */
const isBehind = (a: Position, b: Position): boolean =>
  a.source === b.source ? a.offset < b.offset : a.occurredAt < b.occurredAt;

/** A record that is no event may be the leave itself, unless something newer was decided since. */
const unread: Look = (_, {letters, state}, {target}) => {
  const letter = letters.find(
    ({kind, position}) => kind === 'undecodable' && state !== undefined && isBehind(state.position, position),
  );
  return (
    letter &&
    state && {
      why: `a record of it could not be read, which may be its leave: ${letter.failure.message}`,
      since: letter.at,
      next: `nothing by itself: ${typed('dead-letters', 'show', letter.id, '--target', target)}`,
    }
  );
};

const protectedOne: Look = (_, {state}) =>
  state?.unwanted && state.isProtected
    ? {
        why: 'the config protects its account: nothing is sent about it',
        since: state.position.occurredAt,
        next: 'nothing: end its access at the target by hand',
      }
    : undefined;

const leftAlone: Look = (subject, {state}) =>
  state?.unwanted && state.active
    ? {
        why: 'its leave was decided, and not carried out: a person discarded it',
        since: state.position.occurredAt,
        next: `nothing by itself: ${typed('subject', 'replay', subject)}`,
      }
    : undefined;

const doubtful: Look = (subject, {state, isLeased, lane}, {target, paused}) => {
  if (!state?.inDoubt || !state.unwanted || lane.length > 0) return undefined;
  const since = state.position.occurredAt;
  if (isLeased) return {why: 'a request for it is under way', since, next: 'its end is awaited'};
  const next = paused
    ? untilResumed(target, paused)
    : `the target is looked at when its event is read again; or ${typed('subject', 'replay', subject)}`;
  return {why: 'the end of a request for it is not known', since, next};
};

const looks: readonly Look[] = [refused, held, failing, begun, unread, protectedOne, leftAlone, doubtful];
