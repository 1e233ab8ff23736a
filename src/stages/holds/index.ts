import type {Cluster, Redis} from 'ioredis';
import {readEntry, toJson} from '../../core/parked-json.ts';
import type {Holds, LaneEntry, Lanes} from '../../core/parked.ts';
import {HOLD, UNHOLD} from '../state/holds.lua.ts';
import {targetPrefix} from '../state/index.ts';
import {createScripts} from '../state/scripts.ts';

/** A leave that waits for a person. */
export interface Held {
  subject: string;
  /** Milliseconds since the epoch. */
  heldAt: number;
  entry: LaneEntry;
}

/** The leaves of one target that its guard holds. */
export interface HoldStage extends Holds {
  /** The oldest first. */
  list(): Promise<Held[]>;
  /** Each goes into its subject's lane, past the guard; resolves to the subjects that were held. */
  approve(subjects: readonly string[], lanes: Pick<Lanes, 'wake'>): Promise<string[]>;
  /** Each is dropped, for the caller to audit; resolves to those that were held. */
  discard(subjects: readonly string[]): Promise<Held[]>;
  /** How many are held. */
  count(): Promise<number>;
}

/** Holds in Redis: one script a step. A newer decision about the subject ends a hold by itself. */
export function createHolds(options: {
  redis: Redis | Cluster;
  prefix: string;
  target: string;
  now?: () => number;
}): HoldStage {
  const {redis, now = Date.now} = options;
  const key = targetPrefix(options.prefix, options.target);
  const run = createScripts(redis, key, {hold: HOLD, unhold: UNHOLD});
  const end = async (subject: string, lanes?: Pick<Lanes, 'wake'>): Promise<Held[]> => {
    const [held, heldAt] = await Promise.all([
      redis.hget(`${key}h`, subject),
      redis.zscore(`${key}hz`, subject),
    ]);
    if (held === null) return [];
    const entry = readEntry(held);
    const goesOn = lanes ? toJson({...entry, approved: true}) : '';
    const [ended, wakeAt] = (await run.unhold([now(), subject, held, goesOn])) as [number, number?];
    if (ended === 0) return [];
    if (wakeAt !== undefined && wakeAt > 0) await lanes?.wake(subject, 0);
    return [{subject, heldAt: Number(heldAt ?? 0), entry}];
  };
  const endAll = async (subjects: readonly string[], lanes?: Pick<Lanes, 'wake'>): Promise<Held[]> => {
    const ended: Held[] = [];
    for (const subject of subjects) ended.push(...(await end(subject, lanes)));
    return ended;
  };
  return {
    async hold(entry, subject) {
      const {source, offset, occurredAt} = entry.position;
      return (await run.hold([now(), subject, source, offset, occurredAt, toJson(entry)])) === 1;
    },
    list: () => listHeld(redis, key),
    approve: async (subjects, lanes) => (await endAll(subjects, lanes)).map(({subject}) => subject),
    discard: (subjects) => endAll(subjects),
    count: () => redis.zcard(`${key}hz`),
  };
}

async function listHeld(redis: Redis | Cluster, key: string): Promise<Held[]> {
  const flat = await redis.zrange(`${key}hz`, 0, '-1', 'WITHSCORES');
  const subjects = flat.filter((_, i) => i % 2 === 0);
  if (subjects.length === 0) return [];
  const found = await redis.hmget(`${key}h`, ...subjects);
  return subjects.flatMap((subject, i) => {
    const text = found[i];
    // One that ended between the two reads is left out.
    return typeof text === 'string'
      ? [{subject, heldAt: Number(flat[2 * i + 1]), entry: readEntry(text)}]
      : [];
  });
}
