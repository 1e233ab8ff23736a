import {appendFileSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {readdir, readFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {randomUUID} from 'node:crypto';
import type {Schema} from 'avsc';
import {
  startKafka,
  startRedis,
  type Extra,
  type KafkaControls,
  type RedisControls,
} from '../../scripts/services/index.ts';
import {createLed} from '../../scripts/services/topic.ts';
import type {AuditRecord} from '../../src/core/audit.ts';
import {createDeadLetters, type DeadLetterStage} from '../../src/stages/dead-letters/index.ts';
import {createHolds, type HoldStage} from '../../src/stages/holds/index.ts';
import {createLanes} from '../../src/stages/lanes/index.ts';
import {createEncoder, createRegistry, readCanonicalSchema} from '../../src/stages/decode/index.ts';
import {eventually} from '../support/eventually.ts';
import {openKafka} from '../support/kafka.ts';
import {startRecordingTarget, type RecordingTarget} from '../support/recording-target.ts';
import {openRedis} from '../support/redis.ts';
import {services} from '../support/services.ts';
import type {Event} from './model.ts';
import {startProgram, type Program} from './program.ts';
import {openWire, type Wire} from './wire.ts';

export const topic = 'identity.events';
const partitions = 3;

/** Services of its own that can be broken, a target, and the program against them as often as is asked for. */
export interface Stage {
  broker: Extra<KafkaControls>;
  store: Extra<RedisControls>;
  registry: Wire;
  target: RecordingTarget;
  letters: DeadLetterStage;
  holds: Pick<HoldStage, 'count'>;
  /** As an operator approves all that is held; resolves to how many that were. */
  approve(): Promise<number>;
  start(): Program;
  /** In order for each subject; rejects when the broker does not take it. */
  publish(events: readonly Event[]): Promise<void>;
  progress(): Promise<Progress>;
  /** Whether everything is committed and nothing is parked or held. */
  isDone(): Promise<boolean>;
  audit(): Promise<AuditRecord[]>;
  /** The end of what the programs said. */
  said(): Promise<string>;
  close(): Promise<void>;
}

/** Of each partition: the offset after its last record, and the committed one. */
export interface Progress {
  ends: number[];
  committed: number[];
}

const inOrder = (list: {partition: number; offset: string}[]): number[] =>
  list.toSorted((a, b) => a.partition - b.partition).map(({offset}) => Number(offset));

type Close = () => unknown;

const ignore = (): void => undefined;
const quiet = {log: ignore};
const silent = {debug: ignore, info: ignore, warn: ignore, error: ignore};
const encoder = createEncoder(JSON.parse(readCanonicalSchema()) as Schema);

function configOf(stage: {
  broker: KafkaControls;
  store: RedisControls;
  registry: Wire;
  target: RecordingTarget;
  settings: object;
}): string {
  return JSON.stringify({
    kafka: {brokers: stage.broker.brokers, topics: [topic], sessionTimeoutMs: 2000},
    registry: {url: stage.registry.url},
    redis: {url: stage.store.url},
    admin: {port: 0},
    audit: {file: '${env:FAULTS_AUDIT}'},
    retry: {baseDelayMs: 50, maxDelayMs: 500},
    gate: {failures: 20, probeBaseDelayMs: 100, probeMaxDelayMs: 500},
    request: {deadlineMs: 1000},
    shutdown: {graceMs: 10_000},
    targets: {
      here: {
        connector: 'scim',
        config: {baseUrl: stage.target.url, auth: {bearer: 'of-a-test'}},
        guard: {maxLeavers: 1_000_000},
        ...stage.settings,
      },
    },
  });
}

/** Opens a stage, its target with these settings too; when a part does not open, what was opened is closed. */
export async function openStage(settings: object = {}): Promise<Stage> {
  const closes: Close[] = [];
  const close = async (): Promise<void> => {
    for (const step of closes.splice(0).reverse()) await step();
  };
  try {
    const [broker, store] = await Promise.all([
      startKafka({...quiet, properties: {'group.min.session.timeout.ms': '1000'}}),
      startRedis(quiet),
    ]);
    closes.push(
      () => broker.remove(),
      () => store.remove(),
    );
    const registry = await openWire(services().registryUrl);
    closes.push(() => registry.close());
    const target = await startRecordingTarget({latencyMs: 5, checksMembers: true});
    closes.push(() => target.close());
    return {...(await play({broker, store, registry, target, settings}, closes)), close};
  } catch (error) {
    await close();
    throw error;
  }
}

type Parts = Pick<Stage, 'broker' | 'store' | 'registry' | 'target'> & {settings: object};

async function play(parts: Parts, closes: Close[]): Promise<Omit<Stage, 'close'>> {
  const kept = process.env['AVRO_SCIM_FAULT_KEEP'];
  const folder = mkdtempSync(join(kept ?? tmpdir(), 'avro-scim-faults-'));
  if (kept === undefined) closes.push(() => rmSync(folder, {recursive: true, force: true}));
  const files = {
    config: join(folder, 'config.json'),
    log: join(folder, 'log'),
    events: join(folder, 'events.jsonl'),
  };
  writeFileSync(files.config, configOf(parts));
  const kafka = await openKafka(parts.broker.brokers);
  closes.push(() => kafka.close());
  await createLed(kafka.admin, {topic, numPartitions: partitions});
  const {redis} = openRedis(parts.store.url);
  // Between a stop of Redis and its start there is nobody to tell of it.
  redis.on('error', () => undefined);
  closes.push(() => redis.disconnect());
  const schemas = createRegistry({url: services().registryUrl, timeoutMs: 5000});
  const schema = await schemas.register(`${topic}-value`, readCanonicalSchema());
  schemas.close();
  if (!schema.ok) throw new Error(schema.failure.message);
  const where = {redis, prefix: 'avro-scim', target: 'here'};
  const holds = createHolds(where);
  const lanes = createLanes({...where, coalesce: true, log: silent});
  closes.push(() => lanes.stop());
  let started = 0;
  let clock = Date.now();
  const progress = async (): Promise<Progress> => {
    const ends = await kafka.admin.fetchTopicOffsets(topic);
    const [answer] = await kafka.admin.fetchOffsets({groupId: 'avro-scim.here', topics: [topic]});
    return {ends: inOrder(ends), committed: inOrder(answer?.partitions ?? [])};
  };
  return {
    ...parts,
    letters: createDeadLetters(where),
    holds,
    approve: async () => (await holds.approve(await holds.list(), lanes)).length,
    start: () =>
      startProgram(files.config, files.log, {FAULTS_AUDIT: join(folder, `audit-${(started += 1)}.jsonl`)}),
    publish: (events) => {
      appendFileSync(files.events, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      return kafka.produce(
        topic,
        events.map(({key, body, at = (clock += 1)}) => {
          if (body === 'raw' || body === null) return {key, value: body && 'no event', timestampMs: at};
          const head = {eventId: randomUUID(), occurredAt: at, source: 'hr'};
          const event = encoder.read({...head, ...body});
          if (!event.ok) throw new Error(event.failure.message);
          return {key, value: encoder.frame(event.value, schema.value)};
        }),
      );
    },
    progress,
    async isDone() {
      const {ends, committed} = await progress();
      // A partition without a record has no commit: -1.
      const isRead = ends.every((end, partition) => end === Math.max(0, committed[partition] ?? 0));
      const parked = Number((await redis.hget('{avro-scim:here}:n', 'parked')) ?? 0);
      return isRead && parked + (await holds.count()) === 0;
    },
    audit: async () => {
      const names = (await readdir(folder)).filter((name) => name.startsWith('audit-'));
      const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
      // What follows the last line's end was torn by a kill: nothing was settled by it.
      return texts
        .flatMap((text) => text.split('\n').slice(0, -1))
        .map((line) => JSON.parse(line) as AuditRecord)
        .filter((record) => 'outcome' in record);
    },
    said: async () => (await readFile(files.log, 'utf8')).split('\n').slice(-30).join('\n'),
  };
}

/** Waits until the target is asked anew. */
export const asked = (target: RecordingTarget, what: string): Promise<boolean> => {
  const before = target.count();
  return eventually(() => target.count() > before + 5, {what, deadlineMs: 30_000});
};
