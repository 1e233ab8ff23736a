import {setTimeout as delay} from 'node:timers/promises';
import type {TargetConfig} from '../config/schema.ts';
import type {Connector, Logger} from '../core/connector.ts';
import type {Gate} from '../core/gate.ts';
import type {Lanes} from '../core/parked.ts';
import type {Pipeline} from '../pipeline.ts';
import {
  createLetterRetries,
  type LetterRetries,
  type RetriesOptions,
} from '../stages/dead-letters/retries.ts';
import {createRetryRunner, type RunnerOptions} from '../stages/dead-letters/runner.ts';
import type {Shared} from './parts.ts';

/** Where neither the config nor the connector says what a target bears: the lanes hold back what comes too fast. */
const usualEveryMs = 20;

/** The rate that a target is known to bear: its config's, else its connector's. */
export const rateOf = (target: TargetConfig, {manifest}: Pick<Connector, 'manifest'>): TargetConfig['rate'] =>
  target.rate ?? manifest.defaultRate?.(target.config);

interface Around extends Pick<RetriesOptions, 'redis' | 'prefix' | 'audit'> {
  lanes: Pick<Lanes, 'wake'>;
}

/** The retry of groups of dead letters at one target, as fast as the target bears. */
export function createRetries(
  {redis, prefix, audit, lanes}: Around,
  connector: Pick<Connector, 'manifest'>,
  target: TargetConfig,
): LetterRetries {
  const rate = rateOf(target, connector);
  return createLetterRetries({
    ...{redis, prefix, target: target.name, audit},
    wake: (subject, delayMs) => lanes.wake(subject, delayMs),
    everyMs: rate ? (rate.perSeconds * 1000) / rate.requests : usualEveryMs,
    mostParked: Math.ceil(target.gate.maxParked / 2),
  });
}

interface Beside {
  shared: Pick<Shared, 'redis' | 'config' | 'audit'>;
  connector: Pick<Connector, 'manifest'>;
  target: TargetConfig;
  gate: Gate;
  log: Logger;
  lanes: Pick<Lanes, 'wake'>;
  letters: RunnerOptions['letters'];
}

/** What stopping waits for, of its grace: a step takes some milliseconds, unless Redis is away. */
const runnerShare = 0.1;
const mostRunnerMs = 500;

/** The pipeline with what carries out retries beside it: started after it, stopped before, while the lanes can still be woken. */
export function withRetries(
  pipeline: Pipeline,
  {shared, connector, target, gate, log, lanes, letters}: Beside,
): Pipeline {
  const {redis, audit, config} = shared;
  const retries = createRetries({redis, prefix: config.redis.prefix, audit, lanes}, connector, target);
  const isOpen = (): boolean => gate.state.state !== 'shut';
  const runner = createRetryRunner({target: target.name, retries, letters, isOpen, log});
  return {
    async start() {
      await pipeline.start();
      runner.start();
    },
    async stop(graceMs) {
      const late = delay(Math.min(graceMs * runnerShare, mostRunnerMs), undefined, {ref: false});
      await Promise.race([runner.stop(), late]);
      await pipeline.stop(graceMs * (1 - runnerShare));
    },
    gateChanged: (state) => pipeline.gateChanged(state),
    reopen: () => pipeline.reopen(),
  };
}
