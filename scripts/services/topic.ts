import type {Schema} from 'avsc';
import {
  Kafka,
  logLevel,
  Partitioners,
  type Admin,
  type ITopicConfig,
  type Message,
  type Producer,
} from 'kafkajs';
import type {IdentityEvent} from '../../src/core/event.ts';
import {createEncoder, createRegistry, readCanonicalSchema} from '../../src/stages/decode/index.ts';
import {becomes} from './daemon.ts';
import type {Services} from './types.ts';

/** What is produced: an event, or bytes as they are. */
export interface Produced {
  key: string;
  value: Partial<IdentityEvent> | Buffer;
}

/** A topic with the event schema, and a producer that stays connected, as that of a real source does. */
export interface Topic {
  /** In order, many in one request; what an event leaves out is filled in. Resolves when the broker has all. */
  produce(records: Iterable<Produced>): Promise<void>;
  close(): Promise<void>;
  /** Deletes the topic, and the consumer groups named. */
  remove(groups?: readonly string[]): Promise<void>;
}

const batchSize = 2000;

/** Registers a schema, that of events unless given, and creates a topic with its partitions, led by a broker when this resolves. */
export async function createTopic(
  {kafka: {brokers}, registry}: Pick<Services, 'kafka' | 'registry'>,
  topic: string,
  numPartitions: number,
  schema = readCanonicalSchema(),
): Promise<Topic> {
  const schemaId = await register(registry.url, `${topic}-value`, schema);
  const encoder = createEncoder(JSON.parse(schema) as Schema);
  const kafka = new Kafka({brokers, clientId: 'avro-scim-scripts', logLevel: logLevel.NOTHING});
  await administer(kafka, (admin) => createLed(admin, {topic, numPartitions}));
  const producer = await connectProducer(kafka);
  const messageOf = ({key, value}: Produced): Message => ({
    key,
    value: Buffer.isBuffer(value) ? value : encoder.frame(complete(value), schemaId),
  });
  const complete = (event: Partial<IdentityEvent>): IdentityEvent => {
    const read = encoder.read(event);
    if (!read.ok) throw new Error(read.failure.message);
    return read.value;
  };
  return {
    async produce(records) {
      const send = async (messages: Message[]): Promise<void> => {
        if (messages.length > 0) await producer.send({topic, acks: -1, messages});
      };
      const messages: Message[] = [];
      for (const record of records) {
        messages.push(messageOf(record));
        if (messages.length === batchSize) await send(messages.splice(0));
      }
      await send(messages);
    },
    close: () => producer.disconnect(),
    remove: (groups = []) =>
      administer(kafka, async (admin) => {
        await admin.deleteTopics({topics: [topic]});
        // A group that never committed is not there to delete.
        await Promise.allSettled(groups.map((group) => admin.deleteGroups([group])));
      }),
  };
}

const ledDeadlineMs = 20_000;

/**
 * Creates a topic and waits until each of its partitions has a leader. KafkaJS's own wait gives up where the broker that it
 * asks has not heard of the topic yet.
 */
export async function createLed(
  admin: Admin,
  wanted: ITopicConfig & {topic: string; numPartitions: number},
): Promise<void> {
  await admin.createTopics({waitForLeaders: false, topics: [wanted]});
  const isLed = async (): Promise<boolean> => {
    const found = await admin.fetchTopicMetadata({topics: [wanted.topic]}).catch(() => undefined);
    const partitions = found?.topics[0]?.partitions ?? [];
    return partitions.length === wanted.numPartitions && partitions.every(({leader}) => leader >= 0);
  };
  if (!(await becomes(isLed, ledDeadlineMs, () => false)))
    throw new Error(`topic ${wanted.topic} has no leaders after ${ledDeadlineMs / 1000} s`);
}

async function register(url: string, subject: string, schema: string): Promise<number> {
  const registry = createRegistry({url, timeoutMs: 10_000});
  try {
    const registered = await registry.register(subject, schema);
    if (!registered.ok) throw new Error(registered.failure.message);
    return registered.value;
  } finally {
    registry.close();
  }
}

async function administer(
  kafka: Kafka,
  act: (admin: ReturnType<Kafka['admin']>) => Promise<unknown>,
): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    await act(admin);
  } finally {
    await admin.disconnect();
  }
}

async function connectProducer(kafka: Kafka): Promise<Producer> {
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  return producer;
}
