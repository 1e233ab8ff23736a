import {randomUUID} from 'node:crypto';
import type {AuditAction, AuditRecord} from '../../core/audit.ts';
import type {DeadLetter} from '../../core/parked.ts';
import {person} from '../cut-off/person.ts';

/** What the person at the command line does, as the audit has it. */
export function actionOf(
  action: string,
  to: Omit<AuditAction, 'id' | 'at' | 'actor' | 'action'>,
): AuditAction {
  return {id: randomUUID(), at: Date.now(), actor: {id: person(), kind: 'human'}, action, ...to};
}

/** What the person at the command line does to a dead letter. */
export const letterAction = (
  action: string,
  {id, target, subject}: DeadLetter,
  why: {reason?: string},
): AuditAction =>
  actionOf(action, {target, about: {letter: id}, ...(subject === undefined ? {} : {subject}), ...why});

/** What somebody does by a mark of a cut-off by hand (`parked`), or by its lift: beside the record of that. */
export function handAction({at, target, subject, actor, outcome, eventReason}: AuditRecord): AuditAction {
  return {
    ...{id: randomUUID(), at, target, subject},
    actor: actor ?? {id: person(), kind: 'human'},
    action: outcome === 'parked' ? 'cut-off by hand asked for' : 'cut-off by hand lifted',
    ...(eventReason === undefined ? {} : {reason: eventReason}),
  };
}
