import {Progress} from '../../core/progress.ts';
import type {Scan, Selection} from './catch-up.ts';
import {Times} from './retention.ts';
import type {PartitionStatus} from './types.ts';

/** A partition that this member owns, from one decision on where to start until it moves away or starts anew. */
export interface Assigned {
  readonly topic: string;
  readonly partition: number;
  /**
   * `opening`: where to start is not known; `scanning`: catch-up reads to the end; `scanned`: it waits until all others have;
   * `reading`: records go to the window.
   */
  phase: 'opening' | 'scanning' | 'scanned' | 'reading';
  /** False once it moved away or was opened anew: what still refers to it must not touch the partition. */
  alive: boolean;
  /** The incarnation's number, -1 while opening. */
  source: number;
  progress: Progress;
  /** The next offset that Kafka will hand over. */
  position: number;
  /** Counts seeks: a batch that was fetched before one is stale. */
  seeks: number;
  paused: boolean;
  /** Its next record can not be read now; asked again later. */
  stalled: boolean;
  /** Its next record could not be read when last asked. */
  unread: boolean;
  /** It was kept through a rebalance, and it is not certain yet that its topic was not replaced. */
  unconfirmed: boolean;
  /** What catch-up has noted, while scanning. */
  scan: Scan | undefined;
  /** Below `catchUpTo` only these are wanted. */
  selection: Selection | undefined;
  catchUpTo: number;
  /** The store's epoch and run when the start was decided. */
  epoch: string;
  runId: string;
  end: number;
  /** The first offset that Kafka still has, as it was seen last. */
  first: number | undefined;
  /** When its records were written, about. */
  readonly times: Times;
  /** How long the topic keeps its records; absent where it keeps them, or does not tell. */
  retentionMs: number | undefined;
  /** Below it everything was settled before this member took over: what is read there again is known. */
  settledBefore: number;
  /** A stretch that Kafka skipped over: deleted, if the first offset that exists turns out to lie behind it. */
  gap: {from: number; to: number} | undefined;
  /** Watermarks: as saved last, as saved and durable, and as committed with its metadata. */
  saved: number | undefined;
  durable: number | undefined;
  committed: {watermark: number; metadata: string} | undefined;
}

/** A partition that was just taken over: paused, until it is known where to start. */
export function newAssigned(topic: string, partition: number): Assigned {
  return {
    topic,
    partition,
    phase: 'opening',
    alive: true,
    source: -1,
    progress: new Progress(0),
    position: 0,
    seeks: 0,
    paused: true,
    stalled: false,
    unread: false,
    unconfirmed: false,
    scan: undefined,
    selection: undefined,
    catchUpTo: 0,
    settledBefore: 0,
    epoch: '',
    runId: '',
    end: 0,
    first: undefined,
    times: new Times(),
    retentionMs: undefined,
    gap: undefined,
    saved: undefined,
    durable: undefined,
    committed: undefined,
  };
}

/** What is told of a partition. */
export function statusOf(assigned: Assigned): PartitionStatus {
  const {topic, partition, committed, position, end, progress, phase, first, times, retentionMs} = assigned;
  const {watermark} = progress;
  const isOpen = phase !== 'opening';
  const lag = isOpen ? Math.max(0, end - watermark) : 0;
  const writtenAt = lag > 0 ? times.at(watermark) : undefined;
  return {
    ...{topic, partition, committed: committed?.watermark, read: position, end, lag},
    ...(isOpen && first !== undefined && {left: Math.max(0, watermark - first)}),
    ...(writtenAt !== undefined && retentionMs !== undefined && {deletedFrom: writtenAt + retentionMs}),
  };
}

/** The name of the trouble that a partition's records can not be read. */
export function troubleOf({topic, partition}: Assigned): string {
  return `read ${topic} ${partition}`;
}

/** The partitions that this member owns now. */
export class Assignment {
  readonly #topics = new Map<string, (Assigned | undefined)[]>();
  #list: readonly Assigned[] = [];

  get(topic: string, partition: number): Assigned | undefined {
    return this.#topics.get(topic)?.[partition];
  }

  set(assigned: Assigned): void {
    const {topic, partition} = assigned;
    this.#put(topic, partition, assigned);
  }

  delete({topic, partition}: Assigned): void {
    this.#put(topic, partition, undefined);
  }

  /** As they are now: a change makes a new list. */
  list(): readonly Assigned[] {
    return this.#list;
  }

  #put(topic: string, partition: number, assigned: Assigned | undefined): void {
    const partitions = this.#topics.get(topic) ?? [];
    partitions[partition] = assigned;
    this.#topics.set(topic, partitions);
    this.#list = [...this.#topics.values()].flatMap((all) => all.filter((one) => one !== undefined));
  }
}
