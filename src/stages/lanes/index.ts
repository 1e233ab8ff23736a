import type {Cluster, Redis} from 'ioredis';
import type {Logger} from '../../core/connector.ts';
import {readEntry, toJson} from '../../core/parked-json.ts';
import type {LaneEntry, Lanes} from '../../core/parked.ts';
import {targetPrefix} from '../state/index.ts';
import {gathered} from '../state/gather.ts';
import {LANE_HEADS, LANE_TURN, LANE_WAKE, LANES_DUE, PARK} from '../state/lanes.lua.ts';
import {releaseArgs} from '../state/release.ts';
import {createScripts, type ScriptArg, type Scripts} from '../state/scripts.ts';
import {readCounts, type LaneCounts} from './counts.ts';
import {tickMs} from './ticks.ts';
import {createTimer, type Timer} from './timer.ts';
import {Waking, type DueLanes, type LaneWork} from './waking.ts';

export type {LaneCounts} from './counts.ts';

export interface LanesOptions {
  redis: Redis | Cluster;
  prefix: string;
  target: string;
  /** `false`: no parked change takes the place of another. */
  coalesce: boolean;
  log: Logger;
  now?: () => number;
}

/** The lanes of one target, and the timer that wakes them. */
export interface LaneStage extends Lanes {
  /**
   * From now on this process works on lanes that are due: `work` is called with the lane's subject, leavers first, once at a time
   * for each; again, where one that waits has become a leaver's.
   */
  start(work: LaneWork): Promise<void>;
  /** Waits for the work under way and closes what was opened here; rejects after all of it when a part failed. */
  stop(): Promise<void>;
  counts(): Promise<LaneCounts>;
}

/** Timers are not that exact. */
const dueSlackMs = tickMs;

/** What has been due for longer was left behind: the sweep (src/stages/leftovers) wakes it anew. */
const recentMs = 10_000;

type Run = Scripts<'park' | 'turn' | 'heads' | 'wake' | 'due'>;

/**
 * Lanes in Redis, woken by BullMQ. A call that changes a lane is one script, then a wake; when the process dies between the
 * two, the lane is found as overdue (src/stages/leftovers). A wake too many is harmless: the subject's lease decides.
 */
export function createLanes(options: LanesOptions): LaneStage {
  const {redis, now = Date.now} = options;
  const key = targetPrefix(options.prefix, options.target);
  const run = createScripts(redis, key, {
    park: PARK,
    turn: LANE_TURN,
    heads: LANE_HEADS,
    wake: LANE_WAKE,
    due: LANES_DUE,
  });
  const timer = createTimer({...options, now});
  const wakeAt = (at: number): Promise<void> => timer.set(at - now());
  const wake = async (subject: string, delayMs: number, notSooner: boolean): Promise<void> => {
    const isSet = await run.wake([now() + delayMs, subject, notSooner ? 1 : 0]);
    if (isSet === 1) await timer.set(delayMs);
  };
  return {
    park: parking(run, wakeAt, options.coalesce, now),
    head: (subject) => readHead(redis, key, subject),
    due: readingDue(run, now),
    turn: turning(run, wakeAt, now),
    wake: (subject, delayMs) => wake(subject, delayMs, false),
    putOff: (subject, delayMs) => wake(subject, delayMs, true),
    parked: async () => Number((await redis.hget(`${key}n`, 'parked')) ?? 0),
    counts: () => readCounts(redis, key),
    ...startAndStop(timer, options, readDueLanes(run.due, now)),
  };
}

type WakeAt = (at: number) => Promise<void>;

function parking(run: Run, wakeAt: WakeAt, coalesce: boolean, now: () => number): Lanes['park'] {
  return async (release, entry, delayMs) => {
    const at = now();
    const head = [at, at + delayMs, release.subject, ...releaseArgs(release)];
    const reply = await run.park([...head, coalesce ? 1 : 0, toJson(entry)]);
    const [word, parked = 0, wake = 0, ...gone] = reply as [Buffer, number?, number?, ...Buffer[]];
    if (String(word) === 'lost') return {lost: true, parked, superseded: []};
    if (wake > 0) await wakeAt(wake);
    return {lost: false, parked, superseded: gone.map(readEntry)};
  };
}

function readingDue(run: Run, now: () => number): Lanes['due'] {
  const heads = gathered(
    async (subjects: readonly string[]) =>
      (await run.heads([now() + dueSlackMs, ...subjects])) as (Buffer | null)[],
  );
  return async (subject) => {
    const head = await heads(subject);
    return head === null ? undefined : readEntry(head);
  };
}

function turning(run: Run, wakeAt: WakeAt, now: () => number): Lanes['turn'] {
  const turns = gathered(
    async (each: readonly (readonly ScriptArg[])[]) => (await run.turn([now(), ...each.flat()])) as Turned[],
  );
  return async (release, id, next) => {
    const head = [now() + (next?.delayMs ?? 0), release.subject, ...releaseArgs(release)];
    const [left, wake] = readTurned(await turns([...head, id, next === undefined ? '' : toJson(next.entry)]));
    if (left > 0) await wakeAt(wake);
    return left;
  };
}

/** Entries left in the lane and when to wake it, in ms since the epoch; or what went wrong with this one. */
type Turned = [left: number, wakeAt: number] | [failure: Buffer];

function readTurned(turned: Turned): [left: number, wakeAt: number] {
  const [first, wakeAt] = turned;
  if (typeof first === 'number') return [first, Number(wakeAt)];
  // As Redis' own answer that it can not.
  throw Object.assign(new Error(String(first)), {name: 'ReplyError'});
}

type ReadDueLanes = (mostCutOffs: number, most: number) => Promise<DueLanes>;

function readDueLanes(read: (args: readonly number[]) => Promise<unknown>, now: () => number): ReadDueLanes {
  return async (mostCutOffs, most) => {
    const span = [now(), now() - recentMs, now() + dueSlackMs];
    const [cutOffs, all] = (await read([...span, mostCutOffs, most])) as [Buffer[], Buffer[]];
    return {cutOffs: cutOffs.map(String), all: all.map(String)};
  };
}

function startAndStop(
  timer: Timer,
  {target, log}: LanesOptions,
  due: ReadDueLanes,
): Pick<LaneStage, 'start' | 'stop'> {
  let waking: Waking | undefined;
  return {
    start(work) {
      const handing = new Waking(work, {target, log, due, again: () => timer.set(0)});
      waking = handing;
      return timer.start(() => handing.ring());
    },
    async stop() {
      await timer.stop();
      await waking?.over();
    },
  };
}

async function readHead(
  redis: Redis | Cluster,
  key: string,
  subject: string,
): Promise<LaneEntry | undefined> {
  const found = await redis.lindex(`${key}lane:${subject}`, 0);
  return found === null ? undefined : readEntry(found);
}
