import type {Kafka} from 'kafkajs';
import type {Logger} from '../../core/connector.ts';
import type {SourceRecord} from '../../core/change.ts';
import type {Result} from '../../core/failure.ts';
import type {Entry, Window} from '../../core/window.ts';

/** What the source remembers of a target beside Kafka. A call rejects while the store does not answer. */
export interface Bookkeeping {
  /** The number that stands for this incarnation of this partition in every `Position`. */
  intern(topic: string, partition: number, incarnation: number): Promise<number>;
  load(topic: string, partition: number): Promise<{incarnation: number; watermark: number | undefined}>;
  /** Counts the partition's incarnation up, and returns it. Its watermark is forgotten. */
  nextIncarnation(topic: string, partition: number): Promise<number>;
  saveWatermarks(list: readonly Mark[]): Promise<void>;
  /** Made when the store is first used: another one means that the store was wiped or restored. */
  epoch(): Promise<string>;
  /** Changes with every start of the store. */
  runId(): Promise<string>;
  /** After how long at most a write survives a crash of the store. */
  fsyncIntervalMs: number;
}

/** The next offset to settle of a partition. */
export interface Mark {
  topic: string;
  partition: number;
  watermark: number;
}

/** Offsets `from` up to but not including `to`. */
export interface Lost {
  topic: string;
  partition: number;
  from: number;
  to: number;
}

export interface SourceOptions {
  kafka: Kafka;
  groupId: string;
  /** Names, and patterns over the topics that exist; a pattern never matches one of `ownTopics` or an internal topic. */
  topics: readonly (string | RegExp)[];
  ownTopics: (topic: string) => boolean;
  sessionTimeoutMs: number;
  window: Window;
  /** `false`: catch-up leaves nothing out. The window has the same setting of its own. */
  coalesce: boolean;
  /**
   * Decodes and plans. `unavailable`: asked again later, nothing is committed past it; any other failure is a bug and
   * waits likewise. May be asked several times for one record, and for records that are then let go.
   */
  read: (record: SourceRecord, source: number) => Result<Entry> | Promise<Result<Entry>>;
  /** Entries that newer ones took the place of: to audit, then to give to `settled`. */
  onSuperseded: (entries: Entry[]) => void;
  /** Called after entries were offered to the window. */
  wake: () => void;
  /** Records that retention deleted before they were read. */
  onLost?: (lost: Lost) => void;
  bookkeeping: Bookkeeping;
  log: Logger;
  commitIntervalMs: number;
  /** How often topics, partitions and end offsets are looked at; 5000 unless told. */
  pollIntervalMs?: number;
  /** Wait before a failed call, or an unavailable `read`, is tried again; 1000 unless told. */
  retryDelayMs?: number;
  /** Most entries taken ahead of those that were let go; 10,000 unless told. */
  maxAhead?: number;
}

export interface PartitionStatus {
  topic: string;
  partition: number;
  /** The next offset as last committed; undefined before the first commit. */
  committed: number | undefined;
  /** The next offset to read or look at. */
  read: number;
  end: number;
  /** Records not settled yet. */
  lag: number;
  /** Records from the start of the log to the first that is not settled; absent until Kafka has told. */
  left?: number;
  /** From when on retention may delete that one, in ms since the epoch, a minute early at most; absent where it may not. */
  deletedFrom?: number;
}

/** Something that reading waits for, in words. */
export interface Trouble {
  /** Static: what is waited for. */
  message: string;
  /** Why, as it was met last. */
  reason?: string;
  /** The service that has to come back. */
  waitsFor: 'kafka' | 'registry' | 'redis';
}

/** Reads one target's topics into its window, and commits what was settled. */
export interface Source {
  /** Starts reading in the background; what is not reachable is waited for. */
  start(): Promise<void>;
  /** Takes nothing more into the window, and stays in the group so that what is in flight can settle and be committed. */
  stopReading(): void;
  /**
   * Stops reading, commits what is settled and durable, leaves the group and disconnects; does not wait for a Kafka that is away.
   * `isStoreAway`: what is settled can not be known to be durable, and is not committed.
   */
  stop(isStoreAway?: boolean): Promise<void>;
  /** These entries' outcomes are durable. To be called after the window's `done`. */
  settled(entries: readonly Entry[]): void;
  /** The target's gate is shut: goes on reading for cut-offs alone. */
  setHolding(holding: boolean): void;
  /** Whether this record was settled before, by this member or another: it is read again after offsets were set back. */
  wasSettled(record: Pick<SourceRecord, 'topic' | 'partition' | 'offset'>): boolean;
  status(): PartitionStatus[];
  partitions(): {topic: string; partition: number}[];
  /** What is waited for; empty when all is well. */
  troubles(): Trouble[];
}
