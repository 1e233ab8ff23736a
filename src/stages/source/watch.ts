import type {Admin} from 'kafkajs';
import type {Assigned, Assignment} from './assigned.ts';
import type {Flow} from './flow.ts';
import {fetchBounds, reportLost, type Bounds} from './opening.ts';
import {Retention} from './retention.ts';
import {fetchCommitted, Strangers} from './strangers.ts';
import {reasonOf, type Troubles} from './troubles.ts';
import type {SourceOptions} from './types.ts';
import {findVanished} from './vanished.ts';

/** Compares every partition with what Kafka has of it now: its end, what retention took, whether it is still the same. */
export class Watch {
  readonly #options: SourceOptions;
  readonly #assignment: Assignment;
  readonly #admin: Admin;
  readonly #flow: Flow;
  readonly #troubles: Troubles;
  readonly #restart: (list: Assigned[], gone: boolean) => void;
  readonly #retention: Retention;
  readonly #strangers = new Strangers();
  #epoch: string | undefined;
  #isAsking = false;

  constructor(
    options: SourceOptions,
    assignment: Assignment,
    admin: Admin,
    flow: Flow,
    troubles: Troubles,
    restart: (list: Assigned[], gone: boolean) => void,
  ) {
    this.#options = options;
    this.#assignment = assignment;
    this.#admin = admin;
    this.#flow = flow;
    this.#troubles = troubles;
    this.#restart = restart;
    this.#retention = new Retention(admin, options.log);
  }

  /** `topics`: those that are read, whoever reads them. */
  async look(topics: readonly string[]): Promise<void> {
    const opened = this.#assignment.list().filter(({phase}) => phase !== 'opening');
    try {
      for (const [topic, list] of Map.groupBy(opened, (one) => one.topic)) {
        // Before the answer: what is read while it is under way must not make the end look as if it lay behind.
        const read = list.map((assigned) => ({
          assigned,
          front: assigned.progress.front,
          position: assigned.position,
        }));
        const bounds = await fetchBounds(this.#admin, topic);
        for (const {assigned, front, position} of read) {
          const limits = bounds.get(assigned.partition);
          if (limits !== undefined && assigned.alive)
            this.#compare(assigned, limits, Math.max(front, position));
        }
      }
      this.#restart(await findVanished(this.#admin, this.#options.groupId, opened), true);
      await this.#lookForStrangers(topics);
      this.#troubles.clear('watch');
      await this.#retention.look(opened);
    } catch (error) {
      this.#troubles.raise('watch', 'Waiting for Kafka to say where the partitions end', {
        reason: reasonOf(error),
      });
    }
  }

  /** A group of two deployments loses each of them what the other reads: nothing else would tell. */
  async #lookForStrangers(topics: readonly string[]): Promise<void> {
    const {groupId} = this.#options;
    this.#askEpoch();
    const epoch = this.#epoch;
    if (epoch === undefined || topics.length === 0) return;
    const committed = await fetchCommitted(this.#admin, groupId, topics);
    const isOurs = (topic: string, partition: number) => this.#assignment.get(topic, partition) !== undefined;
    if (!this.#strangers.note(epoch, committed, isOurs)) this.#troubles.clear('strangers');
    else this.#troubles.raise('strangers', strangers, {reason: groupId});
  }

  /** Beside the look, which must not wait for a store that is away. */
  #askEpoch(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const asked = this.#options.bookkeeping.epoch();
    const done = (epoch = this.#epoch): void => {
      this.#epoch = epoch;
      this.#isAsking = false;
    };
    asked.then(done, () => done());
  }

  #compare(assigned: Assigned, {low, high}: Bounds, read: number): void {
    const {topic, partition, progress, gap} = assigned;
    assigned.end = high;
    assigned.first = low;
    if (high < read) {
      this.#restart([assigned], true);
      return;
    }
    if (gap !== undefined) {
      assigned.gap = undefined;
      if (low >= gap.to) {
        reportLost(this.#options, {topic, partition, ...gap});
        assigned.committed = undefined;
      }
    }
    if (low <= progress.front) return;
    reportLost(this.#options, {topic, partition, from: progress.front, to: low});
    progress.pass(low);
    // KafkaJS may have committed its own default meanwhile: ours is to be sent again.
    assigned.committed = undefined;
    if (assigned.phase === 'scanning' && assigned.position < low) this.#flow.seek(assigned, low);
    this.#flow.steer(assigned);
  }
}

const strangers =
  'Another deployment, on another Redis, reads as this consumer group: each gets some of the events only; give each a kafka.groupPrefix of its own';
