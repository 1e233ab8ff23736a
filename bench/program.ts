import {randomUUID} from 'node:crypto';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {stringify} from 'yaml';
import {builtProgram} from './build.ts';
import {startProgram, type Program as Process} from '../scripts/demo/program.ts';
import {samplesOf} from '../scripts/demo/report.ts';
import {freePort} from '../scripts/services/ports.ts';
import type {AuditRecord} from '../src/core/audit.ts';
import type {Services} from '../scripts/services/index.ts';

/** The one target's name in every benchmark. */
export const targetName = 'bench';

export interface Setting {
  topic: string;
  targetUrl: string;
  /** Prefix of the consumer group: another one reads the topic again. */
  group: string;
  /** Prefix of what is in Redis: another one knows nothing. */
  prefix: string;
  /** Settings of the target over the usual ones. */
  target?: object;
  /** Settings of the audit; a file of its own unless given. */
  audit?: object;
}

/** The program's own figures, at one moment. */
export interface Sample {
  atMs: number;
  /** Changes settled, by outcome and all together. */
  settled: number;
  outcomes: (outcome: string) => number;
  requests: number;
  window: number;
  lag: number;
  parked: number;
  gateShut: boolean;
  rssBytes: number;
  cpuSeconds: number;
}

export interface Waiting {
  everyMs?: number;
  deadlineMs?: number;
  /** Runs before each sample: what the condition asks beside the program's own figures. */
  before?: () => Promise<void>;
}

export interface Program {
  sample(): Promise<Sample>;
  /** Takes samples until one is as wanted; resolves to all of them. */
  until(
    what: string,
    isDone: (sample: Sample, last?: Sample) => boolean,
    options?: Waiting,
  ): Promise<Sample[]>;
  /** What it has decided so far. */
  audit(): Promise<AuditRecord[]>;
  stop(): Promise<void>;
}

/** Starts `avro-scim run`, a process of its own, with one target. */
export async function startBenchProgram(
  services: Services,
  folder: string,
  setting: Setting,
): Promise<Program> {
  const adminPort = await freePort();
  const run = randomUUID().slice(0, 8);
  const files = {
    config: join(folder, `${run}.yaml`),
    audit: join(folder, `${run}.audit.jsonl`),
    log: join(folder, `${run}.log`),
  };
  await writeFile(files.config, configText(services, setting, adminPort, files.audit));
  return observed(await startProgram(files, `http://127.0.0.1:${adminPort}`, builtProgram));
}

function configText(
  {kafka, registry, redis}: Services,
  {topic, targetUrl, group, prefix, target, audit}: Setting,
  port: number,
  auditFile: string,
): string {
  return stringify({
    kafka: {brokers: kafka.brokers, clientId: 'avro-scim-bench', groupPrefix: group, topics: [topic]},
    registry: {url: registry.url},
    redis: {url: redis.url, prefix},
    admin: {port},
    audit: audit ?? {file: auditFile},
    targets: {
      [targetName]: {
        connector: 'scim',
        config: {baseUrl: targetUrl, auth: {bearer: randomUUID()}},
        ...target,
      },
    },
  });
}

const sum = (samples: readonly number[]): number => samples.reduce((total, sample) => total + sample, 0);

function sampleOf(text: string): Sample {
  const of = (metric: string, labels: Record<string, string> = {}): number =>
    sum(samplesOf(text, `avroscim_${metric}`, labels));
  const plain = (metric: string): number =>
    Number(new RegExp(`^${metric} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  return {
    atMs: performance.now(),
    settled: of('changes_total'),
    outcomes: (outcome) => of('changes_total', {outcome}),
    requests: of('requests_total'),
    window: of('window_changes'),
    lag: of('lag_records'),
    parked: of('parked_changes'),
    gateShut: of('gate', {state: 'shut'}) === 1,
    rssBytes: plain('process_resident_memory_bytes'),
    cpuSeconds: plain('process_cpu_seconds_total'),
  };
}

function observed(process: Process): Program {
  const sample = async (): Promise<Sample> => sampleOf(await process.metrics());
  return {
    sample,
    audit: () => process.audit(),
    async until(what, isDone, {everyMs = 200, deadlineMs = 600_000, before} = {}) {
      const samples: Sample[] = [];
      const deadline = performance.now() + deadlineMs;
      for (;;) {
        await before?.();
        const now = await sample();
        const last = samples.at(-1);
        samples.push(now);
        if (isDone(now, last)) return samples;
        if (now.atMs > deadline) throw new Error(`${what}: not after ${deadlineMs / 1000} s`);
        await delay(everyMs);
      }
    },
    stop: async () => {
      await process.stop();
    },
  };
}

/** Changes settled a second, from the first sample that has some to the last one. */
export function rateOf(samples: readonly Sample[]): number {
  const first = samples.find(({settled}) => settled > 0);
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last === first)
    throw new Error('it went too fast to be measured: more events are needed');
  return ((last.settled - first.settled) * 1000) / (last.atMs - first.atMs);
}
