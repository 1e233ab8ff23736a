import type {Cluster, Redis} from 'ioredis';
import {otherGroup} from '../../core/letters/group.ts';
import {readLetter} from '../../core/parked-json.ts';
import type {DeadLetter} from '../../core/parked.ts';
import {placeText, readPlace, type Place, type Span} from '../state/line.ts';
import type {LetterGroup} from './groups.ts';
import {allLetters, compare, lineOf, type PageOf} from './pages.ts';

/** Which letters; times in milliseconds since the epoch, both inclusive, of when it became a dead letter. */
export interface LetterFilter extends Span {
  /** A group's id, a kind of failure, or a cause. */
  cause?: string | undefined;
  subject?: string | undefined;
  /** Where the page before ended. */
  cursor?: string | undefined;
  /** At most so many; 100 unless told. */
  limit?: number | undefined;
}

export interface LetterPage {
  letters: DeadLetter[];
  /** Absent when there are no more. A page may be short, or empty, and have one. */
  cursor?: string;
}

/** What a page is made from. */
export interface Listed {
  redis: Redis | Cluster;
  /** The target's prefix. */
  key: string;
  page: PageOf;
  groups: () => Promise<LetterGroup[]>;
}

/** Letters that are read for one page, at most: of a filter that few match, it ends early. */
const mostRead = 2000;
const chunk = 500;

/** A page of letters, the oldest first. A letter that comes or goes between two pages shifts no other. */
export async function listLetters(from: Listed, filter: LetterFilter): Promise<LetterPage> {
  const {limit = 100} = filter;
  const {next, isMixed} = await linesOf(from, filter);
  const letters: DeadLetter[] = [];
  let last = filter.cursor === undefined ? undefined : readPlace(filter.cursor);
  for (let read = 0; ;) {
    const size = isMixed ? chunk : Math.min(chunk, limit - letters.length + 1);
    const places = await next(last, size);
    const found = await lettersAt(from, places);
    for (const [i, place] of places.entries()) {
      if (letters.length === limit || read === mostRead)
        return {letters, ...(last && {cursor: placeText(last)})};
      last = place;
      read += 1;
      const letter = found[i];
      if (letter && matches(letter, filter)) letters.push(letter);
    }
    if (places.length < size) return {letters};
  }
}

/** Counted without reading a letter; undefined where some would have to be read. */
export async function countLetters(
  {redis, key, groups}: Listed,
  {cause, since, until}: LetterFilter,
): Promise<{cause: string; count: number}[] | undefined> {
  const all = await groups();
  if (cause !== undefined && cause !== otherGroup && all.some(({id}) => id === otherGroup)) return undefined;
  const counted = await Promise.all(
    (cause === undefined ? all : groupsOfCause(all, cause)).map(async (one) => ({
      cause: one.cause,
      count: await redis.zcount(key + lineOf(one.id), since ?? '-inf', until ?? '+inf'),
    })),
  );
  return [...Map.groupBy(counted, (one) => one.cause)]
    .map(([name, list]) => ({cause: name, count: list.reduce((sum, {count}) => sum + count, 0)}))
    .filter(({count}) => count > 0)
    .sort((a, b) => b.count - a.count);
}

/** What stands at these places; undefined where a letter has gone meanwhile. */
export async function lettersAt(
  {redis, key}: Pick<Listed, 'redis' | 'key'>,
  places: readonly Pick<Place, 'id'>[],
): Promise<(DeadLetter | undefined)[]> {
  if (places.length === 0) return [];
  const found = await redis.hmget(`${key}dl`, ...places.map(({id}) => id));
  return found.map((text) => (typeof text === 'string' ? readLetter(text) : undefined));
}

/** A group's id, a kind of failure, or a cause: which groups it means; the one for all others may hold some too. */
export const groupsOfCause = (groups: readonly LetterGroup[], cause: string): LetterGroup[] =>
  groups.filter((one) => one.id === cause || one.kind === cause || one.cause === cause);

/** One that was written anew keeps its place, and is of a later time. */
const matches = (letter: DeadLetter, {cause, subject, until = Infinity}: LetterFilter): boolean =>
  letter.at <= until &&
  (subject === undefined || letter.subject === subject) &&
  (cause === undefined ||
    [letter.failure.cause, letter.failure.kind, letter.group].includes(cause) ||
    cause === otherGroup);

type Next = (after: Place | undefined, most: number) => Promise<Place[]>;

interface Lines {
  next: Next;
  /** Others stand there too, and more is to be read than is wanted. */
  isMixed: boolean;
}

/** Which time lines hold what is asked for, read as one. */
async function linesOf(from: Listed, filter: LetterFilter): Promise<Lines> {
  const {subject, cause} = filter;
  if (subject !== undefined)
    return {next: await ofSubject(from, subject, filter), isMixed: cause !== undefined};
  if (cause === undefined)
    return {next: (after, most) => from.page(allLetters, filter, after, most), isMixed: false};
  const groups = await from.groups();
  const meant = groupsOfCause(groups, cause).map(({id}) => id);
  const others = groups.filter(({id}) => id === otherGroup).map(({id}) => id);
  const mixed = meant.includes(cause) ? [] : others;
  const lines = [...new Set([...meant, ...mixed])].map(lineOf);
  const next: Next = async (after, most) => {
    const pages = await Promise.all(lines.map((line) => from.page(line, filter, after, most)));
    return pages.flat().toSorted(compare).slice(0, most);
  };
  return {next, isMixed: mixed.length > 0};
}

/** One subject has few: they are read at once. */
async function ofSubject({redis, key}: Listed, subject: string, {since, until}: Span): Promise<Next> {
  const ids = await redis.smembers(`${key}dls:${subject}`);
  const scores = ids.length === 0 ? [] : await redis.zmscore(`${key}dlz`, ...ids);
  const places = ids.map((id, i): Place => ({id, at: Number(scores[i] ?? 0)})).sort(compare);
  const inside = places.filter(({at}) => at >= (since ?? 0) && at <= (until ?? Infinity));
  return (after, most) => {
    const left = after ? inside.filter((place) => compare(place, after) > 0) : inside;
    return Promise.resolve(left.slice(0, most));
  };
}
