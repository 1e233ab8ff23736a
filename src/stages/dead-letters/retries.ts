import type {Buffer} from 'node:buffer';
import type {Audit} from '../../core/audit.ts';
import {auditClosed} from '../../core/letters/closed.ts';
import {readLetter} from '../../core/parked-json.ts';
import {targetPrefix} from '../state/index.ts';
import {GROUPS, LETTER_PAGE} from '../state/letter-groups.lua.ts';
import {LETTERS_SEEN, RETRY_END, RETRY_START, RETRY_STEP} from '../state/letter-retries.lua.ts';
import {createScripts} from '../state/scripts.ts';
import {placeText, readPlace, type Place} from '../state/line.ts';
import {readGroups, type LetterGroup} from './groups.ts';
import type {DeadLettersOptions} from './index.ts';
import {pagesBy, lineOf, compare} from './pages.ts';
import {
  foreseeLetter,
  preview,
  readToken,
  type Foresee,
  type Foreseen,
  type RetryPreview,
  type SeenLetter,
} from './preview.ts';
import {readProgress, type RetryProgress} from './progress.ts';
import {askFor} from './retry.ts';

export type {Foresee, Foreseen, RetryPreview} from './preview.ts';
export type {RetryItem, RetryProgress} from './progress.ts';
export type {LetterGroup} from './groups.ts';

/** The retry of whole groups of one target's dead letters. */
export interface LetterRetries {
  /** Leavers' first, then the largest. */
  groupsOf(): Promise<LetterGroup[]>;
  /** What a retry would be about and do; undefined when there is no such group. */
  previewRetry(group: string, foresee: Foresee, most?: number): Promise<RetryPreview | undefined>;
  /** What one letter would do now; undefined when it is not there. */
  foreseeOne(id: string, foresee: Foresee): Promise<Foreseen | undefined>;
  /** Starts one of what the preview has seen, unless that has changed: whoever calls `work` carries it out. */
  startRetry(group: string, token: string, who: {by: string; reason?: string}): Promise<RetryStart>;
  /** The last retry of a group, with what became of each letter after `after`; undefined when none is remembered. */
  retryProgress(group: string, after?: string): Promise<RetryProgress | undefined>;
  /** What was not tried stays a dead letter; false when none runs. */
  stopRetry(group: string): Promise<boolean>;
  /** Groups whose retry runs. */
  running(): Promise<string[]>;
  /** The next letters of a retry; resolves to how long to wait before those after them, in ms, or to undefined when it is over. */
  step(group: string): Promise<number | undefined>;
}

/** `stale`: it is not what the preview has seen; `count` letters stand there now. */
export type RetryStart = {result: 'started'} | {result: 'running'} | {result: 'stale'; count: number};

export interface RetriesOptions extends Omit<DeadLettersOptions, 'mirror'> {
  audit: Pick<Audit, 'append'>;
  /** Milliseconds between two letters: no more of them come than the target is asked for anyway. Leavers' do not wait. */
  everyMs: number;
  /** With so many parked changes no more are added: some are left for what fails by itself. */
  mostParked: number;
}

/** How long it is remembered what became of a retry. */
const rememberMs = 7 * 24 * 3_600_000;
const fullMs = 1000;
const mostAtOnce = 100;

/**
 * A retry is a note in Redis that anybody may carry out, in small steps: a step moves letters, counts them and says where the next begins,
 * all at once. Who dies has left whole steps behind, and of two who take the same step one does it.
 */
export function createLetterRetries(options: RetriesOptions): LetterRetries {
  const {redis, target, now = Date.now} = options;
  const key = targetPrefix(options.prefix, target);
  const run = createScripts(redis, key, {
    page: LETTER_PAGE,
    groups: GROUPS,
    seen: LETTERS_SEEN,
    start: RETRY_START,
    step: RETRY_STEP,
    end: RETRY_END,
  });
  const walk: Walk = {options: {...options, now}, key, run, page: pagesBy(run)};
  const groupsOf = (): Promise<LetterGroup[]> => readGroups(target, run, now());
  return {
    groupsOf,
    async previewRetry(id, foresee, most) {
      const group = (await groupsOf()).find((one) => one.id === id);
      return group && preview({group, page: walk.page, seen: (ids) => seenBy(walk, ids)}, foresee, most);
    },
    async foreseeOne(id, foresee) {
      const [seen] = await seenBy(walk, [id]);
      return seen && foreseeLetter(seen, foresee);
    },
    async startRetry(group, token, {by, reason = ''}) {
      const seen = readToken(token);
      const about = [seen?.count ?? -1, seen?.at ?? '', seen?.id ?? '', by, reason];
      const [result, count] = (await run.start([now(), group, '', ...about])) as [Buffer, number?];
      const word = String(result) as RetryStart['result'];
      return word === 'stale' ? {result: word, count: count ?? 0} : {result: word};
    },
    retryProgress: (group, after) => readProgress(redis, key, {target, group, after}),
    stopRetry: async (group) => (await run.end([now(), group, '', 'stopped', rememberMs])) === 1,
    running: () => redis.smembers(`${key}dlrj`),
    step: (group) => step(walk, group),
  };
}

interface Walk {
  options: RetriesOptions & {now: () => number};
  key: string;
  run: ReturnType<typeof createScripts<'page' | 'seen' | 'step' | 'end'>>;
  page: ReturnType<typeof pagesBy>;
}

async function seenBy({run}: Walk, ids: readonly string[]): Promise<SeenLetter[]> {
  if (ids.length === 0) return [];
  const flat = (await run.seen(ids)) as (Buffer | number)[];
  return ids.map((id, i) => {
    const raw = String(flat[2 * i]);
    return {id, letter: raw === '' ? undefined : readLetter(raw), isOvertaken: flat[2 * i + 1] === 1};
  });
}

async function step(walk: Walk, group: string): Promise<number | undefined> {
  const {options, key, run, page} = walk;
  const {redis, now, everyMs, mostParked} = options;
  const [state, startedAt = '', cursor = '', untilAt, untilId] = await redis.hmget(
    `${key}dlr:${group}`,
    ...['state', 'startedAt', 'cursor', 'untilAt', 'untilId'],
  );
  if (state !== 'running') return undefined;
  const until = {at: Number(untilAt), id: untilId ?? ''};
  const isUrgent = await isOfLeavers(walk, group);
  const most = isUrgent || everyMs <= 0 ? mostAtOnce : Math.min(mostAtOnce, Math.ceil(1000 / everyMs));
  const places = (await page(lineOf(group), {until: until.at}, readPlace(cursor ?? ''), most)).filter(
    (place) => compare(place, until) <= 0,
  );
  const last = places.at(-1);
  if (last === undefined) {
    await run.end([now(), group, startedAt ?? '', 'done', rememberMs]);
    return undefined;
  }
  const items = await itemsOf(walk, places, until);
  const pace = [isUrgent ? 0 : everyMs, isUrgent ? Number.MAX_SAFE_INTEGER : mostParked];
  const head = [now(), group, startedAt ?? '', cursor ?? '', placeText(last), ...pace];
  const reply = (await run.step([...head, ...items])) as [Buffer, number?, Buffer?];
  return nextIn(walk, reply);
}

async function nextIn(
  {options}: Walk,
  [word, figure = 0, subject]: [Buffer, number?, Buffer?],
): Promise<number> {
  switch (String(word)) {
    case 'wait':
      return figure;
    case 'full':
      return fullMs;
    case 'done':
      // One wake is enough: whatever is due is handed out with it.
      if (figure > 0) await options.wake?.(String(subject), Math.max(0, figure - options.now()));
      return 0;
    default:
      return 0;
  }
}

async function isOfLeavers({options, key}: Walk, group: string): Promise<boolean> {
  const about = await options.redis.hget(`${key}dlgs`, group);
  return about !== null && (JSON.parse(about) as LetterGroup).isCutOff;
}

/** What the step script is told of each letter; the audit has those that close before they do. One that died after the preview is not meant. */
async function itemsOf(
  walk: Walk,
  places: readonly Place[],
  {at: until}: Place,
): Promise<(string | number)[]> {
  const {audit, now} = walk.options;
  const all = await seenBy(
    walk,
    places.map(({id}) => id),
  );
  const seen = all.filter(({letter}) => letter === undefined || letter.at <= until);
  const closed = seen.flatMap(({letter, isOvertaken}) => (letter && isOvertaken ? [letter] : []));
  if (closed.length > 0) await audit.append(closed.map((letter) => auditClosed(letter, now())));
  return seen.flatMap(({id, letter, isOvertaken}) => {
    if (letter === undefined) return [id, '', 'gone', '', '', '', '', ''];
    const name = [id, letter.at];
    if (isOvertaken) return [...name, 'superseded', '', '', '', '', ''];
    const asked = askFor(letter, now());
    if (!asked.ok) return [...name, 'refused', asked.reason, '', '', '', ''];
    return [...name, 'retried', '', asked.subject, ...asked.args];
  });
}
