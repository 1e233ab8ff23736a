import {Gauge, type Registry} from 'prom-client';

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
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({name: `avroscim_${name}`, help, labelNames, registers: [registry]});
  const gauges = {
    parked: gauge('parked_changes', 'Changes that wait in lanes.', ['target']),
    oldestParked: gauge('oldest_parked_seconds', 'Age of the oldest parked change.', ['target']),
    oldestCutOff: gauge('oldest_unfinished_cutoff_seconds', 'Age of the oldest cut-off not verified.', [
      'target',
    ]),
    held: gauge('held_changes', 'Changes that wait for a person.', ['target']),
    paused: gauge('paused_seconds', 'How long the target has been paused; 0 when it is not.', ['target']),
    deadLetters: gauge('dead_letters', 'Dead letters, by cause.', ['target', 'cause']),
  };
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
