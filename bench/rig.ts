import {randomUUID} from 'node:crypto';
import {join} from 'node:path';
import {Redis} from 'ioredis';
import {openFolder, type Closing} from '../scripts/services/folder.ts';
import {startServices, type Services} from '../scripts/services/index.ts';
import {createTopic, type Topic as Produces} from '../scripts/services/topic.ts';
import type {Figure} from './figures.ts';
import {startBenchProgram, type Program, type Setting} from './program.ts';

/** A topic of one benchmark. */
export type Topic = Produces & {name: string};

/** What every benchmark runs on. What it opens is closed when the benchmark ends, last first. */
export interface Bench {
  services: Services;
  short: boolean;
  /** The full size, or a small one for a quick look. */
  size(full: number, short: number): number;
  log(line: string): void;
  /** A topic of events, or of what the schema is of. */
  topic(partitions?: number, schema?: string): Promise<Topic>;
  program(setting: Setting): Promise<Program>;
  /** The path of a file in a folder that goes with the benchmark. */
  file(name: string): string;
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
  const folder = await openFolder('avro-scim-bench-', closing);
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
    topic: async (partitions = 6, schema) => {
      const name = newName();
      const topic = await createTopic(services, name, partitions, schema);
      closing(async () => {
        await topic.close();
        await topic.remove();
      });
      return {...topic, name};
    },
    program: async (setting) => {
      const program = await startBenchProgram(services, folder, setting);
      closing(() => program.stop());
      return program;
    },
    file: (name) => join(folder, name),
    redisBytes: async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]),
  };
}
