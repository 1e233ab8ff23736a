import type {Cluster, Redis} from 'ioredis';
import {readLetter} from '../../core/parked-json.ts';
import type {DeadLetter} from '../../core/parked.ts';

/** Which letters; times in milliseconds since the epoch, both inclusive, of when it became a dead letter. */
export interface LetterFilter {
  cause?: string | undefined;
  subject?: string | undefined;
  since?: number | undefined;
  until?: number | undefined;
  /** Where the page before ended. */
  cursor?: string | undefined;
  /** At most so many; 100 unless told. */
  limit?: number | undefined;
}

export interface LetterPage {
  letters: DeadLetter[];
  /** Absent when there are no more. */
  cursor?: string;
}

/** An id with its time: what the letters are ordered by, and what a cursor says. */
interface Place {
  at: number;
  id: string;
}

const chunk = 500;
const isBehind = (place: Place, after: Place): boolean =>
  place.at !== after.at
    ? place.at > after.at
    : Buffer.compare(Buffer.from(place.id), Buffer.from(after.id)) > 0;

/** A page of letters, the oldest first. A letter that comes or goes between two pages shifts no other. */
export async function listLetters(
  redis: Redis | Cluster,
  key: string,
  filter: LetterFilter,
): Promise<LetterPage> {
  const {limit = 100} = filter;
  const letters: DeadLetter[] = [];
  let last = readCursor(filter.cursor);
  for (;;) {
    const places = await placesAfter(redis, key, filter, last);
    if (places.length === 0) return {letters};
    const found = await redis.hmget(`${key}dl`, ...places.map(({id}) => id));
    for (const [i, place] of places.entries()) {
      if (letters.length === limit) return {letters, cursor: `${last?.at ?? 0} ${last?.id ?? ''}`};
      last = place;
      const text = found[i];
      const letter = typeof text === 'string' ? readLetter(text) : undefined;
      if (letter !== undefined && matches(letter, filter)) letters.push(letter);
    }
  }
}

function readCursor(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const blank = cursor.indexOf(' ');
  return {at: Number(cursor.slice(0, blank)), id: cursor.slice(blank + 1)};
}

const matches = (letter: DeadLetter, {cause, subject}: LetterFilter): boolean =>
  (cause === undefined || letter.failure.cause === cause) &&
  (subject === undefined || letter.subject === subject);

/** The next places, some at a time. */
async function placesAfter(
  redis: Redis | Cluster,
  key: string,
  {subject, since, until}: LetterFilter,
  after: Place | undefined,
): Promise<Place[]> {
  const span = {from: since ?? 0, until: until ?? Infinity};
  const places =
    subject === undefined ? await timeline(redis, key, span, after) : await ofSubject(redis, key, subject);
  return places.filter(
    (place) =>
      place.at >= span.from && place.at <= span.until && (after === undefined || isBehind(place, after)),
  );
}

/** The rest of the millisecond where the page before ended, then at most a chunk of what is later. */
async function timeline(
  redis: Redis | Cluster,
  key: string,
  span: {from: number; until: number},
  after: Place | undefined,
): Promise<Place[]> {
  const zset = `${key}dlz`;
  const tied = after ? await redis.zrangebyscore(zset, after.at, after.at, 'WITHSCORES') : [];
  const from = after && after.at >= span.from ? `(${after.at}` : span.from;
  const until = span.until === Infinity ? '+inf' : span.until;
  const later = await redis.zrangebyscore(zset, from, until, 'WITHSCORES', 'LIMIT', 0, chunk);
  return [...pairs(tied), ...pairs(later)];
}

async function ofSubject(redis: Redis | Cluster, key: string, subject: string): Promise<Place[]> {
  const ids = await redis.smembers(`${key}dls:${subject}`);
  if (ids.length === 0) return [];
  const scores = await redis.zmscore(`${key}dlz`, ...ids);
  const places = ids.map((id, i): Place => ({id, at: Number(scores[i] ?? 0)}));
  return places.sort((a, b) => (isBehind(a, b) ? 1 : -1));
}

function pairs(flat: readonly string[]): Place[] {
  const places: Place[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) places.push({id: flat[i] ?? '', at: Number(flat[i + 1])});
  return places;
}
