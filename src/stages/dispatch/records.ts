import type {AuditRecord} from '../../core/audit.ts';
import type {Failure} from '../../core/failure.ts';
import type {Done} from './end.ts';
import {recordId, type Task} from './work.ts';

/** What every audit record begins with. */
export type About = Pick<AuditRecord, 'target' | 'subject' | 'at' | 'outcome'>;

/** The audit record of one decision about one record. */
export function auditTask(about: About, task: Task, more: Partial<AuditRecord> = {}): AuditRecord {
  const {record, occurredAt} = task.entry;
  const {meta} = task.statement;
  const mappingFailure = task.plan.do === 'claim' ? task.plan.mappingFailure : undefined;
  const made: AuditRecord = {
    id: `${about.target}/${recordId(record)}/${about.outcome}`,
    at: about.at,
    target: about.target,
    subject: about.subject,
    outcome: about.outcome,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    occurredAt,
    source: meta.source,
  };
  if (meta.eventId !== '') made.eventId = meta.eventId;
  if (meta.correlationId !== undefined) made.correlationId = meta.correlationId;
  if (meta.reason !== undefined) made.eventReason = meta.reason;
  if (meta.actor !== undefined) made.actor = {id: meta.actor.id, kind: meta.actor.kind};
  if (mappingFailure) made.failure = told(mappingFailure);
  return Object.assign(made, more);
}

/** What an attempt did, for its audit record. */
export function auditDone({did, reason, written, members, receipt, settle}: Done): Partial<AuditRecord> {
  const done: Partial<AuditRecord> = {};
  if (did !== undefined) done.did = did;
  if (reason !== undefined) done.reason = reason;
  if (settle.remoteId !== undefined) done.remoteId = settle.remoteId;
  if (written !== undefined) {
    done.attributes = Object.keys(written);
    done.written = written;
  }
  if (members !== undefined) done.members = members;
  if (receipt !== undefined) done.receipt = receipt;
  return done;
}

/** A decision that no single record stands behind: members told, a manager filled in. */
export function auditWork(
  about: About & {what: string; token: string},
  more: Partial<AuditRecord>,
): AuditRecord {
  const {what, token, ...rest} = about;
  return {id: `${about.target}/${about.subject}/${what}/${token}`, ...rest, ...more};
}

/** What is said of a failure where people read it: without its exchange. */
export const told = ({kind, cause, message}: Failure): NonNullable<AuditRecord['failure']> => ({
  kind,
  cause,
  message,
});
