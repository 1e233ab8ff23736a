import {randomUUID} from 'node:crypto';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Redis} from 'ioredis';
import {dropCharge, takeCharge} from '../scripts/services/charges.ts';
import {startServices, type Services} from '../scripts/services/index.ts';
import type {Figure} from './figures.ts';
import {startBenchProgram, type Program, type Setting} from './program.ts';
import {createTopic, type Topic} from './topic.ts';

export type Closing = (step: () => Promise<unknown>) => void;

/** What every benchmark runs on. What it opens is closed when the benchmark ends, last first. */
export interface Bench {
  services: Services;
  short: boolean;
  /** The full size, or a small one for a quick look. */
  size(full: number, short: number): number;
  log(line: string): void;
  topic(partitions?: number): Promise<Topic>;
  program(setting: Setting): Promise<Program>;
  /** Redis' own count of the bytes it uses. */
  redisBytes(): Promise<number>;
  closing: Closing;
}

export interface Benchmark {
  name: string;
  what: string;
  run(bench: Bench): Promise<Figure[]>;
}

/** A name that no other run has, for a topic, a group or a prefix. */
export const newName = (): string => `${namePrefix}${randomUUID().slice(0, 8)}`;

const namePrefix = 'bench-';

async function openFolder(closing: Closing): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'avro-scim-bench-'));
  const charge = {kind: 'folder', path: folder} as const;
  takeCharge(charge);
  closing(async () => {
    await rm(folder, {recursive: true, force: true});
    dropCharge(charge);
  });
  return folder;
}

/** Starts the services that all benchmarks share. */
export async function openServices(log: (line: string) => void, closing: Closing): Promise<Services> {
  const services = await startServices({log});
  closing(() => services.stop());
  return services;
}

/** A Redis that was given by its address may hold what is not ours. */
async function removeKeys(redis: Redis): Promise<void> {
  const scan = redis.scanStream({match: `*${namePrefix}*`, count: 1000});
  for await (const keys of scan as AsyncIterable<string[]>) if (keys.length > 0) await redis.unlink(...keys);
}

/** What one benchmark runs on. */
export async function openBench(
  services: Services,
  short: boolean,
  log: (line: string) => void,
  closing: Closing,
): Promise<Bench> {
  const folder = await openFolder(closing);
  const redis = new Redis(services.redis.url);
  closing(async () => {
    await removeKeys(redis);
    await redis.quit();
  });
  return {
    services,
    short,
    log,
    closing,
    size: (full, small) => (short ? small : full),
    topic: async (partitions = 6) => {
      const {kafka, registry} = services;
      const topic = await createTopic(kafka.brokers, registry.url, newName(), partitions);
      closing(() => topic.close());
      return topic;
    },
    program: async (setting) => {
      const program = await startBenchProgram(services, folder, setting);
      closing(() => program.stop());
      return program;
    },
    redisBytes: async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]),
  };
}
