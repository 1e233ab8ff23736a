import type {Cluster, Redis} from 'ioredis';
import {readEntry} from '../../core/parked-json.ts';
import type {LaneEntry} from '../../core/parked.ts';
import {targetPrefix} from '../state/index.ts';
import {placesBehind, placeText, readPlace, type Place} from '../state/line.ts';

/** One subject's lane; times in milliseconds since the epoch. */
export interface Lane {
  subject: string;
  failingSince: number;
  /** When it is tried again. */
  dueAt: number;
  length: number;
  head: LaneEntry;
}

/** The lanes of a target, the longest failing first. `cursor`: where the page before ended; absent when there are no more. */
export async function listLanes(
  {redis, prefix, target}: {redis: Redis | Cluster; prefix: string; target: string},
  {cursor, limit}: {cursor?: string | undefined; limit: number},
): Promise<{lanes: Lane[]; cursor?: string}> {
  const key = targetPrefix(prefix, target);
  const after = cursor === undefined ? undefined : readPlace(cursor);
  const places = await placesBehind(redis, `${key}lo`, {}, after, limit + 1);
  const read = places.slice(0, limit);
  const lanes = await Promise.all(read.map((place) => readLane(redis, key, place)));
  const last = read.at(-1);
  return {
    lanes: lanes.filter((lane) => lane !== undefined),
    ...(places.length > limit && last && {cursor: placeText(last)}),
  };
}

/** One that has emptied since is left out. */
async function readLane(redis: Redis | Cluster, key: string, {id, at}: Place): Promise<Lane | undefined> {
  const lane = `${key}lane:${id}`;
  const [head, length, dueAt] = await Promise.all([
    redis.lindex(lane, 0),
    redis.llen(lane),
    redis.zscore(`${key}lanes`, id),
  ]);
  if (head === null || dueAt === null) return undefined;
  return {subject: id, failingSince: at, dueAt: Number(dueAt), length, head: readEntry(head)};
}
