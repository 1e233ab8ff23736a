import type {AuditRecord} from '../audit.ts';
import type {DeadLetter} from '../parked.ts';

/** Takes back a record of what was to be discarded, and was another's by then: retried, approved, or overtaken. */
export const auditNotDone = (record: AuditRecord, now: number): AuditRecord => ({
  ...record,
  ...{id: `${record.id}/not`, at: now, outcome: 'unchanged'},
  reason: 'somebody else was faster: it was not discarded',
});

/** A dead letter whose say newer news has overtaken. */
export function auditClosed({id, target, subject = '', at, record}: DeadLetter, now: number): AuditRecord {
  const place = record && {topic: record.topic, partition: record.partition, offset: record.offset};
  // A letter of a group or a member comes again under its name: when it was written tells which.
  return {
    id: `${target}/${id}/${at}/superseded`,
    at: now,
    target,
    subject,
    outcome: 'superseded',
    reason: 'newer news has overtaken the dead letter',
    ...place,
  };
}
