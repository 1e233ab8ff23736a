import {randomUUID} from 'node:crypto';
import {Partitioners, type Admin, type Consumer, type EachBatchPayload, type Kafka} from 'kafkajs';
import type {TopicMessage, TopicRead} from '../../stages/audit/index.ts';

export interface TopicPart extends Omit<TopicRead, 'subject'> {
  topic: string;
  /** The consumer group's name begins so; the group is deleted at the end. */
  groupPrefix: string;
  /** Only the partition that this key is in. */
  key?: string | undefined;
}

/** What is left to read of each partition: offsets, the end not included. */
type Left = Map<number, {from: number; end: number}>;

/**
 * Reads a topic up to where it ends now, partitions as they come, each in its order. KafkaJS reads in groups alone: this
 * one commits nothing. Rejects when the brokers do not answer, or there is no such topic.
 */
export async function* readTopic(kafka: Kafka, part: TopicPart): AsyncGenerator<TopicMessage> {
  const admin = kafka.admin();
  const groupId = `${part.groupPrefix}.audit-reader.${randomUUID()}`;
  await admin.connect();
  try {
    const left = await leftOf(admin, part);
    if (left.size > 0) yield* consume(kafka, part.topic, groupId, left);
  } finally {
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }
}

async function leftOf(admin: Admin, {topic, key, sinceMs, most = Infinity, skip}: TopicPart): Promise<Left> {
  const {topics} = await admin.fetchTopicMetadata({topics: [topic]});
  const partitionMetadata = topics[0]?.partitions ?? [];
  const message = {key: key ?? null, value: null};
  const only =
    key === undefined ? undefined : Partitioners.DefaultPartitioner()({topic, partitionMetadata, message});
  const ends = await admin.fetchTopicOffsets(topic);
  const starts =
    sinceMs === undefined
      ? ends.map(({partition, low}) => ({partition, offset: low}))
      : await admin.fetchTopicOffsetsByTimestamp(topic, sinceMs);
  const left: Left = new Map();
  for (const {partition, high} of ends) {
    const start = Number(starts.find((one) => one.partition === partition)?.offset ?? 0);
    const from = Math.max(start, Number(high) - most);
    if ((only ?? partition) === partition && from > start)
      skip?.(`of ${topic}/${partition} what stands before offset ${from} was not read`);
    if ((only ?? partition) === partition && from < Number(high))
      left.set(partition, {from, end: Number(high)});
  }
  return left;
}

/** Of a client that could not go on. */
const maxRestarts = 3;

async function* consume(
  kafka: Kafka,
  topic: string,
  groupId: string,
  left: Left,
): AsyncGenerator<TopicMessage> {
  let restarts = 0;
  const restartOnFailure = () => Promise.resolve((restarts += 1) <= maxRestarts);
  const consumer = kafka.consumer({groupId, retry: {restartOnFailure}});
  const handed = new Handed<TopicMessage[]>();
  consumer.on(consumer.events.CRASH, ({payload: {error, restart}}) => {
    if (!restart) handed.fail(error);
  });
  const partitions = new Map(left);
  try {
    await consumer.connect();
    await consumer.subscribe({topics: [topic], fromBeginning: true});
    await consumer.run({
      autoCommit: false,
      eachBatch: async (payload) => {
        const messages = messagesOf(payload, left);
        if (messages.length > 0) await handed.give(messages);
        end(consumer, payload, left);
        if (left.size === 0) handed.end();
      },
    });
    for (const [partition, {from}] of partitions) seek(consumer, topic, partition, from);
    for await (const messages of handed) yield* messages;
  } finally {
    handed.end();
    await consumer.disconnect();
  }
}

/** While the client starts again it takes none: then it reads from the beginning, and what is older is left out. */
function seek(consumer: Consumer, topic: string, partition: number, from: number): void {
  try {
    consumer.seek({topic, partition, offset: String(from)});
  } catch {
    return;
  }
}

function messagesOf({batch}: EachBatchPayload, left: Left): TopicMessage[] {
  const {partition} = batch;
  const bounds = left.get(partition);
  if (!bounds) return [];
  return batch.messages
    .map(({offset, key, value}) => ({
      ...{partition, offset: Number(offset), value},
      key: key === null ? null : key.toString('utf8'),
    }))
    .filter(({offset}) => offset >= bounds.from && offset < bounds.end);
}

/** A partition that was read to its end, or is not wanted, is not asked for again. */
function end(consumer: Consumer, {batch}: EachBatchPayload, left: Left): void {
  const {topic, partition} = batch;
  const bounds = left.get(partition);
  const next = Number(batch.lastOffset()) + 1;
  if (bounds && next < bounds.end) {
    bounds.from = Math.max(bounds.from, next);
    return;
  }
  left.delete(partition);
  consumer.pause([{topic, partitions: [partition]}]);
}

/** Hands values from who has them to who loops over them, one at a time. */
class Handed<T> {
  readonly #values: {value: T; taken: () => void}[] = [];
  #wake: () => void = () => undefined;
  #isEnded = false;
  #error: Error | undefined;

  /** Resolves once the value was taken, or nobody takes any more. */
  give(value: T): Promise<void> {
    if (this.#isEnded) return Promise.resolve();
    return new Promise((taken) => {
      this.#values.push({value, taken});
      this.#wake();
    });
  }

  fail(error: Error): void {
    this.#error ??= error;
    this.#wake();
  }

  end(): void {
    this.#isEnded = true;
    for (const {taken} of this.#values) taken();
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const next = this.#values.shift();
      if (next) {
        yield next.value;
        next.taken();
      } else if (this.#error !== undefined) {
        throw this.#error;
      } else if (this.#isEnded) {
        return;
      } else {
        await new Promise<void>((wake) => (this.#wake = wake));
      }
    }
  }
}
