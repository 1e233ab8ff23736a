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
  return {
    id: `${about.target}/${recordId(record)}/${about.outcome}`,
    ...about,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    occurredAt,
    source: meta.source,
    ...(meta.eventId === '' ? {} : {eventId: meta.eventId}),
    ...(meta.correlationId === undefined ? {} : {correlationId: meta.correlationId}),
    ...(meta.reason === undefined ? {} : {eventReason: meta.reason}),
    ...(meta.actor === undefined ? {} : {actor: {id: meta.actor.id, kind: meta.actor.kind}}),
    ...(mappingFailure ? {failure: told(mappingFailure)} : {}),
    ...more,
  };
}

/** What an attempt did, for its audit record. */
export function auditDone({did, reason, written, members, receipt, settle}: Done): Partial<AuditRecord> {
  return {
    ...(did === undefined ? {} : {did}),
    ...(reason === undefined ? {} : {reason}),
    ...(settle.remoteId === undefined ? {} : {remoteId: settle.remoteId}),
    ...(written === undefined ? {} : {attributes: Object.keys(written), written}),
    ...(members === undefined ? {} : {members}),
    ...(receipt === undefined ? {} : {receipt}),
  };
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
