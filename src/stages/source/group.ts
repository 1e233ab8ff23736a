import type {Consumer, EachBatchPayload, Kafka} from 'kafkajs';
import type {Commit} from './commits.ts';
import type {Tap} from './flow.ts';
import type {SourceOptions} from './types.ts';

export interface GroupHandlers {
  /** `kept`: still the member that it was, so nobody else can have had what it has. Called before any fetch. */
  onJoin: (kept: boolean, assignment: Record<string, number[]>) => void;
  onBatch: (payload: EachBatchPayload) => Promise<void>;
  /** Nothing to hand over below `next`. */
  onSkip: (topic: string, partition: number, next: number) => void;
}

const KIBIBYTE = 1024;

/** This process's membership in the consumer group: one KafkaJS consumer at a time, replaced when it ends. */
export class Group implements Tap {
  readonly #options: SourceOptions;
  readonly #handlers: GroupHandlers;
  #consumer: Consumer | undefined;
  #topics: readonly string[] = [];
  #joined = false;
  #rebalancing = false;
  #commit: Commit | undefined;
  #memberId = '';

  constructor(options: SourceOptions, handlers: GroupHandlers) {
    this.#options = options;
    this.#handlers = handlers;
  }

  /** There is a consumer, which has joined or tries to. */
  get isRunning(): boolean {
    return this.#consumer !== undefined;
  }

  /** Makes sure that just these topics are read. Rejects when Kafka can not be reached. */
  async read(topics: readonly string[]): Promise<void> {
    const same =
      topics.length === this.#topics.length && topics.every((topic, index) => topic === this.#topics[index]);
    if (this.#consumer !== undefined && same) return;
    await this.leave();
    if (topics.length === 0) return;
    const consumer = createConsumer(this.#options.kafka, this.#options);
    this.#consumer = consumer;
    this.#topics = topics;
    this.#listen(consumer);
    try {
      await consumer.connect();
      await consumer.subscribe({topics: [...topics], fromBeginning: true});
      await this.#run(consumer);
    } catch (error) {
      await this.leave();
      throw error;
    }
  }

  /** How to commit; undefined while that must not be done, and before this consumer's first batch. */
  commit(): Commit | undefined {
    return this.#joined && !this.#rebalancing ? this.#commit : undefined;
  }

  async leave(): Promise<void> {
    const consumer = this.#consumer;
    this.#away();
    this.#consumer = undefined;
    await consumer?.disconnect();
  }

  seek(topic: string, partition: number, offset: number): void {
    if (this.#joined) this.#consumer?.seek({topic, partition, offset: String(offset)});
  }

  pause(topic: string, partition: number): void {
    if (this.#joined) this.#consumer?.pause([{topic, partitions: [partition]}]);
  }

  resume(topic: string, partition: number): void {
    if (this.#joined) this.#consumer?.resume([{topic, partitions: [partition]}]);
  }

  #listen(consumer: Consumer): void {
    const current = (act: () => void) => {
      if (this.#consumer === consumer) act();
    };
    const {events} = consumer;
    consumer.on(events.GROUP_JOIN, ({payload: {memberId, memberAssignment}}) =>
      current(() => {
        const kept = memberId === this.#memberId;
        this.#memberId = memberId;
        this.#joined = true;
        this.#rebalancing = false;
        this.#handlers.onJoin(kept, memberAssignment);
      }),
    );
    consumer.on(events.REBALANCING, () => current(() => (this.#rebalancing = true)));
    consumer.on(events.STOP, () => current(() => this.#away()));
    consumer.on(events.CRASH, () =>
      current(() => {
        this.#away();
        this.#consumer = undefined;
      }),
    );
    consumer.on(events.START_BATCH_PROCESS, ({payload: {topic, partition, batchSize, lastOffset}}) =>
      current(() => {
        if (batchSize === 0) this.#handlers.onSkip(topic, partition, Number(lastOffset) + 1);
      }),
    );
  }

  #run(consumer: Consumer): Promise<void> {
    return consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 4,
      eachBatch: async (payload) => {
        if (this.#consumer !== consumer) return;
        this.#commit = (offsets) => payload.commitOffsetsIfNecessary(offsets);
        await this.#handlers.onBatch(payload);
      },
    });
  }

  #away(): void {
    this.#joined = false;
    this.#commit = undefined;
  }
}

function createConsumer(
  kafka: Kafka,
  {groupId, sessionTimeoutMs, pollIntervalMs = 5000}: SourceOptions,
): Consumer {
  return kafka.consumer({
    groupId,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: Math.min(3000, Math.floor(sessionTimeoutMs / 3)),
    // How soon new partitions are found.
    metadataMaxAge: pollIntervalMs,
    allowAutoTopicCreation: false,
    // Also how long a resumed partition waits while all others are paused.
    maxWaitTimeInMs: 250,
    maxBytes: 2048 * KIBIBYTE,
    maxBytesPerPartition: 256 * KIBIBYTE,
    // When KafkaJS gives up, the next look around starts a new consumer: topics may have come and gone.
    retry: {
      retries: 5,
      initialRetryTime: 200,
      maxRetryTime: 2000,
      restartOnFailure: () => Promise.resolve(false),
    },
  });
}
