import {Partitioners, type Kafka} from 'kafkajs';
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
