import {setTimeout as delay} from 'node:timers/promises';
import type {PartitionStatus, Source} from './stages/source/types.ts';
import type {Pipeline} from './pipeline.ts';
import type {OwnFigures, PartitionFigures} from './admin/own-metrics.ts';
import type {SharedFigures} from './admin/shared-metrics.ts';
import type {TargetConfig} from './config/schema.ts';
import type {Connector} from './core/connector.ts';
import {Gate, type GateState} from './core/gate.ts';
import type {TargetPort} from './core/port.ts';
import {Window, type Entry} from './core/window.ts';
import {createPipeline} from './pipeline.ts';
import type {Log} from './log.ts';
import {type DeadLetterStage} from './stages/dead-letters/index.ts';
import {Dispatcher} from './stages/dispatch/index.ts';
import {type LaneStage} from './stages/lanes/index.ts';
import {createSource} from './stages/source/index.ts';
import {untilAway} from './target/away.ts';
import {watchChecks, type Checks} from './target/checks.ts';
import {
  createPort,
  createStages,
  dispatchContext,
  leaseMs,
  sourceOptions,
  watchLeases,
  type Shared,
} from './target/parts.ts';
import {withRetries} from './target/retries.ts';

/** One target of this process, and what its surroundings need of it. */
export interface Target {
  name: string;
  pipeline: Pipeline;
  source: Source;
  gate: Gate;
  figures(): Promise<SharedFigures>;
  ownFigures(): OwnFigures;
  /** Asks the target once how it is, for the age of its credential and the log; the gate stays as it is. */
  look(): Promise<void>;
  /** Its config was read again: a changed credential counts at the next request, and a shut gate is tried at once. */
  reconfigure(config: TargetConfig): void;
  close(): Promise<void>;
}

/** Puts one target's stages together: the only place that knows all of them. */
export function createTarget(shared: Shared, connector: Connector, initial: TargetConfig): Target {
  const parts = assemble(shared, connector, initial);
  const {target, gate, source, lanes, letters, holds, pauses, pipeline, window, checks} = parts;
  return {
    name: target.current.name,
    pipeline,
    source,
    gate,
    async figures() {
      const [held, counts, deadLetters, pause] = await Promise.all([
        holds.count(),
        lanes.counts(),
        letters.counts(),
        pauses.read(),
      ]);
      const now = Date.now();
      const pausedSeconds = age(pause?.at, now);
      return {...figuresOf(target.current.name, held, counts, deadLetters, now), pausedSeconds};
    },
    ownFigures() {
      const now = Date.now();
      return {
        target: target.current.name,
        window: window.size,
        cutOffs: window.cutOffs,
        oldestLeaveSeconds: age(window.oldestCutOffAt, now),
        partitions: source.status().map((status) => partitionFigures(status, now)),
        ...checks.figures(),
      };
    },
    look: () => (gate.paused ? Promise.resolve() : checks.look()),
    reconfigure(config) {
      target.current = config;
      // A shut gate is probed, which looks too.
      if (gate.state.state === 'shut') pipeline.reopen();
      else void checks.look();
    },
    close: () => parts.sender.close(),
  };
}

const age = (at: number | undefined, now: number): number =>
  at === undefined ? 0 : Math.max(0, (now - at) / 1000);

const partitionFigures = (
  {topic, partition, lag, left, deletedFrom}: PartitionStatus,
  now: number,
): PartitionFigures => ({
  ...{topic, partition, lag},
  ...(left !== undefined && {retentionRecords: left}),
  ...(deletedFrom !== undefined && {retentionSeconds: Math.max(0, (deletedFrom - now) / 1000)}),
});

function figuresOf(
  target: string,
  held: number,
  counts: Awaited<ReturnType<LaneStage['counts']>>,
  deadLetters: Awaited<ReturnType<DeadLetterStage['counts']>>,
  now: number,
): Omit<SharedFigures, 'pausedSeconds'> {
  return {
    target,
    parked: counts.parked,
    oldestParkedSeconds: age(counts.oldestParkedAt, now),
    oldestUnfinishedCutOffSeconds: age(counts.oldestCutOffAt, now),
    held,
    deadLetters,
  };
}

/** What is said back to parts that were made before their hearers. */
interface Hooks {
  gateChanged: (state: GateState) => void;
  settled: (entries: readonly Entry[]) => void;
  wasSettled: (record: Entry['record']) => boolean;
}

function createGate({metrics}: Shared, {name, gate}: TargetConfig, hooks: Hooks): Gate {
  metrics.begin(name);
  metrics.gate(name, 'open');
  return new Gate(gate, Date.now, (state) => {
    metrics.gate(name, state.state);
    hooks.gateChanged(state);
  });
}

const watchTarget = (
  port: TargetPort,
  target: {current: TargetConfig},
  log: Log,
  signal: AbortSignal,
): Checks => watchChecks(port, {log, signal, now: Date.now, secretFiles: () => target.current.secretFiles});

/** Redis is away, and nothing is at the target any more: a stop has nothing to wait for. */
const untilNothingIsLeft =
  ({redis}: Shared, dispatcher: Dispatcher, log: Log) =>
  async (signal: AbortSignal): Promise<void> => {
    await untilAway(() => redis.ping(), signal);
    while (!dispatcher.isQuiet() && !signal.aborted) await delay(50, undefined, {ref: false});
    if (!signal.aborted)
      log.warn({}, 'stopping without Redis, which is away: what is not settled comes again');
  };

/** The parts of one target, each made once. */
function assemble(shared: Shared, connector: Connector, initial: TargetConfig) {
  const target = {current: initial};
  const {log} = shared;
  const labelled = log.child({target: initial.name});
  const abort = new AbortController();
  const hooks: Hooks = {
    gateChanged: () => undefined,
    settled: () => undefined,
    wasSettled: () => false,
  };
  const gate = createGate(shared, initial, hooks);
  const window = new Window({...initial.window, coalesce: initial.coalesce});
  const leases = watchLeases(initial, abort.signal);
  const {sender, port: bare} = createPort(shared, connector, target, labelled, leases);
  const checks = watchTarget(bare, target, labelled, abort.signal);
  const {port} = checks;
  const stages = createStages(shared, initial, labelled);
  const late = {
    settled: (entries: readonly Entry[]) => hooks.settled(entries),
    wasSettled: (record: Entry['record']) => hooks.wasSettled(record),
  };
  const around = {...stages, gate, window, port, leases, log, abort, ...late};
  const context = dispatchContext(shared, connector, initial, around);
  const dispatcher = new Dispatcher(context);
  const source = createSource(sourceOptions(shared, initial, context, dispatcher, labelled));
  const {lanes, pauses} = stages;
  const parts = {port, gate, window, source, dispatcher, lanes, pauses, log, abort};
  const intervals = {sweepIntervalMs: 5000, renewIntervalMs: leaseMs(initial) / 3, pauseIntervalMs: 1000};
  const untilStoreAway = untilNothingIsLeft(shared, dispatcher, labelled);
  const pipeline = withRetries(
    createPipeline({target: initial.name, ...parts, ...intervals, untilStoreAway, now: Date.now}),
    {shared, connector, target: initial, gate, log: labelled, ...stages},
  );
  hooks.settled = (entries) => source.settled(entries);
  hooks.wasSettled = (record) => source.wasSettled(record);
  hooks.gateChanged = (state) => pipeline.gateChanged(state);
  return {target, gate, source, sender, pipeline, window, checks, ...stages};
}
