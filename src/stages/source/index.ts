import {setTimeout as sleep} from 'node:timers/promises';
import type {Admin, EachBatchPayload} from 'kafkajs';
import type {Entry} from '../../core/window.ts';
import {Assignment, newAssigned, statusOf, troubleOf, type Assigned} from './assigned.ts';
import {Commits} from './commits.ts';
import {Flow} from './flow.ts';
import {Group} from './group.ts';
import {Opening} from './opening.ts';
import {Pace, repeat} from './pace.ts';
import {Reader} from './reader.ts';
import {tellApart} from './store.ts';
import {matchTopics} from './topics.ts';
import {reasonOf, Troubles} from './troubles.ts';
import type {PartitionStatus, Source, SourceOptions, Trouble} from './types.ts';
import {untilUnreachable} from './reachable.ts';
import {findVanished} from './vanished.ts';
import {Watch} from './watch.ts';

export type {Bookkeeping, Lost, Mark, PartitionStatus, Source, SourceOptions, Trouble} from './types.ts';

/** A source on KafkaJS. Nothing is connected before `start`. */
export function createSource(options: SourceOptions): Source {
  return new KafkaSource(options);
}

class KafkaSource implements Source {
  readonly #options: SourceOptions;
  readonly #assignment = new Assignment();
  readonly #troubles: Troubles;
  readonly #stopped = new AbortController();
  readonly #admin: Admin;
  readonly #group: Group;
  readonly #flow: Flow;
  readonly #reader: Reader;
  readonly #opening: Opening;
  readonly #commits: Commits;
  readonly #watch: Watch;
  #loops: Promise<void>[] = [];
  /** Until the group has given out partitions once, nothing is known to be well. */
  #isMember = false;
  readonly #pace: Pace;

  constructor(given: SourceOptions) {
    const options = {...given, bookkeeping: tellApart(given.bookkeeping)};
    this.#options = options;
    this.#pace = new Pace(options);
    this.#troubles = new Troubles(options.log);
    this.#admin = options.kafka.admin({retry: {retries: 2}});
    this.#group = new Group(options, {
      onJoin: (kept, assignment) => this.#joined(kept, assignment),
      onBatch: (payload) => this.#batch(payload),
      onSkip: (topic, partition, next) => this.#skipped(topic, partition, next),
    });
    const restart = (list: readonly Assigned[], gone: boolean) => this.#restart(list, gone);
    this.#flow = new Flow(options, this.#assignment, this.#group);
    this.#reader = new Reader(options, this.#flow, this.#troubles);
    this.#opening = new Opening(options, this.#admin, this.#flow, this.#troubles, this.#stopped.signal);
    this.#commits = new Commits({
      options,
      assignment: this.#assignment,
      troubles: this.#troubles,
      restart,
      findVanished: (list) => findVanished(this.#admin, options.groupId, list),
      commit: () => this.#group.commit(),
    });
    this.#watch = new Watch(options, this.#assignment, this.#admin, this.#flow, this.#troubles, restart);
  }

  start(): Promise<void> {
    const {commitIntervalMs, retryDelayMs = 1000} = this.#options;
    const {signal} = this.#stopped;
    this.#loops = [
      repeat(signal, retryDelayMs, () => this.#lookAround()),
      repeat(signal, commitIntervalMs, () => this.#commits.round()),
      repeat(signal, retryDelayMs, () => this.#flow.retryStalled()),
    ];
    return Promise.resolve();
  }

  stopReading(): void {
    this.#flow.stop();
  }

  async stop(isStoreAway = false): Promise<void> {
    this.#flow.stop();
    this.#stopped.abort();
    const away = untilUnreachable(this.#options.kafka);
    await Promise.race([this.#leave(isStoreAway), away]);
    for (const assigned of this.#assignment.list()) this.#drop(assigned);
  }

  async #leave(isStoreAway: boolean): Promise<void> {
    if (!isStoreAway) {
      await Promise.all(this.#loops);
      await this.#commits.finish();
    }
    await this.#group.leave();
    await this.#admin.disconnect().catch((error: unknown) => {
      this.#options.log.warn({reason: reasonOf(error)}, 'Disconnecting from Kafka failed');
    });
  }

  settled(entries: readonly Entry[]): void {
    for (const {record, source} of entries) {
      const assigned = this.#assignment.get(record.topic, record.partition);
      if (assigned?.source === source) assigned.progress.settle(record.offset);
    }
    this.#flow.update();
  }

  setHolding(holding: boolean): void {
    this.#flow.setHolding(holding);
  }

  wasSettled({topic, partition, offset}: {topic: string; partition: number; offset: number}): boolean {
    return offset < (this.#assignment.get(topic, partition)?.settledBefore ?? 0);
  }

  status(): PartitionStatus[] {
    return this.#assignment.list().map(statusOf);
  }

  partitions(): {topic: string; partition: number}[] {
    return this.#assignment.list().map(({topic, partition}) => ({topic, partition}));
  }

  troubles(): Trouble[] {
    const joining: Trouble = {message: 'Waiting to join the consumer group', waitsFor: 'kafka'};
    return this.#isMember ? this.#troubles.list() : [joining, ...this.#troubles.list()];
  }

  /** When it is time: which topics there are, whether the consumer reads just those, and where their partitions end. */
  async #lookAround(): Promise<void> {
    const {topics, ownTopics} = this.#options;
    if (!this.#pace.isDue(this.#group.isRunning)) return;
    let read: readonly string[];
    try {
      await this.#admin.connect();
      const {present, missing} = matchTopics(await this.#admin.listTopics(), topics, ownTopics);
      for (const {topic, partition} of this.#assignment.list()) {
        if (!present.includes(topic)) this.#opening.markGone(topic, partition);
      }
      if (missing.length > 0)
        this.#troubles.raise('topics', 'Waiting for a topic that does not exist', {missing});
      else if (present.length === 0) this.#troubles.raise('topics', 'Waiting for a topic that matches', {});
      else this.#troubles.clear('topics');
      read = present;
      await this.#group.read(read);
      this.#troubles.clear('kafka');
    } catch (error) {
      this.#troubles.raise('kafka', 'Waiting for Kafka', {reason: reasonOf(error)});
      return;
    }
    await this.#watch.look(read);
  }

  /** The group has given out its partitions anew: to be done before anything is fetched or committed. */
  #joined(kept: boolean, assignment: Record<string, number[]>): void {
    this.#isMember = true;
    this.#pace.joined();
    for (const assigned of this.#assignment.list()) {
      if (!kept || assignment[assigned.topic]?.includes(assigned.partition) !== true) this.#drop(assigned);
      else this.#flow.keep(assigned);
    }
    const [old, fresh]: [readonly Assigned[], Assigned[]] = [this.#assignment.list(), []];
    for (const [topic, partitions] of Object.entries(assignment)) {
      for (const partition of partitions) {
        if (this.#assignment.get(topic, partition) === undefined) fresh.push(this.#add(topic, partition));
      }
    }
    this.#flow.endScans();
    void this.#opening.open(fresh);
    void this.#confirm(old);
  }

  /** What was kept is read on, or anew where its topic was replaced: that makes members join again too. */
  async #confirm(kept: readonly Assigned[]): Promise<void> {
    const {groupId, retryDelayMs = 1000} = this.#options;
    const {signal} = this.#stopped;
    while (!signal.aborted && kept.some(({alive}) => alive)) {
      try {
        this.#restart(await findVanished(this.#admin, groupId, kept), true);
        for (const assigned of kept) {
          assigned.unconfirmed = false;
          this.#flow.steer(assigned);
        }
        return;
      } catch {
        // `watch` meets the same failure, and tells.
        await sleep(retryDelayMs, undefined, {signal}).catch(() => undefined);
      }
    }
  }

  #add(topic: string, partition: number): Assigned {
    const assigned = newAssigned(topic, partition);
    this.#assignment.set(assigned);
    this.#group.pause(topic, partition);
    return assigned;
  }

  #drop(assigned: Assigned): void {
    assigned.alive = false;
    this.#assignment.delete(assigned);
    this.#options.window.forget(assigned.topic, assigned.partition);
    this.#troubles.clear(troubleOf(assigned));
  }

  /** What was read of these partitions is forgotten, and where to start is decided anew. */
  #restart(list: readonly Assigned[], gone: boolean): void {
    if (list.length === 0) return;
    const fresh = list.map((assigned) => {
      if (gone) this.#opening.markGone(assigned.topic, assigned.partition);
      this.#drop(assigned);
      return this.#add(assigned.topic, assigned.partition);
    });
    void this.#opening.open(fresh);
  }

  async #batch(payload: EachBatchPayload): Promise<void> {
    const {batch} = payload;
    const assigned = this.#assignment.get(batch.topic, batch.partition);
    const first = Number(batch.messages[0]?.offset);
    if (assigned === undefined || assigned.paused || payload.isStale()) return;
    if (first < assigned.position) {
      // KafkaJS found its offset out of range, and went to the start of a log that ends before it.
      this.#restart([assigned], true);
      return;
    }
    if (first > assigned.position) assigned.gap ??= {from: assigned.position, to: first};
    const next = Number(batch.lastOffset()) + 1;
    if (
      await this.#reader.consume(assigned, {
        messages: batch.messages,
        next,
        heartbeat: () => payload.heartbeat(),
      })
    ) {
      payload.resolveOffset(batch.lastOffset());
    }
  }

  /** A fetch brought nothing but markers, or what a transaction took back. */
  #skipped(topic: string, partition: number, next: number): void {
    const assigned = this.#assignment.get(topic, partition);
    if (assigned !== undefined && !assigned.paused && next > assigned.position)
      this.#reader.reach(assigned, next);
  }
}
