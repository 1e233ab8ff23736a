import {Gauge, type Registry} from 'prom-client';

/** What this replica knows of one target at the moment. */
export interface OwnFigures {
  target: string;
  /** Changes in its window. */
  window: number;
  /** Leavers among them that wait. */
  cutOffs: number;
  /** Of the partitions that are this replica's now. */
  lag: readonly {topic: string; partition: number; lag: number}[];
  /** Absent where the target does not tell when its credential was made. */
  credentialAgeSeconds?: number;
}

/** The gauges of what is so now: set as a whole at each scrape, so that a partition that moved away is not told of. */
export const createOwnGauges = (registry: Registry): {set(figures: readonly OwnFigures[]): void} => {
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({name: `avroscim_${name}`, help, labelNames, registers: [registry]});
  const gauges = {
    window: gauge('window_changes', 'Changes read and not settled.', ['target']),
    cutOffs: gauge('window_cutoffs', 'Leavers read and not begun.', ['target']),
    lag: gauge('lag_records', 'Records behind the end of a partition.', ['target', 'topic', 'partition']),
    credentialAge: gauge('credential_age_seconds', 'Age of the target’s credential.', ['target']),
  };
  return {
    set: (figures) => {
      for (const one of Object.values(gauges)) one.reset();
      for (const {target, window, cutOffs, lag, credentialAgeSeconds} of figures) {
        gauges.window.set({target}, window);
        gauges.cutOffs.set({target}, cutOffs);
        for (const {topic, partition, lag: records} of lag)
          gauges.lag.set({target, topic, partition}, records);
        if (credentialAgeSeconds !== undefined) gauges.credentialAge.set({target}, credentialAgeSeconds);
      }
    },
  };
};
