import type {Cluster, Redis} from 'ioredis';
import {readEntry, toJson} from '../../core/parked-json.ts';
import type {Holds, LaneEntry, Lanes} from '../../core/parked.ts';
import {HOLD} from '../state/holds.lua.ts';
import {targetPrefix} from '../state/index.ts';
import {createScripts} from '../state/scripts.ts';

export interface HoldsOptions {
  redis: Redis | Cluster;
  prefix: string;
  target: string;
  now?: () => number;
}

/** One leave that waits for a person. */
export interface Held {
  subject: string;
  entry: LaneEntry;
}

export interface HoldStage extends Holds {
  /** Everything that is held, by subject. */
  list(): Promise<Held[]>;
  /** Into its lane, past the guard. The subjects that were held. */
  approve(subjects: readonly string[], lanes: Pick<Lanes, 'park'>): Promise<string[]>;
  /** Dropped: the account stays as it is until a newer event. The subjects that were held. */
  discard(subjects: readonly string[]): Promise<string[]>;
}

/** Leaves that the guard holds, in Redis. */
export function createHolds(options: HoldsOptions): HoldStage {
  const {redis, now = Date.now} = options;
  const key = targetPrefix(options.prefix, options.target);
  const run = createScripts(redis, key, {hold: HOLD});
  const take = async (subject: string): Promise<LaneEntry | undefined> => {
    const raw = await redis.hget(`${key}h`, subject);
    return raw === null ? undefined : readEntry(raw);
  };
  const drop = async (subject: string): Promise<void> => {
    await redis.hdel(`${key}h`, subject);
    await redis.zrem(`${key}hz`, subject);
  };
  return {
    async hold(entry, subject) {
      const {source, offset, occurredAt} = entry.position;
      return (await run.hold([now(), subject, source, offset, occurredAt, toJson(entry)])) === 1;
    },
    async list() {
      const all = await redis.hgetall(`${key}h`);
      return Object.entries(all).map(([subject, raw]) => ({subject, entry: readEntry(raw)}));
    },
    async approve(subjects, lanes) {
      const approved: string[] = [];
      for (const subject of subjects) {
        const entry = await take(subject);
        if (!entry) continue;
        const release = {
          subject,
          kind: 'user' as const,
          position: entry.position,
          maybeDone: false,
          decided: false,
          unwanted: true,
        };
        // Parked first: dying between the two, it is approved and held, and approved again changes nothing.
        await lanes.park(release, {...entry, approved: true}, 0);
        await drop(subject);
        approved.push(subject);
      }
      return approved;
    },
    async discard(subjects) {
      const discarded: string[] = [];
      for (const subject of subjects) {
        if (!(await take(subject))) continue;
        await drop(subject);
        discarded.push(subject);
      }
      return discarded;
    },
  };
}
