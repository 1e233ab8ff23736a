import type {Cluster, Redis} from 'ioredis';
import {targetPrefix} from '../state/index.ts';

/** A partition that a position's `source` numbers; `isCurrent`: its topic was not made anew since, as far as is known. */
export interface NumberedPartition {
  topic: string;
  partition: number;
  isCurrent: boolean;
}

/** Which partition, in which incarnation, a target's source number stands for; `undefined` when nobody knows any more. */
export async function readPartition(
  where: {redis: Redis | Cluster; prefix: string; target: string},
  source: number,
): Promise<NumberedPartition | undefined> {
  const key = targetPrefix(where.prefix, where.target);
  const [numbers, incarnations] = await Promise.all([
    where.redis.hgetall(`${key}src`),
    where.redis.hgetall(`${key}in`),
  ]);
  const name = Object.keys(numbers).find((one) => Number(numbers[one]) === source);
  const [topic, partition, incarnation] = name?.split('/') ?? [];
  if (topic === undefined || partition === undefined) return undefined;
  const now = Number(incarnations[`${topic}/${partition}`] ?? 0);
  return {topic, partition: Number(partition), isCurrent: Number(incarnation) === now};
}
