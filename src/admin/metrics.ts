import {collectDefaultMetrics, Counter, Histogram, Registry} from 'prom-client';
import {outcomes, type Outcome} from '../core/change.ts';
import {counters, histograms, type Definition} from './definitions.ts';
import {createOwnGauges, type ProcessFigures, type Running} from './own-metrics.ts';
import {createSharedMetrics, type SharedFigures} from './shared-metrics.ts';

export const gateStates = ['open', 'waiting', 'shut'] as const;
export type GateState = (typeof gateStates)[number];

/** Where the parts of the program count. Labels hold no personal data: targets, topics, outcomes, operations. */
export interface Metrics {
  /** A target begins: what counts for it begins at 0, so that the first of each is seen as a rise. */
  begin(target: string): void;
  change(target: string, outcome: Outcome): void;
  /** From the event's `occurredAt` to its change settled. */
  latency(target: string, seconds: number): void;
  /** From a leave event to its verified receipt. */
  cutOffLatency(target: string, seconds: number): void;
  /** `status` is `error` when no answer came. */
  request(target: string, operation: string, status: number | 'error', seconds: number): void;
  gate(target: string, state: GateState): void;
  undecodable(topic: string): void;
  /** Records that retention deleted before they were read. */
  lost(target: string, topic: string, records: number): void;
  /** Prometheus text. The targets' shared figures are fetched now; what can not be had within a second is left out. */
  text(): Promise<string>;
}

const minute = 60;
const hour = 60 * minute;
const delayBuckets = [
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
  10,
  30,
  minute,
  5 * minute,
  15 * minute,
  hour,
  6 * hour,
  24 * hour,
];
const requestBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface MetricsOptions {
  /** Fetches what is the same from every replica. */
  shared: () => Promise<readonly SharedFigures[]>;
  /** What this replica knows at once. */
  own: () => ProcessFigures;
  /** Which program runs; `none` unless told. */
  build?: Running;
  /** How long a scrape waits for the shared figures, in ms; 1000 unless told. */
  patienceMs?: number;
}

/** The program's metrics, in a registry of their own. */
export const createMetrics = (options: MetricsOptions): Metrics => {
  const registry = new Registry();
  collectDefaultMetrics({register: registry});
  const own = createOwnMetrics(registry);
  const gauges = createOwnGauges(registry, options.build ?? {version: 'none', commit: 'none'});
  const shared = createSharedMetrics(registry);
  const fetchShared = orNothing(options.shared, options.patienceMs ?? 1000);
  return {
    begin: (target) => {
      for (const outcome of outcomes) own.changes.inc({target, outcome}, 0);
      own.latency.zero({target});
      own.cutOffLatency.zero({target});
    },
    change: (target, outcome) => own.changes.inc({target, outcome}),
    latency: (target, seconds) => own.latency.observe({target}, seconds),
    cutOffLatency: (target, seconds) => own.cutOffLatency.observe({target}, seconds),
    request: (target, operation, status, seconds) => {
      own.requests.inc({target, operation, status});
      own.requestSeconds.observe({target, operation}, seconds);
    },
    gate: (target, state) => {
      for (const one of gateStates) gauges.gate.set({target, state: one}, one === state ? 1 : 0);
    },
    undecodable: (topic) => own.undecodable.inc({topic}),
    lost: (target, topic, records) => own.lost.inc({target, topic}, records),
    text: async () => {
      const figures = options.own();
      beginTopics(own, figures);
      shared.set(await fetchShared());
      gauges.set(figures);
      return registry.metrics();
    },
  };
};

/** What counts for a topic begins at 0 too, once it is read. */
function beginTopics(
  {lost, undecodable}: ReturnType<typeof createOwnMetrics>,
  {targets}: ProcessFigures,
): void {
  for (const {target, partitions} of targets)
    for (const {topic} of partitions) {
      lost.inc({target, topic}, 0);
      undecodable.inc({topic}, 0);
    }
}

/**
 * What is fetched, or nothing when it fails or takes too long: while Redis is away its client waits for as long as it has
 * to, and a scrape must not. What is still under way is not begun again.
 */
const orNothing = <T>(
  fetch: () => Promise<readonly T[]>,
  patienceMs: number,
): (() => Promise<readonly T[]>) => {
  let pending: Promise<readonly T[]> | undefined;
  return async () => {
    pending ??= fetch()
      .catch(() => [])
      .finally(() => (pending = undefined));
    const late = Promise.withResolvers<readonly T[]>();
    const timer = setTimeout(() => late.resolve([]), patienceMs);
    try {
      return await Promise.race([pending, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  };
};

const nameOf = ({name, help, labels}: Definition) => ({
  name: `avroscim_${name}`,
  help,
  labelNames: [...labels],
});

const createOwnMetrics = (registry: Registry) => {
  const registers = [registry];
  const counter = <Label extends string>(definition: Definition<Label>): Counter<Label> =>
    new Counter({...nameOf(definition), registers});
  const histogram = <Label extends string>(
    definition: Definition<Label>,
    buckets: number[],
  ): Histogram<Label> => new Histogram({...nameOf(definition), buckets, registers});
  return {
    changes: counter(counters.changes),
    requests: counter(counters.requests),
    undecodable: counter(counters.undecodable),
    lost: counter(counters.lost),
    latency: histogram(histograms.latency, delayBuckets),
    cutOffLatency: histogram(histograms.cutOffLatency, delayBuckets),
    requestSeconds: histogram(histograms.requestSeconds, requestBuckets),
  };
};
