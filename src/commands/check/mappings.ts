import {readFile} from 'node:fs/promises';
import avro, {type Schema, type Type} from 'avsc';
import type {Config, TargetConfig} from '../../config/schema.ts';
import type {SourceRecord} from '../../core/change.ts';
import type {User} from '../../core/event.ts';
import {placeText, shapeOfAvro} from '../../core/expression.ts';
import {planMapped} from '../../core/planned.ts';
import {createPolicy} from '../../core/policy.ts';
import {
  compileMapping,
  createRegistry,
  eventMappings,
  madeRecord,
  readCanonicalSchema,
  type EventMapping,
} from '../../stages/decode/index.ts';
import {isRecord, isUnion} from '../../stages/decode/kinds.ts';
import {readSample} from '../events/samples.ts';
import {unreachable, verdict, within, type Verdict} from './verdict.ts';

/** One made-up record with everything, one with what must be there. */
const fullnesses = ['full', 'least'] as const;

/** The expressions of each target, tried on made-up users. */
export const checkAttributes = async (targets: readonly TargetConfig[]): Promise<Verdict[]> =>
  (await Promise.all(targets.map(checkTargetAttributes))).flat();

async function checkTargetAttributes(target: TargetConfig): Promise<Verdict[]> {
  const name = `mapping ${target.name}`;
  // Whom the target wants is not asked: a made-up user is hardly in its scope.
  const policy = createPolicy({attributes: target.attributes, scope: {}});
  if (policy.expressions.length === 0) return [];
  const meta = {eventId: 'made', occurredAt: 0, source: 'check'};
  for (const user of madeUsers()) {
    const planned = await planMapped({kind: 'user', subject: user.id, user, meta}, policy);
    if (!planned.ok) return [verdict(name, 'warning', `${madeUp}: ${planned.failure.message}`)];
  }
  return [verdict(name, 'ok', `${policy.expressions.length} expression(s), tried on made-up users`)];
}

const madeUp = 'it fails for made-up values, which may be their fault';

function madeUsers(): User[] {
  const event = avro.Type.forSchema(JSON.parse(readCanonicalSchema()) as Schema);
  const body = isRecord(event) ? event.field('user').type : event;
  const user = isUnion(body) ? body.types.find(isRecord) : undefined;
  return user ? fullnesses.map((fullness) => madeRecord(user, fullness) as unknown as User) : [];
}

/** Each map of own events, tried on made-up records of its schema, where the registry has that. */
export const checkEventMaps = async (
  {events, registry: settings, kafka, event}: Config,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<Verdict[]> => {
  if (events.length === 0) return [];
  const registry = createRegistry(settings);
  const latest = async (subject: string): Promise<Type | undefined> => {
    const found = await registry.latest(subject);
    if (!found.ok && found.failure.kind !== 'undecodable') throw new Error(found.failure.message);
    return found.ok ? found.value : undefined;
  };
  try {
    const text = event.schema === undefined ? readCanonicalSchema() : await readFile(event.schema, 'utf8');
    const checks = eventMappings(events).map(async (mapping) => {
      const type = await within(findSchema(mapping.schema, kafka.topics, latest), deadlineMs, signal);
      return checkEventMap(mapping, type, JSON.parse(text) as Schema);
    });
    return await Promise.all(checks);
  } catch (error) {
    return [unreachable('events', error)];
  } finally {
    registry.close();
  }
};

/** Registered under its own name, that of a topic, or both together: Confluent's three strategies. */
async function findSchema(
  name: string,
  topics: readonly string[],
  latest: (subject: string) => Promise<Type | undefined>,
): Promise<Type | undefined> {
  const named = topics.filter((topic) => !topic.startsWith('/'));
  for (const subject of [name, ...named.flatMap((topic) => [`${topic}-value`, `${topic}-${name}`])]) {
    const type = await latest(subject);
    if (type?.name === name) return type;
  }
  return undefined;
}

async function checkEventMap(
  mapping: EventMapping,
  type: Type | undefined,
  readerSchema: Schema,
): Promise<Verdict> {
  const name = `events ${mapping.schema}`;
  if (!type) {
    const how = '`events try` shows what the map makes of sample records';
    return verdict(
      name,
      'warning',
      `the registry has no such schema under its own name or the topics’: ${how}`,
    );
  }
  const shape = shapeOfAvro(type.schema({exportAttrs: true}));
  for (const [what, expression] of [[mapping.name, mapping.map] as const, ['key', mapping.key] as const]) {
    const [stray] = expression?.strays(shape) ?? [];
    if (stray && expression)
      return verdict(name, 'wrong', `${what}: ${placeText(stray, expression.text)}: ${stray.message}`);
  }
  const read = compileMapping(mapping, readerSchema);
  for (const fullness of fullnesses) {
    const made = await readSample({record: nowhere, plain: madeRecord(type, fullness)}, mapping, read);
    if (!made.ok) return verdict(name, 'warning', `${madeUp}: ${made.failure.message}`);
  }
  return verdict(name, 'ok', `${mapping.name}, tried on made-up records`);
}

const nowhere: SourceRecord = {
  topic: 'made',
  partition: 0,
  offset: 0,
  timestamp: 0,
  key: null,
  value: null,
  headers: {},
};
