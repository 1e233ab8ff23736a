import type {Cluster, Redis} from 'ioredis';
import type {LoadedConfig} from '../../config/load.ts';
import {createLog, createRedactor} from '../../log.ts';
import {createDeadLetters, type DeadLetterStage} from '../../stages/dead-letters/index.ts';
import {createHolds, type HoldStage} from '../../stages/holds/index.ts';
import {createLanes, type LaneStage} from '../../stages/lanes/index.ts';
import {createRedis} from '../../stages/redis.ts';
import type {CommandContext, CommandOption, ExitCode} from '../command.ts';

/** What one target keeps in Redis, for a command to read and change. */
export interface Stored {
  target: string;
  redis: Redis | Cluster;
  prefix: string;
  lanes: LaneStage;
  letters: DeadLetterStage;
  holds: HoldStage;
}

/** Which targets a command is about; all when it is absent. */
export const targetOption: CommandOption = {
  flags: '--target <name>',
  describe: 'only this target; may stand more than once',
  repeated: true,
};

const connectTimeoutMs = 10_000;

/** Opens the targets' stores, does the work and closes them; 2 for a wrong config or target, 3 when Redis does not answer. */
export async function withStored(
  context: CommandContext,
  work: (stored: Stored[], loaded: LoadedConfig) => Promise<ExitCode>,
): Promise<ExitCode> {
  const loaded = context.load();
  if (loaded === undefined) return 2;
  const names = namesOf(context, loaded);
  if (names === undefined) return 2;
  const redis = createRedis(loaded.config.redis, {
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: connectTimeoutMs,
  });
  let lost: Error | undefined;
  redis.on('error', (error: Error) => {
    lost = error;
  });
  try {
    await redis.connect();
  } catch (error) {
    context.complain(`Redis does not answer: ${(lost ?? (error as Error)).message}`);
    return 3;
  }
  const stored = names.map((target) => open(redis, loaded.config.redis.prefix, target));
  try {
    return await work(stored, loaded);
  } finally {
    await Promise.allSettled(stored.map(({lanes}) => lanes.stop()));
    redis.disconnect();
  }
}

function open(redis: Redis | Cluster, prefix: string, target: string): Stored {
  const where = {redis, prefix, target};
  const log = createLog({level: 'error', redactor: createRedactor(), destination: {write: () => undefined}});
  const lanes = createLanes({...where, coalesce: true, log});
  const wake = (subject: string, delayMs: number): Promise<void> => lanes.wake(subject, delayMs);
  return {...where, lanes, letters: createDeadLetters({...where, wake}), holds: createHolds(where)};
}

function namesOf({options, complain}: CommandContext, {config}: LoadedConfig): string[] | undefined {
  const all = Object.keys(config.targets);
  const asked = options['target'];
  if (!Array.isArray(asked)) return all;
  const unknown = asked.filter((name: string) => !all.includes(name));
  if (unknown.length === 0) return asked as string[];
  complain(`expected a target of the config (${all.join(', ')}), found ${unknown.join(', ')}`);
  return undefined;
}
