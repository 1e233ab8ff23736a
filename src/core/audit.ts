import type {Receipt} from './engine/cut-off.ts';
import type {Outcome} from './change.ts';

/** One decision, written before the state that follows from it. No personal data: subjects are ids, attributes are names. */
export interface AuditRecord {
  /** Of target, position and subject: the same again when a decision is made again. */
  id: string;
  at: number;
  target: string;
  subject: string;
  outcome: Outcome;
  reason?: string;
  /** What was done at the target: created, updated, adopted, cut off, members changed. */
  did?: string;
  remoteId?: string;
  topic?: string;
  partition?: number;
  offset?: number;
  occurredAt?: number;
  eventId?: string;
  source?: string;
  correlationId?: string;
  eventReason?: string;
  actor?: {id: string; kind: string};
  /** Names of the attributes that were written. */
  attributes?: readonly string[];
  /** `kept`: out, and left in at the target because they are protected. */
  members?: {added: readonly string[]; removed: readonly string[]; kept?: readonly string[]};
  /** Why it did not succeed; beside the cut-off of a leaver: why their mapping fails, so that they were found by their identity alone. */
  failure?: {kind: string; cause: string; message: string};
  receipt?: Receipt;
}

export interface Audit {
  /** Resolves once the records are written. A rejection means that nothing may be settled. */
  append(records: readonly AuditRecord[]): Promise<void>;
}
