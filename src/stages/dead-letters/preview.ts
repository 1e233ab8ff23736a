import {Buffer} from 'node:buffer';
import type {Meaning} from '../../core/meaning.ts';
import type {DeadLetter} from '../../core/parked.ts';
import type {Place} from '../state/line.ts';
import type {LetterGroup} from './groups.ts';
import {lineOf, type PageOf} from './pages.ts';
import {askFor} from './retry.ts';

/** What a letter would now do: its bytes decoded, mapped and planned again, with today's schema and config. */
export type Foresee = (letter: DeadLetter) => Promise<Pick<Meaning, 'does'> & Partial<Meaning>>;

/** One letter that was looked at. */
export interface Foreseen extends Partial<Meaning> {
  id: string;
  subject: string;
  does: string;
}

/** What a retry of a group would be about, and do. */
export interface RetryPreview {
  group: LetterGroup;
  count: number;
  /** Says what was seen: a retry of anything else is refused. */
  token: string;
  /** How many of the oldest were looked at, and how many of them would do what. */
  looked: number;
  would: {does: string; count: number}[];
  /** Each that was looked at. */
  sample: Foreseen[];
}

const usualMost = 200;
const chunk = 100;

/** A letter that was looked at; what it says may be overtaken. */
export interface SeenLetter {
  id: string;
  letter: DeadLetter | undefined;
  isOvertaken: boolean;
}

interface Looking {
  group: LetterGroup;
  page: PageOf;
  seen: (ids: readonly string[]) => Promise<SeenLetter[]>;
}

/** Looks at the oldest letters of a group, `most` at most. */
export async function preview(
  {group, page, seen}: Looking,
  foresee: Foresee,
  most: number = usualMost,
): Promise<RetryPreview> {
  const sample: Foreseen[] = [];
  let last: Place | undefined;
  while (sample.length < most) {
    const places = await page(lineOf(group.id), {}, last, Math.min(chunk, most - sample.length));
    last = places.at(-1);
    if (last === undefined) break;
    for (const one of await seen(places.map(({id}) => id))) {
      const foreseen = await foreseeLetter(one, foresee);
      if (foreseen) sample.push(foreseen);
    }
  }
  const byWhat = Map.groupBy(sample, ({does}) => does);
  const would = [...byWhat]
    .map(([does, {length: count}]) => ({does, count}))
    .sort((a, b) => b.count - a.count);
  const token = tokenOf({count: group.count, at: group.lastAt, id: group.example});
  return {group, count: group.count, token, looked: sample.length, would, sample};
}

/** Undefined when the letter is gone. */
export async function foreseeLetter(
  {id, letter, isOvertaken}: SeenLetter,
  foresee: Foresee,
): Promise<Foreseen | undefined> {
  if (!letter) return undefined;
  const asked = askFor(letter, 0);
  const about = {id, subject: asked.subject};
  if (!asked.ok) return {...about, does: 'refused', reason: asked.reason};
  if (isOvertaken)
    return {...about, does: 'superseded', reason: 'a newer event of the subject was decided since'};
  return {...about, ...(await foresee(letter))};
}

interface Token extends Place {
  count: number;
}

/** How many letters there were, and which was the newest: any that comes, goes or changes places makes another. */
const tokenOf = ({count, at, id}: Token): string =>
  Buffer.from(JSON.stringify([count, at, id])).toString('base64url');

/** Undefined where it is no token of ours. */
export function readToken(token: string): Token | undefined {
  try {
    const [count, at, id] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as [
      number,
      number,
      string,
    ];
    return {count, at, id};
  } catch {
    return undefined;
  }
}
