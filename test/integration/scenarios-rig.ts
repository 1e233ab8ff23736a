import {randomUUID} from 'node:crypto';
import {afterEach} from '@jest/globals';
import type {Schema} from 'avsc';
import {connectors} from '../../connectors/index.ts';
import {createMetrics} from '../../src/admin/metrics.ts';
import type {AuditRecord} from '../../src/core/audit.ts';
import {createLog, createRedactor} from '../../src/log.ts';
import {createDeadLetters, type DeadLetterStage} from '../../src/stages/dead-letters/index.ts';
import {
  createDecoder,
  createEncoder,
  createRegistry,
  eventMappings,
  readCanonicalSchema,
} from '../../src/stages/decode/index.ts';
import {createHolds, type HoldStage} from '../../src/stages/holds/index.ts';
import {createLanes, type LaneStage} from '../../src/stages/lanes/index.ts';
import {createKafka} from '../../src/stages/source/client.ts';
import {createTarget, type Target} from '../../src/target.ts';
import {eventually} from '../support/eventually.ts';
import {committedOffsets, openKafka, type TestKafka} from '../support/kafka.ts';
import {
  startRecordingTarget,
  type RecordedRequest,
  type RecordingTarget,
} from '../support/recording-target.ts';
import {openRedis, type TestRedis} from '../support/redis.ts';
import type {Resource} from '../support/target/store.ts';
import {configOf, type SceneOptions} from './scenarios-config.ts';

/** What one event says: a body by its field's name, null for a tombstone, bytes for what is no event. */
export interface Said {
  key: string;
  body: object | Buffer | null;
  occurredAt?: number;
  partition?: number;
}

export const user = (id: string, more: object = {}): Said => ({
  key: id,
  body: {user: {id, userName: id, active: true, ...more}},
});
export const leave = (id: string, more: object = {}): Said => user(id, {active: false, ...more});
export const group = (id: string, members: string[] | null): Said => ({
  key: id,
  body: {group: {id, displayName: id, members}},
});
export const delta = (groupId: string, added: string[], removed: string[] = []): Said => ({
  key: groupId,
  body: {membership: {groupId, added, removed}},
});

/** One target of the program at real services, in this process, and what it is told and does. */
export interface Scene {
  kafka: TestKafka;
  redis: TestRedis;
  topic: string;
  target: RecordingTarget;
  audit: AuditRecord[];
  lanes: LaneStage;
  letters: DeadLetterStage;
  holds: HoldStage;
  /** Starts the program; more than one is a replica. `deployed`: settings of the target over those of the scene. Stopped with the test at the latest. */
  run(deployed?: object): Promise<Target>;
  end(program: Target): Promise<void>;
  /** In order; what has no partition goes to 0. Resolves to the offsets. */
  say(...said: Said[]): Promise<number[]>;
  /** Waits until the change at this offset has ended so. */
  ended(offset: number, outcome: AuditRecord['outcome']): Promise<AuditRecord>;
  /** Waits until everything that was said is settled, and the program has said so to Kafka. */
  committed(): Promise<unknown>;
  /** What is committed now, a partition each. */
  offsets(): Promise<number[]>;
  account(externalId: string): Resource | undefined;
  membersOf(displayName: string): string[];
  /** Requests that were carried out or refused for this subject's account: writes alone. */
  writes(externalId: string): RecordedRequest[];
}

const encoder = createEncoder(JSON.parse(readCanonicalSchema()) as Schema);
let clock = 1_700_000_000_000;

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** After the test, when everything that is opened later is closed. */
export function closing(close: () => Promise<unknown>): void {
  open.push(close);
}

/** Says what goes wrong in a scene, when it is asked for. */
const log = createLog({
  level: (process.env['AVRO_SCIM_TEST_LOG'] as 'info' | undefined) ?? 'error',
  redactor: createRedactor(),
  destination: {
    write: (line) => {
      if (process.env['AVRO_SCIM_TEST_LOG'] !== undefined) process.stderr.write(line);
    },
  },
});

/** Opens a scene; all of it is closed after the test. */
export async function scene(options: SceneOptions = {}): Promise<Scene> {
  const kafka = await openKafka();
  open.push(() => kafka.close());
  const redis = options.redis ?? openRedis(options.redisUrl);
  open.push(() => redis.close());
  const target = await startRecordingTarget();
  open.push(() => target.close());
  const topic = await kafka.newTopic({partitions: options.partitions ?? 1});
  const config = configOf(topic, redis.prefix, target.url, options);
  const registry = createRegistry(config.registry);
  open.push(() => {
    registry.close();
    return Promise.resolve();
  });
  const registered = await registry.register(`${topic}-value`, readCanonicalSchema());
  if (!registered.ok) throw new Error(registered.failure.message);
  const audit: AuditRecord[] = [];
  const where = {redis: redis.redis, prefix: redis.prefix, target: 'here'};
  const lanes = createLanes({...where, coalesce: true, log});
  open.push(() => lanes.stop());
  const letters = createDeadLetters({...where, wake: (subject, delayMs) => lanes.wake(subject, delayMs)});
  const holds = createHolds(where);
  const running = new Set<Target>();
  const end = async (program: Target): Promise<void> => {
    running.delete(program);
    await program.pipeline.stop(5000);
    await program.close();
  };
  open.push(() => Promise.all([...running].map(end)));
  const readerSchema = JSON.parse(readCanonicalSchema()) as Schema;
  const counts = new Map<number, number>();
  const made = {kafka, redis, topic, target, audit, lanes, letters, holds, end, ...views(target)};
  const offsets = async (): Promise<number[]> =>
    (await committedOffsets(kafka.admin, `${redis.prefix}.here`, topic)).map(({offset}) => offset);
  return {
    ...made,
    async run(deployed = {}) {
      const own = configOf(topic, redis.prefix, target.url, {
        ...options,
        settings: {...options.settings, ...deployed},
      });
      const [connector, settings] = [connectors[0], own.targets['here']];
      if (!connector || !settings) throw new Error('there is no such target');
      const shared = {
        config,
        kafka: createKafka(() => config.kafka, {log}),
        redis: redis.redis,
        decoder: createDecoder({
          registry,
          readerSchema,
          maxBytes: config.event.maxBytes,
          mappings: eventMappings(config.events),
        }),
        audit: {
          append: (records: readonly AuditRecord[]) => {
            audit.push(...records);
            return Promise.resolve();
          },
        },
        metrics: createMetrics({
          shared: () => Promise.resolve([]),
          own: () => ({targets: [], dependencies: {}}),
        }),
        log,
      };
      const program = createTarget(shared, connector, settings);
      running.add(program);
      await program.pipeline.start();
      return program;
    },
    async say(...said) {
      const records = said.map(({key, body, occurredAt, partition = 0}) => {
        const at = occurredAt ?? (clock += 1);
        const head = {eventId: randomUUID(), occurredAt: at, source: 'hr'};
        if (body === null || Buffer.isBuffer(body)) return {key, value: body, partition, timestampMs: at};
        const event = encoder.read({...head, ...body});
        if (!event.ok) throw new Error(event.failure.message);
        return {
          key,
          value: encoder.frame(event.value, registered.value),
          partition,
          timestampMs: at,
        };
      });
      await kafka.produce(topic, records);
      return records.map(({partition}) => {
        const offset = counts.get(partition) ?? 0;
        counts.set(partition, offset + 1);
        return offset;
      });
    },
    ended: (offset, outcome) =>
      eventually(
        () => audit.findLast((record) => record.offset === offset && record.outcome === outcome),
        // The first event after a start joins a group and asks a registry that has just come up.
        {deadlineMs: 45_000},
      ).catch((error: unknown) => {
        const seen = audit.slice(-20).map((one) => `${one.offset ?? one.subject} ${one.outcome}`);
        throw new Error(`offset ${offset} was not ${outcome}; the last decisions: ${seen.join(', ')}`, {
          cause: error,
        });
      }),
    committed: () =>
      eventually(async () =>
        (await offsets()).every((offset, partition) => offset === (counts.get(partition) ?? 0)),
      ),
    offsets,
  };
}

/** How the target looks, by the subjects' ids. */
function views(target: RecordingTarget): Pick<Scene, 'account' | 'membersOf' | 'writes'> {
  const find = (all: Map<string, Resource>, attribute: string, value: string): Resource | undefined =>
    [...all.values()].find((resource) => resource[attribute] === value);
  const account = (externalId: string): Resource | undefined => find(target.users, 'externalId', externalId);
  return {
    account,
    membersOf(displayName) {
      const members = find(target.groups, 'displayName', displayName)?.['members'];
      const ids = Array.isArray(members) ? (members as {value: string}[]).map(({value}) => value) : [];
      return ids.map((id) => String(target.users.get(id)?.['externalId'])).sort();
    },
    writes(externalId) {
      const id = account(externalId)?.id ?? 'none';
      return target.requests.filter(
        ({method, path, body}) =>
          method !== 'GET' && (path === `/Users/${id}` || body.includes(`"externalId":"${externalId}"`)),
      );
    },
  };
}
