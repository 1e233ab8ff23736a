import {randomUUID} from 'node:crypto';
import {Kafka, logLevel, type Admin, type ITopicConfig, type Message} from 'kafkajs';
import {createLed} from '../../scripts/services/topic.ts';
import {services} from './services.ts';

/** One record to produce: `value` null is a tombstone, a string is sent as UTF-8. */
export interface TestRecord {
  key: string | null;
  value: Buffer | string | null;
  partition?: number;
  timestampMs?: number;
  headers?: Record<string, string>;
}

export interface TestKafka {
  client: Kafka;
  admin: ReturnType<Kafka['admin']>;
  /** Makes a topic of a name of its own, `partitions` 1 unless told, and resolves to the name. */
  newTopic(options?: Partial<ITopicConfig> & {partitions?: number}): Promise<string>;
  /** Produces in one request a partition, in order; resolves when the broker has all. */
  produce(topic: string, records: readonly TestRecord[]): Promise<void>;
  close: () => Promise<void>;
}

const asMessage = (record: TestRecord): Message => ({
  key: record.key,
  value: record.value,
  ...(record.partition === undefined ? {} : {partition: record.partition}),
  ...(record.timestampMs === undefined ? {} : {timestamp: String(record.timestampMs)}),
  ...(record.headers === undefined ? {} : {headers: record.headers}),
});

/** An admin and a producer at the run's broker, or at `brokers`. */
export async function openKafka(brokers = services().brokers): Promise<TestKafka> {
  const client = new Kafka({brokers, clientId: `test-${randomUUID()}`, logLevel: logLevel.NOTHING});
  const admin = client.admin();
  const producer = client.producer({allowAutoTopicCreation: false, idempotent: true, maxInFlightRequests: 1});
  await Promise.all([admin.connect(), producer.connect()]);
  return {
    client,
    admin,
    newTopic: async ({partitions = 1, ...settings} = {}) => {
      const topic = `test.${randomUUID()}`;
      await createLed(admin, {topic, numPartitions: partitions, ...settings});
      return topic;
    },
    produce: async (topic, records) => {
      await producer.send({topic, acks: -1, messages: records.map(asMessage)});
    },
    close: async () => {
      await Promise.allSettled([admin.disconnect(), producer.disconnect()]);
    },
  };
}

/** What a group has committed, a partition each; -1 where that is nothing. */
export async function committedOffsets(
  admin: Admin,
  groupId: string,
  topic: string,
): Promise<{offset: number; metadata: string | null}[]> {
  const [answer] = await admin.fetchOffsets({groupId, topics: [topic]});
  return (answer?.partitions ?? [])
    .toSorted((a, b) => a.partition - b.partition)
    .map(({offset, metadata}) => ({offset: Number(offset), metadata}));
}
