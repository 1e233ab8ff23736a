import {afterAll, afterEach} from '@jest/globals';
import type {AuditRecord} from '../../../src/core/audit.ts';
import type {SourceRecord} from '../../../src/core/change.ts';
import type {User} from '../../../src/core/event.ts';
import {ok} from '../../../src/core/failure.ts';
import {Gate} from '../../../src/core/gate.ts';
import {entryKind, plan} from '../../../src/core/plan.ts';
import {createPolicy} from '../../../src/core/policy.ts';
import {createProtection, type ProtectionSettings} from '../../../src/core/protection.ts';
import type {Statement} from '../../../src/core/statement.ts';
import {Window} from '../../../src/core/window.ts';
import {createPipeline} from '../../../src/pipeline.ts';
import {createDeadLetters} from '../../../src/stages/dead-letters/index.ts';
import type {DispatchContext} from '../../../src/stages/dispatch/context.ts';
import {Dispatcher} from '../../../src/stages/dispatch/index.ts';
import {createHands} from '../../../src/stages/hands/index.ts';
import {createHolds} from '../../../src/stages/holds/index.ts';
import {createLanes} from '../../../src/stages/lanes/index.ts';
import {createPauses} from '../../../src/stages/pauses/index.ts';
import {createLeftovers} from '../../../src/stages/leftovers/index.ts';
import {createState} from '../../../src/stages/state/index.ts';
import {eventually} from '../../support/eventually.ts';
import {openRedis} from '../../support/redis.ts';
import {createHere, type Here} from './here.ts';

const store = openRedis();
afterAll(() => store.close());

const ignore = (): void => undefined;
const log = {debug: ignore, info: ignore, warn: ignore, error: ignore};
const closes: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0)) await close();
});

let rigs = 0;

/** What is said of a person; what is left out says nothing. */
export const person = (id: string, more: Partial<User> = {}): Statement => ({
  kind: 'user',
  subject: id,
  meta: {eventId: '', occurredAt: 0, source: 'hr'},
  user: {id, userName: id, active: true, ...more},
});
export const gone = (id: string): Statement => person(id, {active: false});

/** One target's dispatcher and what stands around it, at a real Redis: no Kafka, and a target in memory. */
export interface DispatchRig {
  here: Here;
  dispatcher: Dispatcher;
  gate: Gate;
  audit: AuditRecord[];
  stages: Pick<DispatchContext, 'state' | 'window' | 'leftovers'> & ReturnType<typeof stagesOf>;
  /** Raw keys of this target. */
  key: (name: string) => string;
  redis: typeof store.redis;
  /** Each at the next offset; resolves to the first. */
  say(...statements: Statement[]): number;
  ended(offset: number, outcome: AuditRecord['outcome']): Promise<AuditRecord>;
}

const stagesOf = (where: {redis: typeof store.redis; prefix: string; target: string}) => {
  const lanes = createLanes({...where, coalesce: true, log});
  const wake = (subject: string, delayMs: number) => lanes.wake(subject, delayMs);
  const letters = createDeadLetters({...where, wake});
  return {lanes, letters, holds: createHolds(where), hands: createHands(where), pauses: createPauses(where)};
};

/** Starts one; it is stopped after the test. */
export async function dispatchRig(
  settings: Partial<DispatchContext> = {},
  protects: ProtectionSettings = {names: [], filters: [], groups: []},
  maxLeavers = 100,
): Promise<DispatchRig> {
  const where = {...store, target: `d${(rigs += 1)}`};
  const abort = new AbortController();
  const here = createHere();
  const audit: AuditRecord[] = [];
  const hooks: {changed: (state: Gate['state']) => void} = {changed: ignore};
  const gate = new Gate({failures: 1000, probeBaseDelayMs: 100, probeMaxDelayMs: 100}, Date.now, (state) =>
    hooks.changed(state),
  );
  const stages = {
    ...stagesOf(where),
    state: createState({...where, leaseMs: 30_000, guard: {maxLeavers, perMs: 60_000}, protects}),
    window: new Window({maxChanges: 1e5, maxBytes: 1e8, coalesce: true}),
    leftovers: createLeftovers(where),
  };
  const context: DispatchContext = {
    ...{target: where.target, port: here.port, policy: createPolicy({scope: {}, attributes: {}})},
    protection: createProtection(protects),
    ...{cutOffMode: 'deactivate', adopt: 'externalId', concurrency: 4, maxParked: 1e5, maxUndecodable: 1000},
    retry: {maxAgeMs: 3_600_000, baseDelayMs: 20, maxDelayMs: 100},
    ...{...stages, gate, log, signal: abort.signal, now: Date.now, random: () => 0.5},
    ...{settled: ignore, wasSettled: () => false, count: ignore, undecodable: ignore},
    audit: {append: (records) => Promise.resolve(void audit.push(...records))},
    decode: ({value}) => ok(JSON.parse(String(value)) as Statement),
    ...settings,
  };
  const dispatcher = new Dispatcher(context);
  const pipeline = createPipeline({
    ...{target: where.target, port: here.port, gate, window: stages.window, dispatcher},
    untilStoreAway: () => new Promise(ignore),
    ...{lanes: stages.lanes, pauses: stages.pauses, pauseIntervalMs: 50},
    source: {
      start: () => Promise.resolve(),
      stopReading: ignore,
      stop: () => Promise.resolve(),
      setHolding: ignore,
    },
    ...{log, now: Date.now, abort, sweepIntervalMs: 50, renewIntervalMs: 10_000},
  });
  hooks.changed = (state) => pipeline.gateChanged(state);
  await pipeline.start();
  closes.push(() => pipeline.stop(20_000));
  const key = (name: string): string => `{${store.prefix}:${where.target}}:${name}`;
  return {
    ...{here, dispatcher, gate, audit, stages, key, redis: store.redis},
    ...sayings(context, dispatcher, audit),
  };
}

function sayings(
  {policy, window}: DispatchContext,
  dispatcher: Dispatcher,
  audit: readonly AuditRecord[],
): Pick<DispatchRig, 'say' | 'ended'> {
  let next = 0;
  return {
    say(...statements) {
      const first = next;
      for (const statement of statements) {
        const {subject} = statement;
        const occurredAt = 1_700_000_000_000 + next;
        const meta = {...statement.meta, occurredAt};
        const value = Buffer.from(JSON.stringify({...statement, meta}));
        const record: SourceRecord = {
          ...{topic: 'events', partition: 0, offset: next, timestamp: 0, key: Buffer.from(subject)},
          ...{value, headers: {}},
        };
        const {kind, saysMembers} = entryKind(plan(statement, policy));
        window.offer({record, source: 1, subject, occurredAt, kind, saysMembers, bytes: value.length});
        next += 1;
      }
      dispatcher.wake();
      return first;
    },
    ended: (offset, outcome) =>
      eventually(() => audit.find((one) => one.offset === offset && one.outcome === outcome), {
        what: `${outcome} at ${offset}`,
        deadlineMs: 5000,
      }),
  };
}
