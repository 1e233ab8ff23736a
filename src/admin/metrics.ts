import {collectDefaultMetrics, Counter, Gauge, Histogram, Registry} from 'prom-client';
import type {Outcome} from '../core/change.ts';
import {createOwnGauges, type OwnFigures} from './own-metrics.ts';
import {createSharedMetrics, type SharedFigures} from './shared-metrics.ts';

export const gateStates = ['open', 'waiting', 'shut'] as const;
export type GateState = (typeof gateStates)[number];

/** Where the parts of the program count. Labels hold no personal data: targets, topics, outcomes, operations. */
export interface Metrics {
  change(target: string, outcome: Outcome): void;
  /** From the event's `occurredAt` to its change settled. */
  latency(target: string, seconds: number): void;
  /** From a leave event to its verified receipt. */
  cutOffLatency(target: string, seconds: number): void;
  /** `status` is `error` when no answer came. */
  request(target: string, operation: string, status: number | 'error', seconds: number): void;
  gate(target: string, state: GateState): void;
  undecodable(topic: string): void;
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
  own: () => readonly OwnFigures[];
  /** How long a scrape waits for the shared figures, in ms; 1000 unless told. */
  patienceMs?: number;
}

/** The program's metrics, in a registry of their own. */
export const createMetrics = (options: MetricsOptions): Metrics => {
  const registry = new Registry();
  collectDefaultMetrics({register: registry});
  const own = createOwnMetrics(registry);
  const gauges = createOwnGauges(registry);
  const shared = createSharedMetrics(registry);
  const fetchShared = orNothing(options.shared, options.patienceMs ?? 1000);
  return {
    change: (target, outcome) => own.changes.inc({target, outcome}),
    latency: (target, seconds) => own.latency.observe({target}, seconds),
    cutOffLatency: (target, seconds) => own.cutOffLatency.observe({target}, seconds),
    request: (target, operation, status, seconds) => {
      own.requests.inc({target, operation, status});
      own.requestSeconds.observe({target, operation}, seconds);
    },
    gate: (target, state) => {
      for (const one of gateStates) own.gate.set({target, state: one}, one === state ? 1 : 0);
    },
    undecodable: (topic) => own.undecodable.inc({topic}),
    text: async () => {
      shared.set(await fetchShared());
      gauges.set(options.own());
      return registry.metrics();
    },
  };
};

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

const createOwnMetrics = (registry: Registry) => {
  const registers = [registry];
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({name: `avroscim_${name}`, help, labelNames, registers});
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({name: `avroscim_${name}`, help, labelNames, registers});
  const histogram = <Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    buckets: number[],
  ) => new Histogram({name: `avroscim_${name}`, help, labelNames, buckets, registers});
  return {
    changes: counter('changes_total', 'Changes settled, by outcome.', ['target', 'outcome']),
    latency: histogram(
      'change_latency_seconds',
      'From the event to its change settled.',
      ['target'],
      delayBuckets,
    ),
    cutOffLatency: histogram(
      'cutoff_latency_seconds',
      'From a leave to its verified receipt.',
      ['target'],
      delayBuckets,
    ),
    requests: counter('requests_total', 'Requests to targets, by answer.', ['target', 'operation', 'status']),
    requestSeconds: histogram(
      'request_seconds',
      'Duration of requests.',
      ['target', 'operation'],
      requestBuckets,
    ),
    gate: gauge('gate', 'Whether the target may be called: 1 for the state it is in.', ['target', 'state']),
    undecodable: counter('undecodable_total', 'Records that could not be decoded.', ['topic']),
  };
};
