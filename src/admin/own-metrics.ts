import type {Gauge, LabelValues, Registry} from 'prom-client';
import {ownGauges} from './definitions.ts';
import {createGauges} from './gauges.ts';

/** What this replica knows of one target at the moment. */
export interface OwnFigures {
  target: string;
  /** Changes in its window. */
  window: number;
  /** Leavers among them that wait. */
  cutOffs: number;
  /** Age of the oldest leave in its window; 0 without one. */
  oldestLeaveSeconds: number;
  /** Of the partitions that are this replica's now. */
  partitions: readonly PartitionFigures[];
  /** Absent where neither the target nor a file tells when its credential was made. */
  credentialAgeSeconds?: number;
  /** When it ends, in seconds since the epoch; absent where the target does not tell. */
  credentialExpiry?: number;
}

export interface PartitionFigures {
  topic: string;
  partition: number;
  lag: number;
  /** From the log's start to the first record that is not settled; absent until Kafka has told. */
  retentionRecords?: number;
  /** Until retention may delete that record; absent where there is none, or the topic keeps its records. */
  retentionSeconds?: number;
}

/** Which program runs. */
export interface Running {
  version: string;
  commit: string;
}

/** What the process knows of itself. */
export interface ProcessFigures {
  targets: readonly OwnFigures[];
  /** The services it needs, by name. */
  dependencies: Readonly<Record<string, {up: boolean}>>;
}

/** Absent is not zero: a gauge without a value is left out. */
const setIfKnown = <Label extends string>(
  gauge: Gauge<Label>,
  labels: LabelValues<Label>,
  value: number | undefined,
): void => {
  if (value !== undefined) gauge.set(labels, value);
};

/** The gauges of what is so now: set as a whole at each scrape, so that a partition that moved away is not told of. */
export const createOwnGauges = (registry: Registry, {version, commit}: Running) => {
  const gauges = createGauges(registry, ownGauges);
  const {gate, build, ...momentary} = gauges;
  build.set({version, commit, node: process.version}, 1);
  return {
    gate,
    set: ({targets, dependencies}: ProcessFigures): void => {
      for (const one of Object.values(momentary)) one.reset();
      for (const [dependency, {up}] of Object.entries(dependencies))
        gauges.dependency.set({dependency}, up ? 1 : 0);
      for (const {target, partitions, ...of} of targets) {
        gauges.window.set({target}, of.window);
        gauges.cutOffs.set({target}, of.cutOffs);
        gauges.oldestLeave.set({target}, of.oldestLeaveSeconds);
        for (const {topic, partition, lag, retentionRecords, retentionSeconds} of partitions) {
          const labels = {target, topic, partition};
          gauges.lag.set(labels, lag);
          setIfKnown(gauges.retentionRecords, labels, retentionRecords);
          setIfKnown(gauges.retentionSeconds, labels, retentionSeconds);
        }
        setIfKnown(gauges.credentialAge, {target}, of.credentialAgeSeconds);
        setIfKnown(gauges.credentialExpiry, {target}, of.credentialExpiry);
      }
    },
  };
};
