import {hostname} from 'node:os';
import {resolve} from 'node:path';
import type {Kafka} from 'kafkajs';
import type {Config} from '../../config/schema.ts';
import type {AuditSource, TopicRead} from '../../stages/audit/index.ts';
import {createRegistry} from '../../stages/decode/index.ts';
import {readTopic} from './read-topic.ts';

/** Where audit records are read, and what that holds open. */
export interface OpenSource {
  source: AuditSource;
  /** As writers of this machine name the files. */
  names: string[];
  close(): void;
}

/** Files, the oldest first. */
export function openFiles(files: readonly string[]): OpenSource {
  const names = files.map((file) => `${hostname()}:${resolve(file)}`);
  return {source: {files}, names, close: () => undefined};
}

/** A topic; brokers and registry are asked when it is read. */
export function openTopic(
  name: string,
  kafka: Kafka,
  {kafka: {groupPrefix}, registry: settings}: Pick<Config, 'kafka' | 'registry'>,
): OpenSource {
  const registry = createRegistry(settings);
  const topic = {
    name,
    read: ({subject, ...which}: TopicRead) =>
      readTopic(kafka, {topic: name, groupPrefix, key: subject, ...which}),
    schema: (id: number) => registry.schema(id),
  };
  return {source: {topic}, names: [], close: () => registry.close()};
}

/** Where the config has the records: the topic, or else the file; nothing where they go to the log. */
export function openConfigured(config: Config, kafka: () => Kafka): OpenSource | undefined {
  const {topic, file} = config.audit;
  if (topic !== undefined) return openTopic(topic, kafka(), config);
  return file === undefined ? undefined : openFiles([file]);
}
