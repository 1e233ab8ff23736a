import {Partitioners, type Kafka, type Message, type PartitionMetadata} from 'kafkajs';
import type {Encoder} from '../../stages/decode/index.ts';
import type {CommandContext} from '../command.ts';
import type {EventLine} from './lines.ts';

/** Where one event stands now. */
export interface Sent {
  key: string;
  partition: number;
  offset: number;
}

interface Producing {
  context: Pick<CommandContext, 'signal'>;
  topic: string;
  encoder: Encoder;
  events: readonly EventLine[];
}

const batchSize = 1_000;

/**
 * In order: one request at a time, and a subject's events meet in one partition, as Java's default partitioner has it.
 * Resolves to where each event stands; rejects when the broker does not take them.
 */
export async function produce(
  kafka: Kafka,
  {context, topic, encoder, events}: Producing,
  partitions: PartitionMetadata[],
  schemaId: number,
): Promise<Sent[]> {
  const partitionOf = Partitioners.DefaultPartitioner();
  const producer = kafka.producer({allowAutoTopicCreation: false, idempotent: true, maxInFlightRequests: 1});
  const sent: Sent[] = [];
  try {
    await producer.connect();
    for (let at = 0; at < events.length; at += batchSize) {
      context.signal.throwIfAborted();
      const messages = events.slice(at, at + batchSize).map(({key, event}) => {
        const message: Message = {key, value: event && encoder.frame(event, schemaId)};
        const partition = partitionOf({topic, partitionMetadata: partitions, message});
        return {...message, key, partition};
      });
      const answers = await producer.send({topic, acks: -1, messages});
      const next = new Map(answers.map(({partition, baseOffset}) => [partition, Number(baseOffset)]));
      for (const {key, partition} of messages) {
        const offset = next.get(partition) ?? Number.NaN;
        next.set(partition, offset + 1);
        sent.push({key, partition, offset});
      }
    }
  } finally {
    await producer.disconnect();
  }
  return sent;
}
