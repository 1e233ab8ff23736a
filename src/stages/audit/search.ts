import type {Place} from '../../core/audit/finding.ts';
import type {WrittenRecord} from '../../core/audit/written.ts';
import {readFiles, readMessages, type AuditSource, type ReadAt} from './source.ts';

export interface AuditFilter {
  subject?: string | undefined;
  target?: string | undefined;
  /** At one of these. */
  targets?: readonly string[] | undefined;
  /** Milliseconds since the epoch, both included. */
  sinceMs?: number | undefined;
  untilMs?: number | undefined;
  /** An outcome, or `action` for what people did. */
  outcome?: string | undefined;
  /** Of those that match, the newest so many: 1000 unless told. */
  limit?: number | undefined;
  bounds?: SearchBounds | undefined;
}

/** How much is read at most: of files the last so many bytes, of each partition the last so many messages, and for so long. */
export interface SearchBounds {
  lastBytes?: number;
  lastMessages?: number;
  ms?: number;
  signal?: AbortSignal;
}

/** The oldest first. */
export interface Found {
  records: FoundRecord[];
  /** How many match of what was read; `records` are the newest of them. */
  total: number;
  /** Why not all was read, in words. */
  stopped?: string;
}

export interface FoundRecord {
  record: WrittenRecord;
  place: Place;
  /** Its hash is that of what it says; absent where it has none, from before there were chains. */
  isWhole?: boolean;
}

const mostByDefault = 1000;

/**
 * The decisions and actions that match; when there are more than the limit, the newest of them. Reads all that may match, within the
 * bounds, and keeps no more than twice the limit. With a subject only its partition of a topic is read. Rejects when the source can not
 * be read.
 */
export async function searchAudit(source: AuditSource, filter: AuditFilter): Promise<Found> {
  const {subject, sinceMs, limit = mostByDefault, bounds = {}} = filter;
  const text = subject === undefined ? '' : JSON.stringify(subject.toWellFormed());
  const skipped: string[] = [];
  const skip = (what: string): void => void skipped.push(what);
  const all =
    'files' in source
      ? readFiles(source.files, {text, lastBytes: bounds.lastBytes, skip})
      : readMessages(source.topic, {subject, sinceMs, most: bounds.lastMessages, skip});
  const isOver = overAt(bounds);
  let found: FoundRecord[] = [];
  let total = 0;
  for await (const read of all) {
    const over = isOver();
    if (over !== undefined) {
      skip(`${over}: what stands behind ${read.place.lane} ${read.place.at} was not read`);
      break;
    }
    if (read.is === 'nothing' || !isWanted(read.record, filter)) continue;
    total += 1;
    found.push(foundOf(read));
    if (found.length >= 2 * limit + 100) found = newest(found, limit);
  }
  return {
    ...{records: newest(found, limit), total},
    ...(skipped.length > 0 && {stopped: `${skipped.join('; ')}.`}),
  };
}

/** Says in words that a search has taken long enough. */
function overAt({ms = Infinity, signal}: SearchBounds): () => string | undefined {
  const until = performance.now() + ms;
  return () => {
    if (signal?.aborted) return 'stopped';
    return performance.now() > until ? `stopped after ${Math.round(ms / 1000)} s` : undefined;
  };
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

function isWanted(
  record: WrittenRecord,
  {subject, target, targets, sinceMs, untilMs, outcome}: AuditFilter,
): boolean {
  if (record.checkpoint !== undefined) return false;
  const kind = record.outcome ?? 'action';
  return (
    (subject === undefined || record.subject === subject) &&
    (target === undefined || record.target === target) &&
    (targets === undefined || targets.includes(record.target ?? '')) &&
    (outcome === undefined || kind === outcome) &&
    record.at >= (sinceMs ?? -Infinity) &&
    record.at <= (untilMs ?? Infinity)
  );
}
