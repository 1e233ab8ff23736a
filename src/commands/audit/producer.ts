import kafkajs, {Partitioners, type Kafka} from 'kafkajs';
import type {AuditProducer} from '../../stages/audit/index.ts';
import {createRegistry, type Registry, type RegistryConfig} from '../../stages/decode/index.ts';

/** Produces to the audit's topic; connects, and asks the registry, at the first record. */
export function createAuditProducer(
  topic: string,
  kafka: () => Kafka,
  registryConfig: () => RegistryConfig,
): AuditProducer {
  let registry: Registry | undefined;
  let connecting: Promise<ReturnType<Kafka['producer']>> | undefined;

  async function connect(): Promise<ReturnType<Kafka['producer']>> {
    // Not idempotent: such a producer never gives up, and a caller has to hear that nothing is written.
    const producer = kafka().producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
      maxInFlightRequests: 1,
    });
    try {
      await producer.connect();
    } catch (error) {
      connecting = undefined;
      throw error;
    }
    return producer;
  }
  return {
    async register(schema) {
      registry ??= createRegistry(registryConfig);
      const registered = await registry.register(`${topic}-value`, schema);
      if (!registered.ok) throw new Error(registered.failure.message);
      return registered.value;
    },
    mostBytes: () => mostBytesOf(kafka(), topic),
    async send(messages) {
      const producer = await (connecting ??= connect());
      await producer.send({topic, acks: -1, messages});
    },
    async close() {
      registry?.close();
      const producer = await connecting?.catch(() => undefined);
      await producer?.disconnect();
    },
  };
}

/** The topic's own bound; nothing for who may not ask, or where nobody answers: then sending tells. */
async function mostBytesOf(kafka: Kafka, topic: string): Promise<number | undefined> {
  const admin = kafka.admin();
  const configNames = ['max.message.bytes'];
  try {
    await admin.connect();
    const asked = {
      resources: [{type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames}],
      includeSynonyms: false,
    };
    const {resources} = await admin.describeConfigs(asked);
    const bytes = Number(resources[0]?.configEntries[0]?.configValue);
    return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
  } catch {
    return undefined;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
