import type {Admin} from 'kafkajs';
import type {Config} from '../../config/schema.ts';
import {createLog, createRedactor} from '../../log.ts';
import {createKafka} from '../../stages/source/client.ts';
import {topicsOf} from '../check/kafka.ts';
import {within} from '../check/verdict.ts';

/** Records of each target that are not settled yet, or why that could not be had. */
export type Lags = {ok: true; lags: Map<string, number>} | {ok: false; reason: string};

const patienceMs = 5000;

/** Asks Kafka how far each target's group is; a group that has committed nothing has everything to read. */
export async function readLags(
  config: Config,
  targets: readonly string[],
  signal: AbortSignal,
): Promise<Lags> {
  const log = createLog({level: 'error', redactor: createRedactor(), destination: {write: () => undefined}});
  const admin = createKafka(config.kafka, {log, retries: 1}).admin();
  const read = async (): Promise<Map<string, number>> => {
    await admin.connect();
    const topics = topicsOf(await admin.listTopics(), config).flatMap(({present}) => present);
    const bounds = new Map<string, Bounds>();
    for (const topic of new Set(topics)) bounds.set(topic, await admin.fetchTopicOffsets(topic));
    const lags = new Map<string, number>();
    for (const target of targets) lags.set(target, await lagOf(admin, config, target, bounds));
    return lags;
  };
  try {
    return {ok: true, lags: await within(read(), patienceMs, signal)};
  } catch (error) {
    return {ok: false, reason: error instanceof Error ? error.message : String(error)};
  } finally {
    await within(admin.disconnect(), patienceMs, signal).catch(() => undefined);
  }
}

type Bounds = Awaited<ReturnType<Admin['fetchTopicOffsets']>>;

async function lagOf(
  admin: Admin,
  {kafka}: Config,
  target: string,
  bounds: ReadonlyMap<string, Bounds>,
): Promise<number> {
  if (bounds.size === 0) return 0;
  const groupId = `${kafka.groupPrefix}.${target}`;
  const committed = await admin.fetchOffsets({groupId, topics: [...bounds.keys()]});
  let lag = 0;
  for (const {topic, partitions} of committed) {
    const known = new Map(partitions.map(({partition, offset}) => [partition, Number(offset)]));
    for (const {partition, high, low} of bounds.get(topic) ?? [])
      lag += Math.max(0, Number(high) - Math.max(Number(low), known.get(partition) ?? -1));
  }
  return lag;
}
