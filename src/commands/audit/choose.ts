import type {Kafka} from 'kafkajs';
import type {LoadedConfig} from '../../config/load.ts';
import {createLog, createRedactor} from '../../log.ts';
import {createKafka} from '../../stages/source/client.ts';
import type {CommandContext, CommandOption, ExitCode} from '../command.ts';
import {openConfigured, openFiles, openTopic, type OpenSource} from './source.ts';

/** Where to read instead of where the config says. */
export const sourceOptions: readonly CommandOption[] = [
  {flags: '--file <file>', describe: 'read this file; more than one: the oldest first', repeated: true},
  {flags: '--topic <name>', describe: 'read this topic'},
];

/** The values of an option that may stand more than once. */
export const listOption = (value: CommandContext['options'][string]): string[] =>
  Array.isArray(value) ? (value as string[]) : [];

/** What is to be read; nothing after it was said why there is nothing. */
export function chooseSource(
  {options, complain}: CommandContext,
  loaded: LoadedConfig | undefined,
): OpenSource | undefined {
  const files = listOption(options['file']);
  const {topic} = options;
  if (files.length > 0 && topic !== undefined) {
    complain('audit: expected --file or --topic, found both');
    return undefined;
  }
  if (files.length > 0 || loaded === undefined) return openFiles(files);
  const kafka = () => quietKafka(loaded);
  if (typeof topic === 'string') return openTopic(topic, kafka(), loaded.config);
  const configured = openConfigured(loaded.config, kafka);
  if (configured === undefined)
    complain('audit: expected audit.topic or audit.file in the config, or --file: the records go to the log');
  return configured;
}

/** A client that gives up soon, for a person who waits; a command tells of failures itself. */
export function quietKafka({config, secrets}: LoadedConfig): Kafka {
  const redactor = createRedactor();
  redactor.learn(secrets);
  const log = createLog({level: 'error', redactor, destination: {write: () => undefined}});
  return createKafka(config.kafka, {log, retries: 3});
}

/** What could not be read, told: 2 for a file that is not there, 1 for a topic that is not, 3 where nobody answers. */
export function readingFailed({complain}: CommandContext, error: unknown): ExitCode {
  const {message, code, type} = error as {message: string; code?: unknown; type?: unknown};
  complain(`audit: ${message}`);
  if (['ENOENT', 'EACCES', 'EISDIR'].includes(String(code))) return 2;
  return type === 'UNKNOWN_TOPIC_OR_PARTITION' ? 1 : 3;
}
