import {randomUUID} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {access, readFile} from 'node:fs/promises';
import {createInterface} from 'node:readline';
import type {Schema} from 'avsc';
import type {Admin, PartitionMetadata} from 'kafkajs';
import type {LoadedConfig} from '../config/load.ts';
import type {Config} from '../config/schema.ts';
import type {Logger} from '../core/connector.ts';
import {createLog, createRedactor} from '../log.ts';
import {createEncoder, createRegistry, readCanonicalSchema, type Encoder} from '../stages/decode/index.ts';
import {createKafka} from '../stages/source/client.ts';
import {topicsOf} from './check/kafka.ts';
import type {Command, CommandContext, ExitCode} from './command.ts';
import {awaitFates, tellFates} from './publish/fates.ts';
import {readLines, type EventLine} from './publish/lines.ts';
import {produce} from './publish/produce.ts';
import {isLost, targetOption, withStored, type Stored} from './stored/open.ts';

/** `publish FILE.jsonl --topic T`: every line is validated before the first is sent; with `--wait` what became of each is told. */
export const publish: Command = {
  name: 'publish',
  describe: 'validate events (JSON lines) and produce them to a topic, keyed by subject',
  arguments: [
    {
      name: '<file>',
      describe: 'JSON lines {"key": "u1", "value": {…event…}}; - reads standard input',
      completes: 'files',
    },
  ],
  options: [
    {flags: '--topic <name>', describe: 'the topic to produce to'},
    {flags: '--now', describe: 'give each event a new eventId, and this moment as its occurredAt'},
    {flags: '--wait', describe: 'wait until every target has decided each event: 1 when one is held or dead'},
    {flags: '--timeout <seconds>', describe: 'how long to wait (60); 1 when something is open then'},
    {...targetOption, describe: 'wait for this target alone; may stand more than once'},
  ],
  async run(context) {
    const asked = readOptions(context);
    if (typeof asked === 'string') {
      context.complain(`publish: ${asked}`);
      return 2;
    }
    // Where it is to wait, Redis has to answer before anything is sent.
    if (asked.timeoutMs !== undefined)
      return withStored(context, (stores, loaded) => publishAll(context, asked, loaded, stores));
    const loaded = await context.load();
    return loaded === undefined ? 2 : publishAll(context, asked, loaded, []);
  },
};

interface Asked {
  file: string;
  topic: string;
  isNow: boolean;
  /** Absent: it is not waited. */
  timeoutMs: number | undefined;
}

/** What was asked for, or what is wrong with it. */
function readOptions({arguments: [file], options}: CommandContext): Asked | string {
  const {topic, timeout = '60', wait, target, now} = options;
  if (file === undefined || typeof topic !== 'string' || topic === '')
    return 'expected a file and --topic <name>: avro-scim publish events.jsonl --topic identity.events';
  if (!/^[1-9]\d{0,5}$/.test(String(timeout))) return 'expected a whole number of seconds after --timeout';
  if (wait !== true && (target !== undefined || options['timeout'] !== undefined))
    return 'expected --wait beside --target and --timeout: without it nothing is waited for';
  return {file, topic, isNow: now === true, timeoutMs: wait === true ? Number(timeout) * 1000 : undefined};
}

async function publishAll(
  context: CommandContext,
  {file, topic, isNow, timeoutMs = 0}: Asked,
  {config, secrets}: LoadedConfig,
  stores: readonly Stored[],
): Promise<ExitCode> {
  if (file !== '-' && !(await isReadable(file))) {
    context.complain(
      `publish: ${file} can not be read: expected a file of JSON lines, or - for standard input`,
    );
    return 2;
  }
  const schema =
    config.event.schema === undefined ? readCanonicalSchema() : await readFile(config.event.schema, 'utf8');
  const encoder = createEncoder(JSON.parse(schema) as Schema);
  const {events, problems} = await readLines(linesOf(file), encoder, isNow ? newEvent : undefined);
  if (problems.length > 0) {
    for (const {line, message} of problems) context.complain(`${file}:${line}: ${message}`);
    context.complain(`publish: ${problems.length} bad line(s): nothing was sent`);
    return 1;
  }
  return send({context, config, secrets, topic, schema, encoder, events, stores, timeoutMs});
}

const newEvent = () => ({eventId: randomUUID(), occurredAt: Date.now()});

interface Sending {
  context: CommandContext;
  config: Config;
  secrets: readonly string[];
  topic: string;
  schema: string;
  encoder: Encoder;
  events: readonly EventLine[];
  /** Of the targets that are waited for. */
  stores: readonly Stored[];
  timeoutMs: number;
}

async function send(sending: Sending): Promise<ExitCode> {
  const {context, topic, stores, config} = sending;
  const kafka = createKafka(config.kafka, {log: quietLog(sending.secrets), retries: 3});
  const admin = kafka.admin();
  try {
    await admin.connect();
    const partitions = await partitionsOf(admin, topic);
    if (partitions === undefined) {
      context.complain(`publish: there is no topic ${topic}: create it first`);
      return 1;
    }
    if (stores.length > 0 && !topicsOf([topic], config).some(({present}) => present.length > 0)) {
      context.complain(`publish: --wait: no target reads ${topic}: it is none of kafka.topics`);
      return 2;
    }
    const id = await register(sending);
    if (typeof id !== 'number') {
      context.complain(`publish: ${id.message}`);
      return id.exitCode;
    }
    const sent = await produce(kafka, sending, partitions, id);
    if (!context.json) context.print(`sent ${sent.length} event(s) to ${topic}, schema ${id}`);
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(sending.timeoutMs)]);
    const {groupPrefix} = config.kafka;
    const fates = await awaitFates({admin, groupPrefix, topic, sent, stores, signal});
    return tellFates(context, {topic, schemaId: id, sent: sent.length}, fates);
  } catch (error) {
    if (stores.some(({redis}) => isLost(redis, error))) throw error;
    context.complain(`publish: Kafka: ${error instanceof Error ? error.message : String(error)}`);
    return 3;
  } finally {
    await admin.disconnect();
  }
}

/** The command tells of failures itself; the client's own lines would come between. */
function quietLog(secrets: readonly string[]): Logger {
  const redactor = createRedactor();
  redactor.learn(secrets);
  return createLog({level: 'error', redactor, destination: {write: () => undefined}});
}

/** The topic's partitions; nothing when there is no such topic. */
async function partitionsOf(admin: Admin, topic: string): Promise<PartitionMetadata[] | undefined> {
  if (!(await admin.listTopics()).includes(topic)) return undefined;
  const {topics} = await admin.fetchTopicMetadata({topics: [topic]});
  return topics[0]?.partitions;
}

/** The schema's id under the topic's subject (Confluent's TopicNameStrategy), registered when it is not there yet. */
async function register({
  config,
  topic,
  schema,
}: Sending): Promise<number | {message: string; exitCode: ExitCode}> {
  const registry = createRegistry(config.registry);
  try {
    const registered = await registry.register(`${topic}-value`, schema);
    if (registered.ok) return registered.value;
    const {kind, message} = registered.failure;
    return {message, exitCode: kind === 'unavailable' ? 3 : 1};
  } finally {
    registry.close();
  }
}

const isReadable = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

const linesOf = (file: string): AsyncIterable<string> =>
  createInterface({
    input: file === '-' ? process.stdin : createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
