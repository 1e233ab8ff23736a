import {setTimeout as sleep} from 'node:timers/promises';
import type {Admin} from 'kafkajs';
import {Progress} from '../../core/progress.ts';
import type {Assigned} from './assigned.ts';
import {Scan} from './catch-up.ts';
import type {Flow} from './flow.ts';
import {decideStart, type Found, type Start} from './start.ts';
import {waitsFor} from './store.ts';
import {reasonOf, type Troubles} from './troubles.ts';
import type {Lost, SourceOptions} from './types.ts';

export interface Bounds {
  low: number;
  high: number;
}

/** The first offset that exists and the next to be written of each partition of a topic. */
export async function fetchBounds(admin: Admin, topic: string): Promise<Map<number, Bounds>> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return new Map(
    offsets.map(({partition, low, high}) => [partition, {low: Number(low), high: Number(high)}]),
  );
}

/** What Kafka answers for a partition for which nothing is committed. */
const nothing = -1;

/** Finds out where each partition that was taken over starts, and starts it. */
export class Opening {
  readonly #options: SourceOptions;
  readonly #admin: Admin;
  readonly #flow: Flow;
  readonly #troubles: Troubles;
  readonly #stopped: AbortSignal;
  readonly #gone = new Set<string>();

  constructor(options: SourceOptions, admin: Admin, flow: Flow, troubles: Troubles, stopped: AbortSignal) {
    this.#options = options;
    this.#admin = admin;
    this.#flow = flow;
    this.#troubles = troubles;
    this.#stopped = stopped;
  }

  /** The partition is no more, or was seen to end before what was read: when it is opened again, it is another. */
  markGone(topic: string, partition: number): void {
    this.#gone.add(`${topic} ${partition}`);
  }

  /** Opens what is still owned, waiting for Kafka and the store as long as it takes. */
  async open(list: readonly Assigned[]): Promise<void> {
    for (;;) {
      const left = list.filter(({alive, phase}) => alive && phase === 'opening');
      if (left.length === 0 || this.#stopped.aborted) return;
      try {
        for (const topic of new Set(left.map((one) => one.topic))) {
          await this.#openTopic(
            topic,
            left.filter((one) => one.topic === topic),
          );
        }
        this.#troubles.clear('open');
      } catch (error) {
        const message = 'Waiting for Kafka and the store to say where to start reading';
        this.#troubles.raise('open', message, {reason: reasonOf(error)}, waitsFor(error));
        await sleep(this.#options.retryDelayMs ?? 1000, undefined, {signal: this.#stopped}).catch(
          () => undefined,
        );
      }
    }
  }

  async #openTopic(topic: string, list: readonly Assigned[]): Promise<void> {
    const {bookkeeping, groupId} = this.#options;
    // The store's names first: if it is replaced in between, the next commit finds that they differ.
    const [runId, epoch] = await Promise.all([bookkeeping.runId(), bookkeeping.epoch()]);
    const [answer] = await this.#admin.fetchOffsets({groupId, topics: [topic]});
    const bounds = await fetchBounds(this.#admin, topic);
    await Promise.all(
      list.map(async (assigned) => {
        const {partition} = assigned;
        const limits = bounds.get(partition);
        if (limits === undefined) throw new Error('Kafka does not know the partition yet');
        const stored = answer?.partitions.find((one) => one.partition === partition);
        const offset = Number(stored?.offset ?? nothing);
        const known = await bookkeeping.load(topic, partition);
        const gone = this.#gone.has(`${topic} ${partition}`);
        const found: Found = {
          committed: offset === nothing ? undefined : {offset, metadata: stored?.metadata ?? ''},
          ...limits,
          watermark: known.watermark,
          epoch,
          gone,
        };
        const start = decideStart(found);
        const incarnation = start.newIncarnation ? await this.#renew(assigned, start) : known.incarnation;
        assigned.source = await bookkeeping.intern(topic, partition, incarnation);
        assigned.runId = runId;
        if (assigned.alive) this.#begin(assigned, found, start);
      }),
    );
  }

  async #renew({topic, partition}: Assigned, {at}: Start): Promise<number> {
    const {bookkeeping} = this.#options;
    const incarnation = await bookkeeping.nextIncarnation(topic, partition);
    await bookkeeping.saveWatermarks([{topic, partition, watermark: at}]);
    this.#gone.delete(`${topic} ${partition}`);
    return incarnation;
  }

  #begin(assigned: Assigned, found: Found, start: Start): void {
    const {topic, partition} = assigned;
    const catchUp = this.#options.coalesce && start.catchUp && start.at < found.high;
    assigned.progress = new Progress(start.at);
    assigned.epoch = found.epoch;
    assigned.end = found.high;
    assigned.first = found.low;
    assigned.settledBefore = start.newIncarnation ? 0 : (found.watermark ?? 0);
    assigned.catchUpTo = catchUp ? found.high : 0;
    assigned.scan = catchUp ? new Scan() : undefined;
    assigned.phase = catchUp ? 'scanning' : 'reading';
    if (found.committed !== undefined && found.committed.offset >= 0) {
      assigned.committed = {watermark: found.committed.offset, metadata: found.committed.metadata};
    }
    this.#tell(assigned, found, start);
    if (start.lost !== undefined) reportLost(this.#options, {topic, partition, ...start.lost});
    this.#flow.seek(assigned, start.at);
    this.#flow.steer(assigned);
    this.#flow.endScans();
  }

  #tell({topic, partition}: Assigned, found: Found, start: Start): void {
    const {log} = this.#options;
    const {at, catchUp} = start;
    const [end, committed, stored] = [found.high, found.committed?.offset, found.watermark];
    const fields = {topic, partition, at, catchUp, end, committed, stored};
    switch (start.because) {
      case 'committed':
        log.info(fields, 'Reading on from the committed offset');
        return;
      case 'new':
        log.info(fields, 'No offset is committed: reading from the start');
        return;
      case 'forgotten':
        log.error(fields, 'What was committed is gone: reading from the start again, as of another topic');
        return;
      case 'defaulted':
        log.warn(
          fields,
          'KafkaJS has put its default in place of the committed offset: reading on from what is settled',
        );
        return;
      case 'byHand':
        log.warn(fields, 'The committed offset was set by hand: reading from there');
        return;
      case 'wiped':
        log.error(fields, wiped);
        return;
      case 'restored':
        log.error(fields, restored);
        return;
      case 'recreated':
        log.error(fields, 'The topic was recreated: reading from its start');
        return;
      default:
        start.because satisfies never;
    }
  }
}

const wiped =
  'The store is not the one that the committed offset relied on: reading from the start again, with no cut-off by hand known';
const restored =
  'The store knows less than was committed: reading again what it does not know, but for cut-offs by hand since';

/** Says loudly which records were deleted before anybody read them. */
export function reportLost({log, onLost}: SourceOptions, lost: Lost): void {
  log.error(lost, 'Retention has deleted records that were not read yet');
  onLost?.(lost);
}
