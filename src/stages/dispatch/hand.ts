import type {AuditRecord} from '../../core/audit.ts';
import type {HandEnd, HandMark} from '../../core/hand.ts';
import type {DispatchContext} from './context.ts';
import type {End, Verdict} from './end.ts';
import {persist} from './persist.ts';
import {auditWork, told} from './records.ts';
import type {Granted, Work} from './work.ts';

/** Whose cut-off by hand a work is, if it is one. */
export const handOf = (work: Work): HandMark | undefined =>
  work.from === 'lane' ? work.entry.hand : undefined;

/** What an audit record says of the person who asked; `by` is `user@host`. */
export function auditHand(work: Work): Partial<AuditRecord> {
  const hand = handOf(work);
  if (!hand) return {};
  const {by, reason} = hand;
  return {actor: {id: by, kind: 'human'}, ...(reason === undefined ? {} : {eventReason: reason})};
}

/** Tells whoever waits for a cut-off by hand how an attempt at it ended; one that goes on is audited with what it has ended. */
export async function concludeHand(
  context: DispatchContext,
  {work, token}: Granted,
  end: End,
  verdict: Verdict,
): Promise<void> {
  const {target, audit, now} = context;
  if (end.end === 'failed' && 'outcome' in verdict && verdict.outcome === 'parked') {
    const about = {
      target,
      subject: work.subject,
      at: now(),
      outcome: verdict.outcome,
      what: 'cut-off',
      token,
    };
    const {failure, receipt} = end;
    const more = {failure: told(failure), ...(receipt ? {receipt} : {}), ...auditHand(work)};
    const record = auditWork(about, more);
    await persist(context, 'audit', () => audit.append([record]));
  }
  await tellHand(context, work, handEndOf(end, now()));
}

/** Keeps how it ended; nothing where the work is no cut-off by hand. */
export async function tellHand(context: DispatchContext, work: Work, end: HandEnd): Promise<void> {
  if (handOf(work)) await persist(context, 'cut-off by hand', () => context.hands.ended(work.subject, end));
}

function handEndOf(end: End, at: number): HandEnd {
  switch (end.end) {
    case 'done':
      return {
        at,
        complete: !end.isUnseen,
        ...(end.isUnseen ? {isUnseen: true} : {}),
        ...(end.receipt ? {receipt: end.receipt} : {}),
        ...(end.reason === undefined ? {} : {reason: end.reason}),
      };
    case 'failed':
      return {
        at,
        complete: false,
        failure: told(end.failure),
        ...(end.receipt ? {receipt: end.receipt} : {}),
      };
    case 'protected':
      return {at, complete: false, reason: `protected by ${end.rule}`};
    case 'held':
      return {at, complete: false, reason: 'held for a person'};
    default:
      return end satisfies never;
  }
}
