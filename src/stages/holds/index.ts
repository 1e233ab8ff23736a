import type {Cluster, Redis} from 'ioredis';
import {readEntry, toJson} from '../../core/parked-json.ts';
import type {Holds, LaneEntry, Lanes} from '../../core/parked.ts';
import {HOLD, UNHOLD} from '../state/holds.lua.ts';
import {targetPrefix} from '../state/index.ts';
import {placesBehind, placeText, readPlace, type Place, type Span} from '../state/line.ts';
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

/** Whatever is held of a subject, or what was seen to be. */
export type HoldName = string | Held;

/** The leaves of one target that its guard holds. */
export interface HoldStage extends Holds {
  /** The oldest first. */
  list(): Promise<Held[]>;
  /** A page of them, the oldest first. `cursor`: where the page before ended; absent when there are no more. */
  page(
    span: Span,
    paging: {cursor?: string | undefined; limit: number},
  ): Promise<{held: Held[]; cursor?: string}>;
  read(subject: string): Promise<Held | undefined>;
  /** Each goes into its subject's lane, past the guard; resolves to those that were held. A {@link Held}: it, and nothing newer. */
  approve(names: readonly HoldName[], lanes: Pick<Lanes, 'wake'>): Promise<Approved[]>;
  /** Each is dropped, once `audit` has taken it: afterwards nobody could tell what it was. Resolves to those that were held. */
  discard(names: readonly HoldName[], audit: (held: Held) => Promise<void>): Promise<string[]>;
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
  const end: End = async (name, goesOn) => {
    const subject = subjectOf(name);
    const found = await readHeld(redis, key, subject);
    if (!found || (typeof name !== 'string' && found.held.entry.id !== name.entry.id)) return undefined;
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
    page: (span, paging) => pageHeld(redis, key, span, paging),
    read: async (subject) => (await readHeld(redis, key, subject))?.held,
    approve: (names, lanes) => approve(names, lanes, end),
    discard: (names, audit) => discard(names, audit, end),
    count: () => redis.zcard(`${key}hz`),
  };
}

const subjectOf = (name: HoldName): string => (typeof name === 'string' ? name : name.subject);

/** Ends one hold as the entry of a lane that `goesOn` gives, or empty; nothing when it is not held (any more). */
type End = (
  name: HoldName,
  goesOn: (held: Held) => Promise<string> | string,
) => Promise<{wakeAt: number; superseded: LaneEntry[]} | undefined>;

async function approve(
  names: readonly HoldName[],
  lanes: Pick<Lanes, 'wake'>,
  end: End,
): Promise<Approved[]> {
  const approved: Approved[] = [];
  for (const name of names) {
    const subject = subjectOf(name);
    const ended = await end(name, ({entry}) => toJson({...entry, approved: true}));
    if (!ended) continue;
    if (ended.wakeAt > 0) await lanes.wake(subject, 0);
    approved.push({subject, superseded: ended.superseded});
  }
  return approved;
}

async function discard(
  names: readonly HoldName[],
  audit: (held: Held) => Promise<void>,
  end: End,
): Promise<string[]> {
  const discarded: string[] = [];
  for (const name of names) {
    const ended = await end(name, async (held) => {
      await audit(held);
      return '';
    });
    if (ended) discarded.push(subjectOf(name));
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
  const places = flat.flatMap((id, i) => (i % 2 === 0 ? [{id, at: Number(flat[i + 1])}] : []));
  return heldAt(redis, key, places);
}

async function pageHeld(
  redis: Redis | Cluster,
  key: string,
  span: Span,
  {cursor, limit}: {cursor?: string | undefined; limit: number},
): Promise<{held: Held[]; cursor?: string}> {
  const after = cursor === undefined ? undefined : readPlace(cursor);
  const places = await placesBehind(redis, `${key}hz`, span, after, limit + 1);
  const read = places.slice(0, limit);
  const last = read.at(-1);
  const held = await heldAt(redis, key, read);
  return {held, ...(places.length > limit && last && {cursor: placeText(last)})};
}

async function heldAt(redis: Redis | Cluster, key: string, places: readonly Place[]): Promise<Held[]> {
  if (places.length === 0) return [];
  const found = await redis.hmget(`${key}h`, ...places.map(({id}) => id));
  return places.flatMap(({id, at}, i) => {
    const text = found[i];
    // One that ended between the two reads is left out.
    return typeof text === 'string' ? [{subject: id, heldAt: at, entry: readEntry(text)}] : [];
  });
}
