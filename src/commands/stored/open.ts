import type {Cluster, Redis} from 'ioredis';
import type {LoadedConfig} from '../../config/load.ts';
import {createLog, createRedactor} from '../../log.ts';
import type {AuditStage} from '../../stages/audit/index.ts';
import {createDeadLetters, type DeadLetterStage} from '../../stages/dead-letters/index.ts';
import type {LetterRetries} from '../../stages/dead-letters/retries.ts';
import {createHands, type HandStage} from '../../stages/hands/index.ts';
import {createHolds, type HoldStage} from '../../stages/holds/index.ts';
import {createLanes, type LaneStage} from '../../stages/lanes/index.ts';
import {createRedis} from '../../stages/redis.ts';
import {openLayouts} from '../../target/layout.ts';
import {createRetries} from '../../target/retries.ts';
import {connectorOf} from '../connector-of.ts';
import {openAudit} from '../audit/open.ts';
import type {CommandContext, CommandOption, ExitCode} from '../command.ts';
import {targetNames} from '../target-names.ts';
import {paceOf} from './pace.ts';

/** What one target keeps in Redis, for a command to read and change. */
export interface Stored {
  target: string;
  redis: Redis | Cluster;
  prefix: string;
  lanes: LaneStage;
  letters: DeadLetterStage;
  retries: LetterRetries;
  holds: HoldStage;
  hands: HandStage;
  /** Where what a person decides is written: the config's file, or lines on standard error. */
  audit: AuditStage;
  /** Between two letters that are tried again: no more of them come than the target is asked for anyway. */
  retryEveryMs: number;
}

/** Which targets a command is about; all when it is absent. */
export const targetOption: CommandOption = {
  flags: '--target <name>',
  describe: 'only this target; may stand more than once',
  repeated: true,
  completes: 'targets',
};

const timeoutMs = 10_000;

/** Opens the targets' stores, does the work and closes them; 1 for data of a newer version, 2 for a wrong config or target, 3 when Redis does not answer. */
export async function withStored(
  context: CommandContext,
  work: (stored: Stored[], loaded: LoadedConfig) => Promise<ExitCode>,
): Promise<ExitCode> {
  const loaded = await context.load();
  if (loaded === undefined) return 2;
  const names = targetNames(context, loaded);
  if (names === undefined) return 2;
  const {redis, reasonOf} = clientOf(loaded);
  try {
    await redis.connect();
  } catch (error) {
    context.complain(`Redis does not answer: ${reasonOf(error)}`);
    return 3;
  }
  const {prefix} = loaded.config.redis;
  const audit = auditOf(context, loaded, redis);
  const stored: Stored[] = [];
  try {
    const objections = await openLayouts({redis, prefix, targets: names, signal: context.signal});
    for (const objection of objections) context.complain(objection);
    if (objections.length > 0) return 1;
    stored.push(...names.map((target) => openStore(redis, loaded, target, audit)));
    return await work(stored, loaded);
  } catch (error) {
    if (!isLost(redis, error)) throw error;
    context.complain(`Redis went away in the middle of the work: ${reasonOf(error)}`);
    return 3;
  } finally {
    const [closed] = await Promise.allSettled([audit.close(), ...stored.map(({lanes}) => lanes.stop())]);
    if (closed.status === 'rejected')
      context.complain(`the end of the audit's chain could not be written: ${String(closed.reason)}`);
    redis.disconnect();
  }
}

/** A client that gives up at once, and what it has met last. */
function clientOf({config}: LoadedConfig) {
  const redis = createRedis(config.redis, {
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
  });
  let lost: Error | undefined;
  redis.on('error', (error: Error) => {
    lost = error;
  });
  return {redis, reasonOf: (error: unknown): string => (lost ?? (error as Error)).message};
}

/** Whether an error says that Redis is gone: for every target, and to be told once. */
export const isLost = (redis: Redis | Cluster, error: unknown): boolean =>
  redis.status !== 'ready' || (error as Error).message === 'Command timed out';

function auditOf(
  {complain}: CommandContext,
  {config, secrets}: LoadedConfig,
  redis: Redis | Cluster,
): AuditStage {
  const redactor = createRedactor();
  redactor.learn(secrets);
  const destination = {write: (line: string): void => complain(line.trimEnd())};
  const log = createLog({level: 'info', redactor, destination});
  return openAudit({config: () => config, redis, log, retries: 3});
}

/** One target's store over a client that is connected. Its `lanes` are to be stopped. */
export function openStore(
  redis: Redis | Cluster,
  loaded: LoadedConfig,
  target: string,
  audit: AuditStage,
): Stored {
  const {prefix} = loaded.config.redis;
  const where = {redis, prefix, target};
  const log = createLog({level: 'error', redactor: createRedactor(), destination: {write: () => undefined}});
  const lanes = createLanes({...where, coalesce: true, log});
  const wake = (subject: string, delayMs: number): Promise<void> => lanes.wake(subject, delayMs);
  const letters = createDeadLetters({...where, wake});
  const retryEveryMs = paceOf(target, loaded);
  const settings = loaded.config.targets[target];
  if (!settings) throw new Error(`there is no target ${target}: the names were checked`);
  const retries = createRetries({redis, prefix, audit, lanes}, connectorOf(settings, loaded), settings);
  return {
    ...where,
    lanes,
    letters,
    retries,
    holds: createHolds(where),
    hands: createHands(where),
    audit,
    retryEveryMs,
  };
}
