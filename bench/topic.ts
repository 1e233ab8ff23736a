import type {Schema} from 'avsc';
import {Kafka, logLevel, Partitioners} from 'kafkajs';
import {createEncoder, createRegistry, readCanonicalSchema} from '../src/stages/decode/index.ts';
import {createEvents, type Events, type Produced} from './events.ts';

/** A topic of one benchmark, and a producer for it. */
export interface Topic {
  name: string;
  events: Events;
  /** In order, many a request; resolves when the broker has all. */
  produce(records: Iterable<Produced>): Promise<void>;
  close(): Promise<void>;
}

const batchSize = 2000;

/** Registers the event schema for the topic and creates it. */
export async function createTopic(
  brokers: string[],
  registryUrl: string,
  name: string,
  numPartitions: number,
): Promise<Topic> {
  const schema = readCanonicalSchema();
  const encoder = createEncoder(JSON.parse(schema) as Schema);
  const schemaId = await register(registryUrl, `${name}-value`, schema);
  const kafka = new Kafka({brokers, clientId: 'avro-scim-bench', logLevel: logLevel.NOTHING});
  const admin = kafka.admin();
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({waitForLeaders: true, topics: [{topic: name, numPartitions}]});
  return {
    name,
    events: createEvents(encoder),
    produce: async (records) => {
      const messages: {key: string; value: Buffer}[] = [];
      const flush = async (): Promise<void> => {
        const sent = messages.splice(0);
        if (sent.length > 0) await producer.send({topic: name, acks: -1, messages: sent});
      };
      for (const {key, event} of records) {
        messages.push({key, value: encoder.frame(event, schemaId)});
        if (messages.length === batchSize) await flush();
      }
      await flush();
    },
    close: async () => {
      await producer.disconnect();
      await admin.deleteTopics({topics: [name]}).catch(() => undefined);
      await admin.disconnect();
    },
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
