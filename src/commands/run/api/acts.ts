import {randomUUID} from 'node:crypto';
import type {Asked} from '../../../admin/api/ports.ts';
import {refused, type Answer} from '../../../admin/api/problem.ts';
import type {AuditAction} from '../../../core/audit.ts';
import type {AuditStage} from '../../../stages/audit/index.ts';

/** What somebody does over the API, and to what. */
export interface Act {
  /** In words: `dead letter retried`. */
  action: string;
  target: string;
  subject?: string | undefined;
  /** What beside the subject: a letter, an event, a group of letters; the command line says it alike. */
  about?: Readonly<Record<string, string>>;
}

/** Writes acts down; undone is what this refuses. */
export type Note = (asked: Asked, acts: readonly Act[]) => Promise<Answer<undefined>>;

/** Each act stands in the audit before it is done. What can not be written down is not begun. */
export function createNote(audit: AuditStage): Note {
  return async (asked, acts) => {
    try {
      await audit.act(acts.map((act) => actionOf(asked, act)));
      return {ok: true, value: undefined};
    } catch (error) {
      const detail = `The audit can not be written, and nothing was done: ${(error as Error).message}.`;
      return refused({kind: 'unavailable', service: 'audit', detail});
    }
  };
}

/** Who asks, as marks and the audit name them. */
export const actorOf = ({by}: Asked): string => `${by.via}:${by.name}`;

function actionOf(asked: Asked, {action, target, subject, about}: Act): AuditAction {
  const {reason} = asked;
  return {
    ...{id: randomUUID(), at: Date.now(), action, target},
    actor: {id: actorOf(asked), kind: 'human'},
    ...(subject !== undefined && {subject}),
    ...(about && {about}),
    ...(reason !== undefined && {reason}),
  };
}
