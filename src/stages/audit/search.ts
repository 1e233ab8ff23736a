import type {Place} from '../../core/audit/finding.ts';
import type {WrittenRecord} from '../../core/audit/written.ts';
import {readFiles, readMessages, type AuditSource, type ReadAt} from './source.ts';

export interface AuditFilter {
  subject?: string | undefined;
  target?: string | undefined;
  /** Milliseconds since the epoch, both included. */
  sinceMs?: number | undefined;
  untilMs?: number | undefined;
  /** An outcome, or `action` for what people did. */
  outcome?: string | undefined;
  /** Of those that match, the newest so many: 1000 unless told. */
  limit?: number | undefined;
}

export interface FoundRecord {
  record: WrittenRecord;
  place: Place;
  /** Its hash is that of what it says; absent where it has none, from before there were chains. */
  isWhole?: boolean;
}

const mostByDefault = 1000;

/**
 * The decisions and actions that match, the oldest first; when there are more than the limit, the newest of them. Reads
 * all that may match before the first is given. With a subject only its partition of a topic is read. Rejects when the
 * source can not be read.
 */
export async function* searchAudit(source: AuditSource, filter: AuditFilter): AsyncGenerator<FoundRecord> {
  const {subject, sinceMs, limit = mostByDefault} = filter;
  const text = subject === undefined ? '' : JSON.stringify(subject.toWellFormed());
  const all =
    'files' in source ? readFiles(source.files, text) : readMessages(source.topic, {subject, sinceMs});
  let found: FoundRecord[] = [];
  for await (const read of all) {
    if (read.is === 'nothing' || !isWanted(read.record, filter)) continue;
    found.push(foundOf(read));
    if (found.length >= 2 * limit + 100) found = newest(found, limit);
  }
  yield* newest(found, limit);
}

const foundOf = (read: Exclude<ReadAt, {is: 'nothing'}>): FoundRecord => ({
  record: read.record,
  place: read.place,
  ...(read.is === 'record' ? {isWhole: read.isWhole} : {}),
});

/** Sorting keeps the order of those of one moment. */
const newest = (found: readonly FoundRecord[], limit: number): FoundRecord[] => {
  const sorted = found.toSorted((a, b) => a.record.at - b.record.at);
  return sorted.slice(Math.max(0, sorted.length - limit));
};

function isWanted(record: WrittenRecord, {subject, target, sinceMs, untilMs, outcome}: AuditFilter): boolean {
  if (record.checkpoint !== undefined) return false;
  const kind = record.outcome ?? 'action';
  return (
    (subject === undefined || record.subject === subject) &&
    (target === undefined || record.target === target) &&
    (outcome === undefined || kind === outcome) &&
    record.at >= (sinceMs ?? -Infinity) &&
    record.at <= (untilMs ?? Infinity)
  );
}
