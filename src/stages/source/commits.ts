import {setTimeout as sleep} from 'node:timers/promises';
import type {Offsets} from 'kafkajs';
import type {Assigned, Assignment} from './assigned.ts';
import {writeMetadata} from './start.ts';
import {waitsFor} from './store.ts';
import {reasonOf, type Troubles} from './troubles.ts';
import type {SourceOptions} from './types.ts';

/**
 * KafkaJS's commit without its retries: those would send the offsets again under the generation of a later assignment,
 * and the broker would accept them for partitions that have moved away.
 */
export type Commit = (offsets: Offsets) => Promise<void>;

interface Saved {
  at: number;
  marks: {assigned: Assigned; watermark: number}[];
}

interface Due {
  assigned: Assigned;
  watermark: number;
  metadata: string;
}

export interface CommitsContext {
  options: Pick<SourceOptions, 'bookkeeping' | 'log'>;
  assignment: Assignment;
  troubles: Troubles;
  restart: (list: readonly Assigned[], gone: boolean) => void;
  findVanished: (list: readonly Assigned[]) => Promise<Assigned[]>;
  /** How to commit now, if that may be done. */
  commit: () => Commit | undefined;
}

/** Saves watermarks, and commits those that the store has made durable. */
export class Commits {
  readonly #context: CommitsContext;
  #saved: Saved[] = [];

  constructor(context: CommitsContext) {
    this.#context = context;
  }

  /** One round: what was saved long enough ago is committed, then what is settled now is saved. */
  async round(): Promise<void> {
    try {
      const {options, assignment, restart} = this.#context;
      const {bookkeeping, log} = options;
      const [runId, epoch] = await Promise.all([bookkeeping.runId(), bookkeeping.epoch()]);
      const opened = assignment.list().filter(({phase}) => phase !== 'opening');
      const strange = opened.filter((one) => one.runId !== runId || one.epoch !== epoch);
      if (strange.length > 0) {
        log.warn({partitions: strange.length}, 'The store was started anew: checking where to read on');
        restart(strange, false);
      }
      await this.#commitDurable();
      await this.#save();
      this.#context.troubles.clear('commit');
    } catch (error) {
      const reason = reasonOf(error);
      this.#context.troubles.raise('commit', 'Waiting to commit', {reason}, waitsFor(error));
    }
  }

  /** The last rounds before leaving: saves, waits until that is durable, and commits. */
  async finish(): Promise<void> {
    await this.round();
    if (this.#saved.length === 0) return;
    // A timer may come a millisecond early.
    await sleep(this.#context.options.bookkeeping.fsyncIntervalMs + 2);
    await this.round();
  }

  /** A mark in the store without a commit would look, to the next owner, as if Kafka had forgotten the commit. */
  async #save(): Promise<void> {
    if (this.#context.commit() === undefined) return;
    const marks = this.#owned().flatMap((assigned) => {
      const {watermark} = assigned.progress;
      return watermark === assigned.saved ? [] : [{assigned, watermark}];
    });
    if (marks.length === 0) return;
    await this.#context.options.bookkeeping.saveWatermarks(
      marks.map(({assigned: {topic, partition}, watermark}) => ({topic, partition, watermark})),
    );
    for (const {assigned, watermark} of marks) assigned.saved = watermark;
    this.#saved.push({at: performance.now(), marks});
  }

  async #commitDurable(): Promise<void> {
    const {restart, findVanished, commit: current} = this.#context;
    const due = this.#due();
    if (due.length === 0) return;
    // A commit would hide that the topic was replaced.
    const vanished = await findVanished(due.map(({assigned}) => assigned));
    if (vanished.length > 0) restart(vanished, true);
    const commit = current();
    if (commit === undefined) return;
    // What moved away while Kafka answered must not be committed. Nothing may be awaited from here to `commit`.
    const left = due.filter(({assigned}) => isOwned(assigned));
    const topics = [...Map.groupBy(left, ({assigned}) => assigned.topic)].map(([topic, list]) => ({
      topic,
      partitions: list.map(({assigned: {partition}, watermark, metadata}) => {
        return {partition, offset: String(watermark), metadata};
      }),
    }));
    if (topics.length > 0) await commit({topics});
    for (const {assigned, watermark, metadata} of left) assigned.committed = {watermark, metadata};
  }

  /** What was saved long enough ago and is not committed yet. */
  #due(): Due[] {
    const before = performance.now() - this.#context.options.bookkeeping.fsyncIntervalMs;
    while (this.#saved[0] !== undefined && this.#saved[0].at <= before) {
      for (const {assigned, watermark} of this.#saved.shift()?.marks ?? []) assigned.durable = watermark;
    }
    return this.#owned().flatMap((assigned) => {
      const {durable, epoch, catchUpTo, committed} = assigned;
      if (durable === undefined) return [];
      const metadata = writeMetadata(epoch, durable, catchUpTo);
      if (committed?.watermark === durable && committed.metadata === metadata) return [];
      return [{assigned, watermark: durable, metadata}];
    });
  }

  #owned(): Assigned[] {
    return this.#context.assignment.list().filter(isOwned);
  }
}

function isOwned({alive, phase, unconfirmed}: Assigned): boolean {
  return alive && phase !== 'opening' && !unconfirmed;
}
