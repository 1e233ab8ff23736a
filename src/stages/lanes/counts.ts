import type {Cluster, Redis} from 'ioredis';

/** What stands in the lanes of one target; times in milliseconds since the epoch. */
export interface LaneCounts {
  /** Changes, in so many lanes. */
  parked: number;
  lanes: number;
  /** Since when the longest failing head of a lane fails; absent when nothing is parked. */
  oldestParkedAt?: number;
  /** Cut-offs that have begun and are not verified. */
  openCutOffs: number;
  oldestCutOffAt?: number;
}

/** Reads the counts behind the metrics; the same from every replica. */
export async function readCounts(redis: Redis | Cluster, key: string): Promise<LaneCounts> {
  const [parked, lanes, oldest, cutOffs] = await Promise.all([
    redis.hget(`${key}n`, 'parked'),
    redis.zcard(`${key}lanes`),
    redis.zrange(`${key}lo`, 0, '0', 'WITHSCORES'),
    redis.hvals(`${key}c`),
  ]);
  const begun = cutOffs.map((text) => (JSON.parse(text) as {begunAt: number}).begunAt);
  return {
    parked: Number(parked ?? 0),
    lanes,
    ...(oldest[1] !== undefined && {oldestParkedAt: Number(oldest[1])}),
    openCutOffs: begun.length,
    ...(begun.length > 0 && {oldestCutOffAt: begun.reduce((a, b) => Math.min(a, b))}),
  };
}
