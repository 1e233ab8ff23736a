import type {WrittenRecord} from '../../core/audit/written.ts';
import {searchAudit, type AuditSource, type SearchBounds} from '../../stages/audit/index.ts';

/** Which part of a subject's past, or of everybody's; times in milliseconds since the epoch. */
export interface PastFilter {
  subject?: string | undefined;
  targets: readonly string[];
  since: number;
  /** At most so many, the newest. */
  limit: number;
  bounds?: SearchBounds;
}

/** A decision, or what a person did: that has an `action` in place of an outcome. */
export type PastRecord = WrittenRecord;

/** What was decided for a subject, the oldest first; `older`: how many are left out; `note`: why there is less than all. */
export interface Past {
  records: PastRecord[];
  older: number;
  note?: string;
}

/** Reads it from the audit, in the order of time; where the records go to the log nothing is known of it here. */
export async function readPast(
  source: AuditSource | undefined,
  {subject, targets, since, limit, bounds}: PastFilter,
): Promise<Past> {
  if (source === undefined) {
    const note = 'its past is in the log of the service: neither audit.topic nor audit.file is configured';
    return {records: [], older: 0, note};
  }
  try {
    const found = await searchAudit(source, {subject, targets, sinceMs: since, limit, bounds});
    const records = found.records.map(({record}) => record);
    const {stopped} = found;
    return {records, older: found.total - records.length, ...(stopped !== undefined && {note: stopped})};
  } catch (error) {
    return {records: [], older: 0, note: noteOf(error as NodeJS.ErrnoException)};
  }
}

/** Before the first record there is no file; and another machine's is not here. */
const noteOf = ({code, path = '', message}: NodeJS.ErrnoException): string =>
  code === 'ENOENT'
    ? `its past is not known: no record was written to ${path} on this machine yet`
    : `its past is not known: ${message}`;
