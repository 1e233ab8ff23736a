import type {Receipt} from './engine/cut-off.ts';
import type {Outcome} from './change.ts';
import type {Attributes} from './resource.ts';

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
  /** Their values, which never leave the process so: the audit hashes them with a key, or leaves them out, as the config says. */
  written?: Attributes;
  /** `kept`: out, and left in at the target because they are protected. */
  members?: {added: readonly string[]; removed: readonly string[]; kept?: readonly string[]};
  /** Why it did not succeed; beside the cut-off of a leaver: why their mapping fails, so that they were found by their identity alone. */
  failure?: {kind: string; cause: string; message: string};
  receipt?: Receipt;
}

/** What a person did about what is kept: beside the records of the changes that ended by it. */
export interface AuditAction {
  id: string;
  at: number;
  actor: {id: string; kind: string};
  /** In words: `dead letter discarded`. */
  action: string;
  /** Why, as they said. */
  reason?: string;
  target?: string;
  subject?: string;
  /** What it was done to: names and ids, never a person's data. */
  about?: Readonly<Record<string, string>>;
}

export interface Audit {
  /** Resolves once the records are written. A rejection means that nothing may be settled. */
  append(records: readonly AuditRecord[]): Promise<void>;
}
