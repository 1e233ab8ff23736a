import type {AuditRecord} from '../audit.ts';
import type {DeadLetter} from '../parked.ts';

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
