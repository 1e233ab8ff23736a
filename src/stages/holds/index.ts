import type {Cluster, Redis} from 'ioredis';
import {readEntry, toJson} from '../../core/parked-json.ts';
import type {Holds, LaneEntry, Lanes} from '../../core/parked.ts';
import {HOLD, UNHOLD} from '../state/holds.lua.ts';
import {targetPrefix} from '../state/index.ts';
import {createScripts} from '../state/scripts.ts';

/** A leave that waits for a person, or what a cut-off by hand bars. */
export interface Held {
  subject: string;
  /** Milliseconds since the epoch. */
  heldAt: number;
  entry: LaneEntry;
}

/** A leave that goes on, and the parked changes of its subject that it took the place of, for the caller to audit. */
export interface Approved {
  subject: string;
  superseded: LaneEntry[];
}

/** The leaves of one target that its guard holds. */
export interface HoldStage extends Holds {
  /** The oldest first. */
  list(): Promise<Held[]>;
  /** Each goes into its subject's lane, past the guard; resolves to those that were held. */
  approve(subjects: readonly string[], lanes: Pick<Lanes, 'wake'>): Promise<Approved[]>;
  /** Each is dropped, once `audit` has taken it: afterwards nobody could tell what it was. Resolves to those that were held. */
  discard(subjects: readonly string[], audit: (held: Held) => Promise<void>): Promise<string[]>;
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
  const end: End = async (subject, goesOn) => {
    const found = await readHeld(redis, key, subject);
    if (!found) return undefined;
    const reply = await run.unhold([now(), subject, found.text, await goesOn(found.held)]);
    const [ended, wakeAt = 0, ...gone] = reply as [number, number?, ...Buffer[]];
    return ended === 0 ? undefined : {wakeAt, superseded: gone.map(readEntry)};
  };
  return {
    async hold(entry, subject) {
      const {source, offset, occurredAt} = entry.position;
      const barred = entry.isBarred ? 1 : 0;
      const kept = await run.hold([now(), subject, source, offset, occurredAt, barred, toJson(entry)]);
      return kept === 1 ? 'held' : kept === 2 ? 'lifted' : 'overtaken';
    },
    list: () => listHeld(redis, key),
    approve: (subjects, lanes) => approve(subjects, lanes, end),
    discard: (subjects, audit) => discard(subjects, audit, end),
    count: () => redis.zcard(`${key}hz`),
  };
}

/** Ends one hold as the entry of a lane that `goesOn` gives, or empty; nothing when it is not held (any more). */
type End = (
  subject: string,
  goesOn: (held: Held) => Promise<string> | string,
) => Promise<{wakeAt: number; superseded: LaneEntry[]} | undefined>;

async function approve(
  subjects: readonly string[],
  lanes: Pick<Lanes, 'wake'>,
  end: End,
): Promise<Approved[]> {
  const approved: Approved[] = [];
  for (const subject of subjects) {
    const ended = await end(subject, ({entry}) => toJson({...entry, approved: true}));
    if (!ended) continue;
    if (ended.wakeAt > 0) await lanes.wake(subject, 0);
    approved.push({subject, superseded: ended.superseded});
  }
  return approved;
}

async function discard(
  subjects: readonly string[],
  audit: (held: Held) => Promise<void>,
  end: End,
): Promise<string[]> {
  const discarded: string[] = [];
  for (const subject of subjects) {
    const ended = await end(subject, async (held) => {
      await audit(held);
      return '';
    });
    if (ended) discarded.push(subject);
  }
  return discarded;
}

async function readHeld(
  redis: Redis | Cluster,
  key: string,
  subject: string,
): Promise<{text: string; held: Held} | undefined> {
  const [text, heldAt] = await Promise.all([
    redis.hget(`${key}h`, subject),
    redis.zscore(`${key}hz`, subject),
  ]);
  return text === null
    ? undefined
    : {text, held: {subject, heldAt: Number(heldAt ?? 0), entry: readEntry(text)}};
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
