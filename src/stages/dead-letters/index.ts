import type {Cluster, Redis} from 'ioredis';
import {causeOf} from '../../core/letters/group.ts';
import {readLetter, toJson} from '../../core/parked-json.ts';
import type {DeadLetter, DeadLetters, Release} from '../../core/parked.ts';
import type {Told} from '../../core/state.ts';
import {targetPrefix, toldArgs} from '../state/index.ts';
import {ENROLL, GROUPS, LETTER_PAGE} from '../state/letter-groups.lua.ts';
import {LETTER, OVERTAKEN, RELETTER, UNLETTER} from '../state/letters.lua.ts';
import {releaseArgs} from '../state/release.ts';
import {createScripts} from '../state/scripts.ts';
import {enrollLetters, readGroups, type LetterGroup} from './groups.ts';
import {countLetters, listLetters, type LetterFilter, type LetterPage} from './list.ts';
import {pagesBy} from './pages.ts';
import {named, retryLetter, type LetterName, type Retried} from './retry.ts';

export type {LetterGroup} from './groups.ts';
export type {LetterFilter, LetterPage} from './list.ts';
export type {LetterName, Retried} from './retry.ts';

export interface DeadLettersOptions {
  redis: Redis | Cluster;
  prefix: string;
  target: string;
  /** Wakes a subject's lane at once: the lanes' own. Needed for `retry` alone. */
  wake?: (subject: string, delayMs: number) => Promise<void>;
  /** Takes a copy of each letter once it is written; a letter that is written twice comes twice. */
  mirror?: (letter: DeadLetter) => void;
  now?: () => number;
}

/** The dead letters of one target. */
export interface DeadLetterStage extends DeadLetters {
  /** The oldest first. */
  list(filter: LetterFilter): Promise<LetterPage>;
  get(id: string): Promise<DeadLetter | undefined>;
  /** Discards; resolves to those that were there. */
  remove(names: readonly LetterName[]): Promise<DeadLetter[]>;
  /** Back to the subjects' lanes (a member: back to its group; a manager: among those to be filled in), one by one, due after the delay; the claim fences what is overtaken. */
  retry(names: readonly LetterName[], delayMs?: number): Promise<Retried[]>;
  /** By cause. */
  counts(): Promise<Record<string, number>>;
  /**
   * How many letters a filter without a subject fits, by cause, the most first; those beyond the groups as `other`. Undefined where
   * only reading them tells.
   */
  countBy(filter: Omit<LetterFilter, 'subject'>): Promise<{cause: string; count: number}[] | undefined>;
  /** By what they have in common: leavers' first, then the largest. Some 500 at most, one of them for all other causes. */
  groups(): Promise<LetterGroup[]>;
  /** Puts letters that an older version wrote into groups; resolves to how many there were. */
  enroll(signal?: AbortSignal): Promise<number>;
}

/** Dead letters in Redis: one script a step, each harmless when it comes twice. */
export function createDeadLetters(options: DeadLettersOptions): DeadLetterStage {
  const {redis, mirror, wake, now = Date.now} = options;
  const key = targetPrefix(options.prefix, options.target);
  const run = createScripts(redis, key, {
    letter: LETTER,
    remove: UNLETTER,
    overtaken: OVERTAKEN,
    retry: RELETTER,
  });
  const reading = readingOf(options, key, now);
  return {
    ...reading,
    async add(letter: DeadLetter, release?: Release, members?: Told) {
      const given = release ?? nothingLeased(letter);
      const cause = causeOf(letter);
      const raw = toJson({...letter, group: cause.id});
      const head = [now(), letter.id, letter.subject ?? '', ...releaseArgs(given)];
      await run.letter([...head, raw, JSON.stringify(cause), ...toldArgs(members)]);
      mirror?.(letter);
    },
    async closeOvertaken(subject, {source, offset, occurredAt}, {members, managerId = ''}) {
      const gone = await run.overtaken([subject, source, offset, occurredAt, members ? 1 : 0, managerId]);
      return (gone as Buffer[]).map(readLetter);
    },
    async remove(names) {
      return names.length === 0 ? [] : ((await run.remove(names.flatMap(named))) as Buffer[]).map(readLetter);
    },
    async retry(names, delayMs = 0) {
      const {get} = reading;
      const results: Retried[] = [];
      for (const name of names)
        results.push(await retryLetter({name, get, run: run.retry, wake, now, delayMs}));
      return results;
    },
  };
}

type Reading = Pick<DeadLetterStage, 'get' | 'list' | 'groups' | 'counts' | 'countBy' | 'enroll'>;

/** What is known of the letters; of all this `enroll` alone writes. */
function readingOf({redis, target}: DeadLettersOptions, key: string, now: () => number): Reading {
  const run = createScripts(redis, key, {page: LETTER_PAGE, groups: GROUPS, enroll: ENROLL});
  const page = pagesBy(run);
  const groups = (): Promise<LetterGroup[]> => readGroups(target, run, now());
  return {
    groups,
    async get(id) {
      const found = await redis.hget(`${key}dl`, id);
      return found === null ? undefined : readLetter(found);
    },
    list: (filter) => listLetters({redis, key, page, groups}, filter),
    countBy: (filter) => countLetters({redis, key, page, groups}, filter),
    async enroll(signal) {
      const grouped = (await groups()).reduce((sum, {count}) => sum + count, 0);
      return enrollLetters({redis, key, page, run, grouped, ...(signal && {signal})});
    },
    async counts() {
      const found = await redis.hgetall(`${key}dlc`);
      return Object.fromEntries(Object.entries(found).map(([cause, count]) => [cause, Number(count)]));
    },
  };
}

const nothingLeased = ({position}: DeadLetter): Omit<Release, 'subject'> => ({
  kind: 'user',
  position,
  maybeDone: false,
  decided: false,
  unwanted: false,
});
