import {isUtf8} from 'node:buffer';
import type {Cluster, Redis} from 'ioredis';
import type {Metrics} from '../admin/metrics.ts';
import type {Config, TargetConfig} from '../config/schema.ts';
import type {Audit} from '../core/audit.ts';
import type {Connector} from '../core/connector.ts';
import {failed, ok} from '../core/failure.ts';
import {kindOf} from '../core/kind.ts';
import {endingsOf, leavePolicy} from '../core/leave-policy.ts';
import {LeaseWatch} from '../core/lease-watch.ts';
import type {Policy} from '../core/plan.ts';
import {policyOf} from '../core/policy.ts';
import {createProtection} from '../core/protection.ts';
import type {Tracer} from '../core/trace.ts';
import {type Entry} from '../core/window.ts';
import {createSender} from '../http.ts';
import type {Log} from '../log.ts';
import {createBookkeeping} from '../stages/bookkeeping/index.ts';
import {createBudget} from '../stages/budget/index.ts';
import {createDeadLetters} from '../stages/dead-letters/index.ts';
import {createMirror, type MirrorMessage} from '../stages/dead-letters/mirror.ts';
import type {Decoder} from '../stages/decode/index.ts';
import {createAuditQueue} from '../stages/dispatch/audit-queue.ts';
import type {DispatchContext} from '../stages/dispatch/context.ts';
import {Dispatcher} from '../stages/dispatch/index.ts';
import {createHands} from '../stages/hands/index.ts';
import {createHolds} from '../stages/holds/index.ts';
import {createLanes} from '../stages/lanes/index.ts';
import {createLeftovers} from '../stages/leftovers/index.ts';
import {createPauses} from '../stages/pauses/index.ts';
import type {SourceOptions} from '../stages/source/types.ts';
import {createState} from '../stages/state/index.ts';
import type {Traces} from '../stages/traces/index.ts';
import {counter, countReceipts} from './count.ts';
import {stamped, withTraceparent} from './traced.ts';
import {sourceTopics} from './topics.ts';

/** What all targets of one process share. */
export interface Shared {
  config: Config;
  kafka: SourceOptions['kafka'];
  redis: Redis | Cluster;
  decoder: Decoder;
  audit: Audit;
  metrics: Metrics;
  log: Log;
  /** Absent where no traces are wanted. */
  traces?: Traces;
  /** Where copies of dead letters go, when that is configured. */
  mirror?: (topic: string, message: MirrorMessage) => void;
}

/** What dispatching alone needs of it. */
export type Dispatching = Omit<Shared, 'kafka'>;

const commitIntervalMs = 1000;
const minuteMs = 60_000;

/** Longer than a request with its quick retries; work that takes more requests keeps its lease alive. */
export const leaseMs = ({request}: TargetConfig): number => request.deadlineMs * 2 + 5000;

/** Whether its leases are held, to be asked before each request. */
export const watchLeases = (target: TargetConfig, stop: AbortSignal): LeaseWatch =>
  new LeaseWatch({sureMs: leaseMs(target) - target.request.deadlineMs, stop});

/** The stages of one target that keep something in Redis. */
export function createStages(shared: Dispatching, target: TargetConfig, log: Log) {
  const where = {redis: shared.redis, prefix: shared.config.redis.prefix, target: target.name};
  const {guard} = target;
  const mirror = shared.mirror && createMirror(shared.mirror, shared.config.deadLetters.suffix);
  return {
    state: createState({
      ...where,
      leaseMs: leaseMs(target),
      guard: {maxLeavers: guard.maxLeavers, perMs: guard.perMinutes * minuteMs},
      protects: target.protected,
    }),
    lanes: createLanes({...where, coalesce: target.coalesce, log}),
    letters: createDeadLetters({...where, ...(mirror ? {mirror} : {})}),
    holds: createHolds(where),
    hands: createHands(where),
    leftovers: createLeftovers(where),
    pauses: createPauses(where),
  };
}

/** The target as its connector speaks to it, within its rate budget; `sender` is to be closed. */
export function createPort(
  shared: Dispatching,
  connector: Connector,
  target: {current: TargetConfig},
  log: Log,
  leases?: LeaseWatch,
) {
  const {name, concurrency, request} = target.current;
  const rate = target.current.rate ?? connector.manifest.defaultRate?.(target.current.config);
  const budget = createBudget({
    redis: shared.redis,
    prefix: shared.config.redis.prefix,
    target: name,
    ...(rate ? {rate} : {}),
  });
  const tracer = tracerOf(shared, name);
  const sender = createSender({
    target: name,
    connections: concurrency + 4,
    ...request,
    async acquire(urgent, signal) {
      await budget.acquire(urgent, signal);
      // That may have taken long.
      leases?.check();
    },
    observe: (request) => {
      shared.metrics.request(name, request.operation, request.status, request.seconds);
      tracer?.request(request);
    },
    now: Date.now,
  });
  const port = connector.create({
    target: name,
    config: () => target.current.config,
    send: tracer && target.current.traceparent ? withTraceparent(sender.send, tracer) : sender.send,
    log,
    now: Date.now,
  });
  return {sender, port};
}

const tracerOf = ({traces, config}: Dispatching, target: string): Tracer | undefined =>
  traces?.forTarget(target, groupOf(config, target));

const groupOf = ({kafka}: Config, target: string): string => `${kafka.groupPrefix}.${target}`;

type Stages = ReturnType<typeof createStages>;
type Rest = Pick<DispatchContext, 'gate' | 'window' | 'port' | 'settled' | 'wasSettled' | 'leases'> &
  Stages & {log: Log; abort: AbortController};

/** What the dispatcher of one target is given. */
export function dispatchContext(
  shared: Dispatching,
  connector: Connector,
  target: TargetConfig,
  {abort, ...rest}: Rest,
): DispatchContext {
  const {name, retry, gate} = target;
  const tracer = tracerOf(shared, name);
  return {
    ...rest,
    ...(tracer && {tracer}),
    target: name,
    policy: policyOf(connector, target),
    protection: createProtection(target.protected),
    ...leavePolicy(target.onLeave, endingsOf(connector.manifest, target.config)),
    adopt: target.adopt,
    concurrency: target.concurrency,
    retry: {
      maxAgeMs: retry.maxAgeHours * 60 * minuteMs,
      baseDelayMs: retry.baseDelayMs,
      maxDelayMs: retry.maxDelayMs,
    },
    maxParked: gate.maxParked,
    maxUndecodable: gate.failures,
    audit: createAuditQueue(countReceipts(shared.audit, shared.metrics, Date.now)),
    decode: (record) => shared.decoder.decode(record),
    count: counter(shared.metrics, name, Date.now),
    undecodable: (topic) => shared.metrics.undecodable(topic),
    now: Date.now,
    random: Math.random,
    signal: abort.signal,
  };
}

/** What the source of one target is given. */
export function sourceOptions(
  shared: Shared,
  target: TargetConfig,
  context: DispatchContext,
  dispatcher: Dispatcher,
  log: Log,
): SourceOptions {
  const {kafka, redis} = shared.config;
  const where = {redis: shared.redis, prefix: redis.prefix, target: target.name};
  const scoped = isScoped(target) || context.policy.hasNoGroups === true;
  const read = readEntry(shared.decoder, context.policy, scoped);
  return {
    kafka: shared.kafka,
    groupId: groupOf(shared.config, target.name),
    ...sourceTopics(shared.config),
    sessionTimeoutMs: kafka.sessionTimeoutMs,
    window: context.window,
    coalesce: target.coalesce,
    maxAhead: target.window.maxAhead,
    read: context.tracer ? stamped(read) : read,
    onSuperseded: (entries) => dispatcher.supersede(entries),
    wake: () => dispatcher.wake(),
    onLost: ({topic, from, to}) => shared.metrics.lost(target.name, topic, to - from),
    bookkeeping: createBookkeeping({
      ...where,
      ...(redis.fsyncIntervalMs === undefined ? {} : {fsyncIntervalMs: redis.fsyncIntervalMs}),
    }),
    log,
    commitIntervalMs,
  };
}

/** What stands in place of a subject: no longer than an id is. */
const maxSubjectLength = 1024;

/** A record without a readable key still needs a subject to stand under: its own place. */
const placeOf = ({topic, partition, offset}: Entry['record']): string => `${topic}/${partition}/${offset}`;

const isScoped = ({scope}: TargetConfig): boolean => scope.users !== undefined || scope.groups !== undefined;

/** What keeping a record takes beside its own bytes, measured with 100,000 people of one each. */
const keptBytes = 700;

/** Decodes one record for the window, which keeps the bytes alone: they are decoded again when their turn comes. */
function readEntry(decoder: Decoder, policy: Policy, scoped: boolean): SourceOptions['read'] {
  return (record, source) => {
    const decoded = decoder.decode(record);
    const entry = (
      statement: Awaited<typeof decoded>,
    ): ReturnType<Extract<SourceOptions['read'], (...args: never) => unknown>> => {
      if (!statement.ok && statement.failure.kind !== 'undecodable') return failed(statement.failure);
      const bytes = (record.key?.length ?? 0) + (record.value?.length ?? 0) + keptBytes;
      if (!statement.ok) {
        const key = record.key && isUtf8(record.key) ? record.key.toString('utf8') : '';
        const subject = key !== '' && key.length <= maxSubjectLength ? key : placeOf(record);
        return ok({
          record,
          source,
          subject,
          occurredAt: record.timestamp,
          kind: 'none',
          saysMembers: false,
          bytes,
        });
      }
      const {subject, meta} = statement.value;
      const {kind, saysMembers} = kindOf(statement.value, policy, scoped);
      return ok({record, source, subject, occurredAt: meta.occurredAt, kind, saysMembers, bytes});
    };
    return decoded instanceof Promise ? decoded.then(entry) : entry(decoded);
  };
}
