import kafkajs, {type Admin, type Kafka} from 'kafkajs';
import type {Config} from '../../config/schema.ts';
import {matchTopics} from '../../stages/source/topics.ts';
import {sourceTopics} from '../../target/topics.ts';

/** Topics with copies of dead letters, where the subject's key has a tombstone now. */
export interface Buried {
  topics: readonly BuriedTopic[];
  /** Kafka did not answer: nothing, or not everything, was written. */
  unreachable?: string;
}

interface BuriedTopic {
  topic: string;
  /** Compaction removes what stands before the tombstone; else only retention does. */
  isCompacted: boolean;
  /** -1: for ever. */
  retentionMs: number;
}

/** Writes a tombstone for a subject's key to each topic that has copies of dead letters of what is read. */
export async function buryCopies(
  kafka: Kafka,
  config: Pick<Config, 'kafka' | 'deadLetters' | 'audit'>,
  subject: string,
): Promise<Buried> {
  const admin = kafka.admin();
  const producer = kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  const topics: BuriedTopic[] = [];
  try {
    await Promise.all([admin.connect(), producer.connect()]);
    for (const topic of await copyTopics(admin, config)) {
      await producer.send({topic, acks: -1, messages: [{key: subject, value: null}]});
      topics.push({topic, ...(await keepingOf(admin, topic))});
    }
    return {topics};
  } catch (error) {
    return {topics, unreachable: (error as Error).message};
  } finally {
    await Promise.allSettled([admin.disconnect(), producer.disconnect()]);
  }
}

/** Also of sources that are there no more. */
async function copyTopics(
  admin: Admin,
  config: Pick<Config, 'kafka' | 'deadLetters' | 'audit'>,
): Promise<string[]> {
  const {suffix} = config.deadLetters;
  const copied = (await admin.listTopics()).filter((topic) => topic.endsWith(suffix));
  const {topics, ownTopics} = sourceTopics(config);
  const sources = copied.map((topic) => topic.slice(0, -suffix.length));
  return matchTopics(sources, topics, ownTopics).present.map((topic) => topic + suffix);
}

async function keepingOf(admin: Admin, name: string): Promise<Omit<BuriedTopic, 'topic'>> {
  const names = ['cleanup.policy', 'retention.ms'];
  const resources = [{type: kafkajs.ConfigResourceTypes.TOPIC, name, configNames: names}];
  const {resources: described} = await admin.describeConfigs({resources, includeSynonyms: false});
  const entries = described[0]?.configEntries ?? [];
  const valueOf = (key: string): string =>
    entries.find(({configName}) => configName === key)?.configValue ?? '';
  return {
    isCompacted: valueOf('cleanup.policy').includes('compact'),
    retentionMs: Number(valueOf('retention.ms')),
  };
}
