import type {Cluster, Redis} from 'ioredis';

/** A member of a sorted set with its score: what a time line is ordered by, and what a cursor says. */
export interface Place {
  at: number;
  id: string;
}

/** A part of a time line; both ends inclusive, in milliseconds since the epoch. */
export interface Span {
  since?: number | undefined;
  until?: number | undefined;
}

/**
 * The next places of a sorted set behind one, so many at most. One that comes or goes between two pages shifts no other.
 * Those that share a millisecond with the one before are read at once: they are few.
 */
export async function placesBehind(
  redis: Redis | Cluster,
  line: string,
  {since = 0, until}: Span,
  after: Place | undefined,
  most: number,
): Promise<Place[]> {
  const to = until ?? '+inf';
  const isInside = after !== undefined && after.at >= since && (until === undefined || after.at <= until);
  const tied = isInside ? pairs(await redis.zrangebyscore(line, after.at, after.at, 'WITHSCORES')) : [];
  const behind = tied.filter(({id}) => after && Buffer.compare(Buffer.from(id), Buffer.from(after.id)) > 0);
  const from = after && after.at >= since ? `(${after.at}` : since;
  const later = await redis.zrangebyscore(line, from, to, 'WITHSCORES', 'LIMIT', 0, most);
  return [...behind, ...pairs(later)].slice(0, most);
}

/** A place as a cursor. */
export const placeText = ({at, id}: Place): string => `${at} ${id}`;

/** What {@link placeText} made; undefined where it is none. */
export function readPlace(text: string): Place | undefined {
  const [, at, id] = /^(\d+(?:\.\d+)?) (.+)$/s.exec(text) ?? [];
  return at === undefined || id === undefined ? undefined : {at: Number(at), id};
}

function pairs(flat: readonly string[]): Place[] {
  const places: Place[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) places.push({id: flat[i] ?? '', at: Number(flat[i + 1])});
  return places;
}
