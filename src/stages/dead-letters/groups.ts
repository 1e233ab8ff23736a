import type {Buffer} from 'node:buffer';
import type {Cluster, Redis} from 'ioredis';
import {adviceFor} from '../../core/letters/advice.ts';
import {causeOf, type LetterCause} from '../../core/letters/group.ts';
import {readLetter, toJson} from '../../core/parked-json.ts';
import type {Scripts} from '../state/scripts.ts';
import type {Place} from '../state/line.ts';
import {allLetters, type PageOf} from './pages.ts';

/** The letters of one target and one cause, as they are now; times in milliseconds since the epoch. */
export interface LetterGroup extends LetterCause {
  target: string;
  count: number;
  /** When the oldest and the newest of its letters died. */
  firstAt: number;
  lastAt: number;
  /** How many of its letters died in each of the last 24 hours, the latest last. */
  trend: number[];
  /** The newest letter's id. */
  example: string;
  /** What usually fixes it. */
  advice: string;
}

const hourMs = 3_600_000;
const trendHours = 24;

/** The groups of one target, the largest first; leavers' before all. */
export async function readGroups(
  target: string,
  run: Scripts<'groups'>,
  now: number,
): Promise<LetterGroup[]> {
  const found = (await run.groups([now, hourMs, trendHours])) as Row[];
  return found
    .map((row) => groupOf(target, row))
    .sort((a, b) => Number(b.isCutOff) - Number(a.isCutOff) || b.count - a.count);
}

type Row = [
  id: Buffer,
  about: Buffer,
  count: number,
  first: Buffer,
  firstAt: Buffer,
  last: Buffer,
  lastAt: Buffer,
  trend: number[],
];

function groupOf(target: string, [, about, count, , firstAt, last, lastAt, trend]: Row): LetterGroup {
  const cause = JSON.parse(String(about)) as LetterCause;
  return {
    target,
    ...cause,
    count,
    firstAt: Number(String(firstAt)),
    lastAt: Number(String(lastAt)),
    trend,
    example: String(last),
    advice: adviceFor(cause),
  };
}

interface Enrolling {
  redis: Redis | Cluster;
  /** The target's prefix. */
  key: string;
  page: PageOf;
  run: Scripts<'enroll'>;
  signal?: AbortSignal;
}

const enrolledAtOnce = 200;

/**
 * Puts the letters that an older version wrote into groups; resolves to how many there were. Each is one step of its own: what was done
 * stays done when this ends in the middle, and two may do it at once.
 */
export async function enrollLetters(options: Enrolling & {grouped: number}): Promise<number> {
  const {redis, key, page, grouped, signal} = options;
  if ((await redis.zcard(`${key}${allLetters}`)) <= grouped) return 0;
  let count = 0;
  let last: Place | undefined;
  while (signal?.aborted !== true) {
    const places = await page(allLetters, {}, last, enrolledAtOnce);
    last = places.at(-1);
    if (last === undefined) break;
    count += await enroll(
      options,
      places.map(({id}) => id),
    );
  }
  return count;
}

async function enroll({redis, key, run}: Enrolling, ids: string[]): Promise<number> {
  const found = await redis.hmget(`${key}dl`, ...ids);
  const args = ids.flatMap((id, i) => {
    const text = found[i];
    const letter = typeof text === 'string' ? readLetter(text) : undefined;
    if (typeof text !== 'string' || !letter || letter.group !== undefined) return [];
    const cause = causeOf(letter);
    return [id, text, toJson({...letter, group: cause.id}), JSON.stringify(cause)];
  });
  return args.length === 0 ? 0 : ((await run.enroll(args)) as number);
}
