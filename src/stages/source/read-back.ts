import {randomUUID} from 'node:crypto';
import {setTimeout as delay} from 'node:timers/promises';
import {AssignerProtocol, type Consumer, type Kafka, type PartitionAssigner} from 'kafkajs';
import type {SourceRecord} from '../../core/change.ts';
import {toRecord} from './record.ts';

/** Where one record stands. */
export type Place = Pick<SourceRecord, 'topic' | 'partition' | 'offset'>;

/** One record that was read again; `gone`: why it is not there any more, in words; `unreachable`: Kafka did not answer. */
export type ReadBack = {record: SourceRecord} | {gone: string} | {unreachable: string};
export type ReadRecord = (place: Place, signal: AbortSignal) => Promise<ReadBack>;

const patienceMs = 15_000;

/**
 * Reads single records again, by where they stand. Each read has a group of its own below `groupPrefix` that commits nothing, so
 * that no target's offsets move; the broker forgets it.
 */
export function createReadBack(kafka: Kafka, groupPrefix: string): ReadRecord {
  return async (place, signal) => {
    try {
      const gone = await goneFrom(kafka, place);
      if (gone !== undefined) return {gone};
      return await read(kafka, `${groupPrefix}.replay.${randomUUID()}`, place, signal);
    } catch (error) {
      return {unreachable: error instanceof Error ? error.message : String(error)};
    }
  };
}

/** Why it is certain that it is not there; nothing where it may be. */
async function goneFrom(kafka: Kafka, {topic, partition, offset}: Place): Promise<string | undefined> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    if (!(await admin.listTopics()).includes(topic)) return `there is no topic ${topic} any more`;
    const bounds = (await admin.fetchTopicOffsets(topic)).find((one) => one.partition === partition);
    if (!bounds || Number(bounds.high) <= offset) return `${topic} ends before it: it was made anew since`;
    if (Number(bounds.low) > offset) return `retention has deleted it: ${topic} begins at ${bounds.low}`;
    return undefined;
  } finally {
    await admin.disconnect();
  }
}

async function read(kafka: Kafka, groupId: string, place: Place, signal: AbortSignal): Promise<ReadBack> {
  const consumer = kafka.consumer({
    ...{groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 250},
    partitionAssigners: [onlyPartition(place)],
    retry: {retries: 2, restartOnFailure: () => Promise.resolve(false)},
  });
  const ended = new AbortController();
  const late = delay(patienceMs, undefined, {signal: AbortSignal.any([signal, ended.signal])})
    .catch(() => undefined)
    .then(() => ({unreachable: 'it could not be read in time'}));
  try {
    const found = find(consumer, place);
    await consumer.connect();
    await consumer.subscribe({topics: [place.topic], fromBeginning: false});
    await consumer.run({autoCommit: false, eachBatchAutoResolve: false, eachBatch: found.eachBatch});
    return await Promise.race([found.end, late]);
  } finally {
    ended.abort();
    await consumer.disconnect().catch(() => undefined);
  }
}

/** The first that Kafka hands over at or behind the place: it is sought before anything is fetched. */
function find(consumer: Consumer, {topic, partition, offset}: Place) {
  const {promise: end, resolve} = Promise.withResolvers<ReadBack>();
  const compacted = {gone: `compaction has deleted it from ${topic}: a newer record of its key is there`};
  const {events} = consumer;
  consumer.on(events.GROUP_JOIN, () => consumer.seek({topic, partition, offset: String(offset)}));
  consumer.on(events.CRASH, ({payload}) => resolve({unreachable: payload.error.message}));
  consumer.on(events.START_BATCH_PROCESS, ({payload}) => {
    if (payload.batchSize === 0 && Number(payload.lastOffset) >= offset) resolve(compacted);
  });
  const eachBatch: NonNullable<Parameters<Consumer['run']>[0]>['eachBatch'] = ({batch}) => {
    const message = batch.messages.find((one) => Number(one.offset) >= offset);
    if (message && Number(message.offset) === offset) resolve({record: toRecord(topic, partition, message)});
    else if (message) resolve(compacted);
    return Promise.resolve();
  };
  return {end, eachBatch};
}

/** Nothing else of the topic is fetched. */
const onlyPartition =
  ({topic, partition}: Place): PartitionAssigner =>
  () => ({
    name: 'one-partition',
    version: 0,
    assign: ({members}) =>
      Promise.resolve(
        members.slice(0, 1).map(({memberId}) => ({
          memberId,
          memberAssignment: AssignerProtocol.MemberAssignment.encode({
            version: 0,
            assignment: {[topic]: [partition]},
            userData: Buffer.alloc(0),
          }),
        })),
      ),
    protocol: ({topics}) => ({
      name: 'one-partition',
      metadata: AssignerProtocol.MemberMetadata.encode({version: 0, topics, userData: Buffer.alloc(0)}),
    }),
  });
