import type {AuditRecord} from '../../core/audit.ts';
import {auditNotDone} from '../../core/letters/closed.ts';
import {byHand} from '../../core/hand.ts';
import type {LaneEntry} from '../../core/parked.ts';
import {typed} from '../../core/typed.ts';
import type {Held} from '../../stages/holds/index.ts';
import type {Stored} from './open.ts';

/** Lets a held leave go on; resolves to what became of it, in words. */
export async function approveHeld(stored: Stored, held: Held): Promise<string> {
  const {subject, entry} = held;
  if (entry.isBarred) return `${byHand}: ${typed('cut-off', subject, '--lift')}`;
  const [approved] = await stored.holds.approve([held], stored.lanes);
  if (approved === undefined) return 'gone';
  await stored.audit.append(approved.superseded.map((one) => auditSuperseded(stored.target, subject, one)));
  return 'approved';
}

/** Drops what is held, once that is audited; resolves to what became of it, in words. */
export async function discardHeld({target, holds, audit}: Stored, held: Held): Promise<string> {
  const noted: AuditRecord[] = [];
  const note = async (one: Held): Promise<void> => {
    noted.push(auditDiscard(target, one));
    await audit.append(noted);
  };
  const discarded = await holds.discard([held], note);
  if (discarded.length > 0) return 'discarded';
  await audit.append(noted.map((record) => auditNotDone(record, Date.now())));
  return 'gone';
}

const placeOf = ({position: {offset, occurredAt}, record}: LaneEntry): Partial<AuditRecord> => ({
  ...{offset, occurredAt},
  ...(record && {topic: record.topic, partition: record.partition}),
});

function auditDiscard(target: string, {subject, entry}: Held): AuditRecord {
  const id = `${target}/${entry.id}/${subject}/discarded`;
  const reason = `the held ${entry.isBarred ? 'snapshot' : 'leave'} was discarded by a person`;
  return {id, at: Date.now(), target, subject, outcome: 'skipped', reason, ...placeOf(entry)};
}

function auditSuperseded(target: string, subject: string, entry: LaneEntry): AuditRecord {
  const reason = 'the leave that a person approved took its place';
  const id = `${target}/${entry.id}/superseded`;
  return {id, at: Date.now(), target, subject, outcome: 'superseded', reason, ...placeOf(entry)};
}
