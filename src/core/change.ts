import type {Failure} from './failure.ts';

/**
 * Where in its subject's history an event stands. `source` numbers one incarnation of one partition of one topic
 * (interned per target by the state stage). In one source the offset decides; otherwise `occurredAt`, and on a tie the
 * cut-off is the newer.
 */
export interface Position {
  source: number;
  offset: number;
  /** Milliseconds since the epoch. */
  occurredAt: number;
}

/** One record of a source topic as it was read: what is held in the window, in a lane and in a dead letter. */
export interface SourceRecord {
  topic: string;
  partition: number;
  offset: number;
  /** The record's own timestamp, milliseconds since the epoch: a tombstone's time. */
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, string>;
}

export const outcomes = ['applied', 'unchanged', 'superseded', 'skipped', 'parked', 'held', 'dead'] as const;
export type Outcome = (typeof outcomes)[number];

/** How one change ended, for audit, metrics and logs. */
export interface Decision {
  target: string;
  subject: string;
  outcome: Outcome;
  /** Why, in words: the scope that left it out, what has overtaken it, the guard that holds it. */
  reason?: string;
  failure?: Failure;
  position: {topic: string; partition: number; offset: number; occurredAt: number};
}
