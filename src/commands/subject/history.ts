import {createReadStream} from 'node:fs';
import {createInterface} from 'node:readline';
import type {AuditRecord} from '../../core/audit.ts';

/** Which part of a subject's past, or of everybody's; times in milliseconds since the epoch. */
export interface PastFilter {
  subject?: string | undefined;
  targets: readonly string[];
  since: number;
  /** At most so many, the newest. */
  limit: number;
}

/** A decision, or what a person did: that has an `action` in place of an outcome. */
export type PastRecord = Partial<AuditRecord> & Pick<AuditRecord, 'at' | 'target'> & {action?: string};

/** What was decided for a subject, the oldest first; `older`: how many are left out; `note`: why there is less than all. */
export interface Past {
  records: PastRecord[];
  older: number;
  note?: string;
}

/** Reads it from the audit's file, in the order of time; without one nothing is known of it here. */
export async function readPast(file: string | undefined, filter: PastFilter): Promise<Past> {
  if (file === undefined) {
    const note = 'its past is in the log of the service: no audit.file is configured';
    return {records: [], older: 0, note};
  }
  let records: PastRecord[] = [];
  let found = 0;
  try {
    for await (const record of recordsOf(file, filter.subject)) {
      if (!matches(record, filter)) continue;
      found += 1;
      records.push(record);
      if (records.length >= 2 * filter.limit + 100) records = newest(records, filter.limit);
    }
  } catch (error) {
    return {records: [], older: 0, note: `its past is not known: ${(error as Error).message}`};
  }
  records = newest(records, filter.limit);
  return {records, older: found - records.length};
}

/** In the order of time: writers of one file need not keep it. */
const newest = (records: readonly PastRecord[], limit: number): PastRecord[] =>
  records.toSorted((a, b) => a.at - b.at).slice(Math.max(0, records.length - limit));

const matches = ({subject, target, at}: PastRecord, filter: PastFilter): boolean =>
  (filter.subject === undefined || subject === filter.subject) &&
  filter.targets.includes(target) &&
  at >= filter.since;

/** Of the lines that have the subject's name in them, where one is asked for; one that a crash tore is none. */
async function* recordsOf(file: string, subject: string | undefined): AsyncGenerator<PastRecord> {
  const name = subject === undefined ? '' : JSON.stringify(subject);
  for await (const line of createInterface({input: createReadStream(file), crlfDelay: Infinity})) {
    const record = line.includes(name) ? parse(line) : undefined;
    if (record) yield record;
  }
}

function parse(line: string): PastRecord | undefined {
  try {
    return JSON.parse(line) as PastRecord;
  } catch {
    return undefined;
  }
}
