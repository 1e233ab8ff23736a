import type {AuditRecord} from '../../core/audit.ts';
import type {DeadLetter} from '../../core/parked.ts';
import {auditNotDone} from '../../core/letters/closed.ts';
import type {Stored} from './open.ts';

/** What became of a letter; `reason` says why it was refused. */
export interface Ended {
  result: string;
  reason?: string;
}

/** Tries letters again, one after another, no faster than each target's rate; a leaver's access waits for nobody. */
export function createRetrier(): (stored: Stored, letter: DeadLetter) => Promise<Ended> {
  const delays = new Map<string, number>();
  return async ({target, letters, retryEveryMs}, letter) => {
    const {kind} = letter;
    const delayMs = kind === 'cutOff' ? 0 : (delays.get(target) ?? 0);
    const [done] = await letters.retry([letter], delayMs);
    if (done?.result === 'retried' && kind !== 'cutOff') delays.set(target, delayMs + retryEveryMs);
    return {result: done?.result ?? 'gone', ...(done?.reason !== undefined && {reason: done.reason})};
  };
}

/** Drops a letter for good, as it was seen; audited before it is gone, as afterwards nobody could tell what it was. */
export async function discardLetter({letters, audit}: Stored, seen: DeadLetter): Promise<string> {
  const letter = await letters.get(seen.id);
  if (letter?.at !== seen.at) return 'gone';
  const record = auditDiscard(letter);
  await audit.append([record]);
  if ((await letters.remove([seen])).length > 0) return 'discarded';
  await audit.append([auditNotDone(record, Date.now())]);
  return 'gone';
}

/** Drops many at once, as they are given; each with its record before it is gone. */
export async function discardLetters(
  {target, letters, audit}: Stored,
  found: readonly DeadLetter[],
): Promise<{target: string; id: string; result: string}[]> {
  await audit.append(found.map(auditDiscard));
  const gone = new Set((await letters.remove(found)).map(({id}) => id));
  const late = found.filter(({id}) => !gone.has(id));
  if (late.length > 0)
    await audit.append(late.map((letter) => auditNotDone(auditDiscard(letter), Date.now())));
  return found.map(({id}) => ({target, id, result: gone.has(id) ? 'discarded' : 'gone'}));
}

function auditDiscard({target, id, at, subject = '', record, position, failure}: DeadLetter): AuditRecord {
  const {kind, cause, message} = failure;
  return {
    // A letter of a group comes again under its name: when it was written tells which.
    id: `${target}/${id}/${at}/discarded`,
    at: Date.now(),
    target,
    subject,
    outcome: 'skipped',
    reason: 'the dead letter was discarded by a person',
    failure: {kind, cause, message},
    ...(record && {topic: record.topic, partition: record.partition, offset: record.offset}),
    occurredAt: position.occurredAt,
  };
}
