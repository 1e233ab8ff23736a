import {setTimeout as sleep} from 'node:timers/promises';
import type {Offsets} from 'kafkajs';
import type {Assigned, Assignment} from './assigned.ts';
import {writeMetadata} from './start.ts';
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

/** Saves watermarks, and commits those that the store has made durable. */
export class Commits {
  readonly #options: SourceOptions;
  readonly #assignment: Assignment;
  readonly #troubles: Troubles;
  readonly #restart: (list: Assigned[]) => void;
  #saved: Saved[] = [];
  readonly #commit: () => Commit | undefined;

  constructor(
    options: SourceOptions,
    assignment: Assignment,
    troubles: Troubles,
    restart: (list: Assigned[]) => void,
    commit: () => Commit | undefined,
  ) {
    this.#options = options;
    this.#assignment = assignment;
    this.#troubles = troubles;
    this.#restart = restart;
    this.#commit = commit;
  }

  /** One round: what was saved long enough ago is committed, then what is settled now is saved. */
  async round(): Promise<void> {
    try {
      const {bookkeeping} = this.#options;
      const [runId, epoch] = await Promise.all([bookkeeping.runId(), bookkeeping.epoch()]);
      const opened = this.#assignment.list().filter(({phase}) => phase !== 'opening');
      const strange = opened.filter((one) => one.runId !== runId || one.epoch !== epoch);
      if (strange.length > 0) {
        this.#options.log.warn(
          {partitions: strange.length},
          'The store was started anew: checking where to read on',
        );
        this.#restart(strange);
      }
      await this.#commitDurable();
      await this.#save();
      this.#troubles.clear('commit');
    } catch (error) {
      this.#troubles.raise('commit', 'Waiting to commit', {reason: reasonOf(error)});
    }
  }

  /** The last rounds before leaving: saves, waits until that is durable, and commits. */
  async finish(): Promise<void> {
    await this.round();
    if (this.#saved.length === 0) return;
    await sleep(this.#options.bookkeeping.fsyncIntervalMs);
    await this.round();
  }

  async #save(): Promise<void> {
    const marks = this.#owned().flatMap((assigned) => {
      const {watermark} = assigned.progress;
      return watermark === assigned.saved ? [] : [{assigned, watermark}];
    });
    if (marks.length === 0) return;
    await this.#options.bookkeeping.saveWatermarks(
      marks.map(({assigned: {topic, partition}, watermark}) => ({topic, partition, watermark})),
    );
    for (const {assigned, watermark} of marks) assigned.saved = watermark;
    this.#saved.push({at: performance.now(), marks});
  }

  async #commitDurable(): Promise<void> {
    const before = performance.now() - this.#options.bookkeeping.fsyncIntervalMs;
    while (this.#saved[0] !== undefined && this.#saved[0].at <= before) {
      for (const {assigned, watermark} of this.#saved.shift()?.marks ?? []) assigned.durable = watermark;
    }
    const due = this.#owned().flatMap((assigned) => {
      const {durable, epoch, catchUpTo, committed} = assigned;
      if (durable === undefined) return [];
      const metadata = writeMetadata(epoch, durable, catchUpTo);
      if (committed?.watermark === durable && committed.metadata === metadata) return [];
      return [{assigned, watermark: durable, metadata}];
    });
    const commit = this.#commit();
    if (due.length === 0 || commit === undefined) return;
    const byTopic = Map.groupBy(due, ({assigned}) => assigned.topic);
    await commit({
      topics: [...byTopic].map(([topic, list]) => ({
        topic,
        partitions: list.map(({assigned: {partition}, watermark, metadata}) => {
          return {partition, offset: String(watermark), metadata};
        }),
      })),
    });
    for (const {assigned, watermark, metadata} of due) assigned.committed = {watermark, metadata};
  }

  #owned(): Assigned[] {
    return this.#assignment.list().filter(({alive, phase}) => alive && phase !== 'opening');
  }
}
