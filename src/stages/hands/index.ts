import type {Cluster, Redis} from 'ioredis';
import {handId, type HandEnd, type HandMark, type Hands} from '../../core/hand.ts';
import {readEntry, toJson} from '../../core/parked-json.ts';
import type {LaneEntry, Lanes} from '../../core/parked.ts';
import {LIFT, MARK} from '../state/marks.lua.ts';
import {targetPrefix} from '../state/index.ts';
import {createScripts} from '../state/scripts.ts';

/** Somebody who is cut off by hand. */
export interface Marked {
  subject: string;
  mark: HandMark;
}

/** The cut-offs by hand at one target. */
export interface HandStage extends Hands {
  /** Marked, and first in its lane, which is woken; false for a group. Marked already, the first mark stays and it is done again. */
  mark(subject: string, mark: HandMark, lanes: Pick<Lanes, 'wake'>): Promise<boolean>;
  /** What was barred goes on; false when the subject is not marked. */
  lift(subject: string, lanes: Pick<Lanes, 'wake'>): Promise<boolean>;
  read(subject: string): Promise<HandMark | undefined>;
  list(): Promise<Marked[]>;
  /** How the last attempt ended, since the last mark. */
  end(subject: string): Promise<HandEnd | undefined>;
}

/** Marks in Redis: one script a step, so that a crash leaves no half of one. */
export function createHands(options: {
  redis: Redis | Cluster;
  prefix: string;
  target: string;
  now?: () => number;
}): HandStage {
  const {redis, now = Date.now} = options;
  const key = targetPrefix(options.prefix, options.target);
  const run = createScripts(redis, key, {mark: MARK, lift: LIFT});
  return {
    async mark(subject, mark, lanes) {
      const at = now();
      const texts = [JSON.stringify(mark), toJson(entryOf(subject, mark))];
      const [marked, wakeAt = 0] = (await run.mark([at, subject, ...texts])) as [number, number?];
      if (wakeAt > 0) await lanes.wake(subject, wakeAt - at);
      return marked === 1;
    },
    async lift(subject, lanes) {
      for (;;) {
        const held = (await redis.hget(`${key}h`, subject)) ?? '';
        const lifted = await run.lift([now(), subject, handId(subject), held, goesOn(held)]);
        if (lifted === 2) continue;
        if (lifted === 1) await lanes.wake(subject, 0);
        return lifted === 1;
      }
    },
    read: async (subject) => parse(await redis.hget(`${key}hand`, subject)) as HandMark | undefined,
    async list() {
      const all = Object.entries(await redis.hgetall(`${key}hand`));
      return all.map(([subject, text]) => ({subject, mark: JSON.parse(text) as HandMark}));
    },
    async ended(subject, end) {
      await redis.hset(`${key}proof`, subject, JSON.stringify(end));
    },
    end: async (subject) => parse(await redis.hget(`${key}proof`, subject)) as HandEnd | undefined,
  };
}

const parse = (found: string | null): unknown => (found === null ? undefined : JSON.parse(found));

/** It stands nowhere in the subject's history: older than everything, and fenced by nothing. */
const entryOf = (subject: string, hand: HandMark): LaneEntry => ({
  id: handId(subject),
  kind: 'cutOff',
  saysMembers: false,
  position: {source: 0, offset: -1, occurredAt: hand.at},
  firstAt: hand.at,
  attempts: 0,
  ageMs: 0,
  approved: true,
  force: true,
  hand,
});

/** A held leave is the guard's, and waits on. */
function goesOn(held: string): string {
  if (held === '') return '';
  const {isBarred, ...entry} = readEntry(held);
  return isBarred ? toJson({...entry, force: true}) : '';
}
