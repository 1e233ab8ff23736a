import {createReadStream} from 'node:fs';
import {access, readFile} from 'node:fs/promises';
import {createInterface} from 'node:readline';
import type {Schema} from 'avsc';
import {Partitioners, type Kafka, type Message} from 'kafkajs';
import type {Config} from '../config/schema.ts';
import type {Logger} from '../core/connector.ts';
import {createLog, createRedactor} from '../log.ts';
import {createEncoder, createRegistry, readCanonicalSchema, type Encoder} from '../stages/decode/index.ts';
import {createKafka} from '../stages/source/client.ts';
import type {Command, CommandContext, ExitCode} from './command.ts';
import {readLines, type EventLine} from './publish/lines.ts';

/** `publish FILE.jsonl --topic T`: every line is validated before the first is sent. */
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
  options: [{flags: '--topic <name>', describe: 'the topic to produce to'}],
  async run(context) {
    const [file] = context.arguments;
    const {topic} = context.options;
    if (file === undefined || typeof topic !== 'string' || topic === '') {
      context.complain(
        'publish: expected a file and --topic <name>: avro-scim publish events.jsonl --topic identity.events',
      );
      return 2;
    }
    const loaded = await context.load();
    if (loaded === undefined) return 2;
    const {config, secrets} = loaded;
    if (file !== '-' && !(await isReadable(file))) {
      context.complain(
        `publish: ${file} can not be read: expected a file of JSON lines, or - for standard input`,
      );
      return 2;
    }
    const schema =
      config.event.schema === undefined ? readCanonicalSchema() : await readFile(config.event.schema, 'utf8');
    const encoder = createEncoder(JSON.parse(schema) as Schema);
    const {events, problems} = await readLines(linesOf(file), encoder);
    if (problems.length > 0) {
      for (const {line, message} of problems) context.complain(`${file}:${line}: ${message}`);
      context.complain(`publish: ${problems.length} bad line(s): nothing was sent`);
      return 1;
    }
    return send({context, config, secrets, topic, schema, encoder, events});
  },
};

interface Sending {
  context: CommandContext;
  config: Config;
  secrets: readonly string[];
  topic: string;
  schema: string;
  encoder: Encoder;
  events: readonly EventLine[];
}

async function send(sending: Sending): Promise<ExitCode> {
  const {context, topic, events} = sending;
  const kafka = createKafka(sending.config.kafka, {log: quietLog(sending.secrets), retries: 3});
  try {
    if (!(await hasTopic(kafka, topic))) {
      context.complain(`publish: there is no topic ${topic}: create it first`);
      return 1;
    }
    const id = await register(sending);
    if (typeof id !== 'number') {
      context.complain(`publish: ${id.message}`);
      return id.exitCode;
    }
    await produce(kafka, sending, id);
    if (context.json) context.print(JSON.stringify({topic, schemaId: id, sent: events.length}));
    else context.print(`sent ${events.length} event(s) to ${topic}, schema ${id}`);
    return 0;
  } catch (error) {
    context.complain(`publish: Kafka: ${error instanceof Error ? error.message : String(error)}`);
    return 3;
  }
}

/** The command tells of failures itself; the client's own lines would come between. */
function quietLog(secrets: readonly string[]): Logger {
  const redactor = createRedactor();
  redactor.learn(secrets);
  return createLog({level: 'error', redactor, destination: {write: () => undefined}});
}

async function hasTopic(kafka: Kafka, topic: string): Promise<boolean> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return (await admin.listTopics()).includes(topic);
  } finally {
    await admin.disconnect();
  }
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

const batchSize = 1_000;

/** In order: one request at a time, and a subject's events meet in one partition, as Java's default partitioner has it. */
async function produce(
  kafka: Kafka,
  {context, topic, encoder, events}: Sending,
  schemaId: number,
): Promise<void> {
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  try {
    await producer.connect();
    for (let at = 0; at < events.length; at += batchSize) {
      context.signal.throwIfAborted();
      const messages = events
        .slice(at, at + batchSize)
        .map(({key, event}): Message => ({key, value: event && encoder.frame(event, schemaId)}));
      await producer.send({topic, acks: -1, messages});
    }
  } finally {
    await producer.disconnect();
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
