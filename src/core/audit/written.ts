import type {AuditAction, AuditRecord} from '../audit.ts';

/**
 * An audit record as it is written, in a line of JSON or in Avro (`schemas/audit-record.avsc`): a decision (it has an
 * `outcome`), what a person did (an `action`) or a checkpoint. What is absent is null in Avro.
 */
export interface WrittenRecord
  extends Partial<Omit<AuditRecord, 'written'>>, Partial<Omit<AuditAction, 'id' | 'at'>> {
  id: string;
  at: number;
  /** By attribute: a keyed hash, or the value's JSON where the config says so. */
  values?: Readonly<Record<string, string>>;
  /** Names the key of those hashes; absent where the values are plain. */
  hashKey?: string;
  /** It was too long to be written whole. */
  shortened?: Shortened;
  checkpoint?: Checkpoint;
}

/** What a record has lost on its way into the audit. */
export interface Shortened {
  /** How long it was, in bytes of its canonical form. */
  bytes: number;
  /** SHA-256 (hex) of that form: who has the record whole can prove it. */
  hash: string;
  /** The fields that are not whole, or left out. */
  fields: readonly string[];
}

/** A record in its writer's chain. */
export interface Linked extends WrittenRecord {
  /** A process, by a random id. */
  writer: string;
  /** Counts the writer's records from 0. */
  sequence: number;
  /** Hash of the writer's record before; 64 zeros in the first. */
  previous: string;
  /** SHA-256 (hex) of the record's canonical form without it. */
  hash: string;
}

/** What a writer says of its own chain: the first record, one after so many, and the last. */
export interface Checkpoint {
  state: 'opened' | 'running' | 'closed';
  /** No more records than this stand between two checkpoints. */
  every: number;
  /** Where the writer writes: `host:path`, and the topic. */
  file?: string;
  topic?: string;
  /** In the first one: the last that was known of the chains before. */
  heads?: readonly Head[];
  /** Names the key that it is signed with. */
  key?: string;
  /** Ed25519 (base64), over the canonical form of the record without it and without the hash. */
  signature?: string;
}

/** The last record of a chain that is known. */
export interface Head extends Pick<Linked, 'writer' | 'sequence' | 'hash'> {
  /** Of that record, milliseconds since the epoch. */
  at: number;
  file?: string;
  topic?: string;
}
