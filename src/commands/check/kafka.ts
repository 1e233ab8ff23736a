import kafkajs, {type Admin} from 'kafkajs';
import type {Config} from '../../config/schema.ts';
import type {Logger} from '../../core/connector.ts';
import {createKafka} from '../../stages/source/client.ts';
import {matchTopics} from '../../stages/source/topics.ts';
import {sourceTopics, type TopicSettings} from '../../target/topics.ts';
import {unreachable, verdict, within, type Verdict} from './verdict.ts';

/** The brokers answer and let us in, and the topics are there; `takesDeltas`: membership events are read. */
export const checkKafka = async (
  config: Pick<Config, 'kafka' | 'deadLetters' | 'audit'>,
  takesDeltas: boolean,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<Verdict[]> => {
  const {log, lastTrouble} = listen();
  const admin = createKafka(config.kafka, {log}).admin();
  try {
    await within(admin.connect(), deadlineMs, signal);
    const {brokers} = await within(admin.describeCluster(), deadlineMs, signal);
    const topics = await within(checkTopics(admin, config, takesDeltas), deadlineMs, signal);
    return [verdict('kafka', 'ok', `${brokers.length} broker(s) answer`), ...topics];
  } catch (error) {
    const isRefused =
      error instanceof Error && /SASL|authenti|certificate/i.test(`${error.name} ${error.message}`);
    if (isRefused) return [verdict('kafka', 'wrong', error.message)];
    const trouble = lastTrouble();
    return [unreachable('kafka', trouble === undefined ? error : new Error(trouble))];
  } finally {
    await within(admin.disconnect(), deadlineMs, signal).catch(() => undefined);
  }
};

/** KafkaJS goes on trying, and tells only its log why it has to. */
const listen = (): {log: Logger; lastTrouble: () => string | undefined} => {
  let trouble: string | undefined;
  const ignore = (): void => undefined;
  const remember = (fields: object): void => {
    if ('error' in fields) trouble = String(fields.error);
    else if ('detail' in fields) trouble = String(fields.detail);
  };
  return {log: {debug: ignore, info: ignore, warn: remember, error: remember}, lastTrouble: () => trouble};
};

const checkTopics = async (
  admin: Admin,
  settings: TopicSettings,
  takesDeltas: boolean,
): Promise<Verdict[]> => {
  const verdicts: Verdict[] = [];
  for (const {wanted, present, missing} of topicsOf(await admin.listTopics(), settings)) {
    if (present.length + missing.length === 0)
      verdicts.push(verdict(`topic ${wanted}`, 'warning', 'no topic matches yet'));
    for (const name of missing)
      verdicts.push(verdict(`topic ${name}`, 'wrong', 'there is no such topic: `run` would wait for it'));
    for (const name of present) verdicts.push(...(await checkTopic(admin, name, takesDeltas)));
  }
  return [...verdicts, ...(await checkAuditTopic(admin, settings.audit.topic))];
};

/** Written to, not read: it is not made by the program, and must keep every record. */
const checkAuditTopic = async (admin: Admin, name: string | undefined): Promise<Verdict[]> => {
  if (name === undefined) return [];
  const about = `audit topic ${name}`;
  if (!(await admin.listTopics()).includes(name))
    return [verdict(about, 'wrong', 'there is no such topic: nothing would be settled')];
  const policy = await cleanupOf(admin, name);
  return policy.includes('compact')
    ? [
        verdict(
          about,
          'wrong',
          `it is compacted (cleanup.policy=${policy}): of each subject one record stays`,
        ),
      ]
    : [verdict(about, 'ok', 'it is there')];
};

const cleanupOf = async (admin: Admin, name: string): Promise<string> => {
  const resources = [{type: kafkajs.ConfigResourceTypes.TOPIC, name, configNames: ['cleanup.policy']}];
  const described = await admin.describeConfigs({resources, includeSynonyms: false});
  return described.resources[0]?.configEntries[0]?.configValue ?? '';
};

/** What `run` would read for each name and pattern of `kafka.topics`, of the topics that exist. */
export const topicsOf = (existing: readonly string[], settings: TopicSettings) => {
  const {topics, ownTopics} = sourceTopics(settings);
  return settings.kafka.topics.map((wanted, i) => ({
    wanted,
    ...matchTopics(existing, topics.slice(i, i + 1), ownTopics),
  }));
};

const checkTopic = async (admin: Admin, name: string, takesDeltas: boolean): Promise<Verdict[]> => {
  const {topics} = await admin.fetchTopicMetadata({topics: [name]});
  const policy = await cleanupOf(admin, name);
  const there = verdict(`topic ${name}`, 'ok', `${topics[0]?.partitions.length ?? 0} partition(s)`);
  return policy.includes('compact') && takesDeltas ? [there, compacted(name, policy)] : [there];
};

/** Compaction keeps the last delta of a group alone: who came and went before it would be forgotten. */
const compacted = (name: string, policy: string): Verdict =>
  verdict(
    `topic ${name}`,
    'wrong',
    `it is compacted (cleanup.policy=${policy}), and of membership events only the last of each group would be kept: ` +
      'expected cleanup.policy=delete, or whole groups there and an event.schema without the field membership',
  );
