import type {Schema} from 'avsc';
import {Kafka, logLevel, Partitioners, type Message, type Producer} from 'kafkajs';
import type {IdentityEvent} from '../../src/core/event.ts';
import {createEncoder, createRegistry, readCanonicalSchema} from '../../src/stages/decode/index.ts';

/** What is produced: an event, or bytes as they are. */
export interface Produced {
  key: string;
  value: IdentityEvent | Buffer;
}

/** The demo's own topic, with a producer that stays connected, as that of a real source does. */
export interface Topic {
  /** In order; resolves when the broker has all. */
  produce(records: readonly Produced[]): Promise<void>;
  close(): Promise<void>;
  /** Deletes the topic, and the consumer groups named. */
  remove(groups: readonly string[]): Promise<void>;
}

export const partitions = 3;

/** Registers the event schema and creates a topic with its partitions, led by a broker when this resolves. */
export async function createTopic(brokers: string[], registryUrl: string, topic: string): Promise<Topic> {
  const schema = readCanonicalSchema();
  const schemaId = await register(registryUrl, `${topic}-value`, schema);
  const encoder = createEncoder(JSON.parse(schema) as Schema);
  const kafka = new Kafka({brokers, clientId: 'avro-scim-demo', logLevel: logLevel.NOTHING});
  await administer(kafka, (admin) =>
    admin.createTopics({waitForLeaders: true, topics: [{topic, numPartitions: partitions}]}),
  );
  const producer = await connectProducer(kafka);
  const messageOf = ({key, value}: Produced): Message => ({
    key,
    value: Buffer.isBuffer(value) ? value : encoder.frame(complete(value), schemaId),
  });
  const complete = (event: IdentityEvent): IdentityEvent => {
    const read = encoder.read(event);
    if (!read.ok) throw new Error(read.failure.message);
    return read.value;
  };
  return {
    produce: async (records) => {
      await producer.send({topic, acks: -1, messages: records.map(messageOf)});
    },
    close: () => producer.disconnect(),
    remove: (groups) =>
      administer(kafka, async (admin) => {
        await admin.deleteTopics({topics: [topic]});
        // A group that never committed is not there to delete.
        await Promise.allSettled(groups.map((group) => admin.deleteGroups([group])));
      }),
  };
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
