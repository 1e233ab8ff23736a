import type {Registry} from 'prom-client';
import {sharedGauges} from './definitions.ts';
import {createGauges} from './gauges.ts';

/** What Redis knows of one target: the same from every replica. */
export interface SharedFigures {
  target: string;
  parked: number;
  oldestParkedSeconds: number;
  oldestUnfinishedCutOffSeconds: number;
  held: number;
  /** Since when a person has paused it; 0 when it is not. */
  pausedSeconds: number;
  /** Number of dead letters by cause. */
  deadLetters: Readonly<Record<string, number>>;
}

/** The gauges of what the replicas share: set as a whole at each scrape, so that none outlives its reason. */
export const createSharedMetrics = (registry: Registry): {set(figures: readonly SharedFigures[]): void} => {
  const gauges = createGauges(registry, sharedGauges);
  return {
    set: (figures) => {
      for (const one of Object.values(gauges)) one.reset();
      for (const {target, deadLetters, ...of} of figures) {
        gauges.parked.set({target}, of.parked);
        gauges.oldestParked.set({target}, of.oldestParkedSeconds);
        gauges.oldestCutOff.set({target}, of.oldestUnfinishedCutOffSeconds);
        gauges.held.set({target}, of.held);
        gauges.paused.set({target}, of.pausedSeconds);
        for (const [cause, count] of Object.entries(deadLetters))
          gauges.deadLetters.set({target, cause}, count);
      }
    },
  };
};
