import type {DeadLetter} from '../../core/parked.ts';
import type {CommandContext, ExitCode} from '../command.ts';
import {confirm} from '../stored/confirm.ts';
import {listed, type Counted} from '../stored/letters.ts';
import type {Stored} from '../stored/open.ts';
import {isNarrow, type Filter} from './selection.ts';

/** A letter, and where it is kept. */
export interface Found {
  stored: Stored;
  letter: DeadLetter;
}

/** Those of the ids that are there, at whichever target. */
export async function byIds(stores: readonly Stored[], ids: readonly string[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const stored of stores) {
    for (const id of ids) {
      const letter = await stored.letters.get(id);
      if (letter !== undefined) found.push({stored, letter});
    }
  }
  return found;
}

/** How many letters a filter means, and the first of them. */
export async function look(
  stores: readonly Stored[],
  filter: Filter,
  limit: number,
): Promise<{causes: Counted[]; first: DeadLetter[]}> {
  const first: DeadLetter[] = [];
  const byCause = new Map<string, number>();
  const count = (cause: string, by: number): void => void byCause.set(cause, (byCause.get(cause) ?? 0) + by);
  for (const {letters} of stores) {
    const counted = filter.subject === undefined ? await letters.countBy(filter) : undefined;
    for (const one of counted ?? []) count(one.cause, one.count);
    for await (const letter of walk(letters, filter)) {
      if (!counted) count(letter.failure.cause, 1);
      if (first.length < limit) first.push(letter);
      else if (counted) break;
    }
  }
  const causes = [...byCause].map(([cause, number]) => ({cause, count: number}));
  return {causes: causes.sort((a, b) => b.count - a.count), first};
}

/** All of a filter, the oldest first, a page at a time. */
export async function* walk(letters: Stored['letters'], filter: Filter): AsyncGenerator<DeadLetter> {
  let cursor: string | undefined;
  do {
    const page = await letters.list({...filter, cursor, limit: 500});
    yield* page.letters;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** What is done with one letter. */
export type Action = (stored: Stored, letter: DeadLetter) => Promise<{result: string; reason?: string}>;

const shownFirst = 20;

/**
 * Shows what a filter means, asks, and acts on each that was shown: the end is when the newest of them died, by the clock of who wrote it,
 * so that none is meant that comes or dies again meanwhile.
 */
export async function actOnFilter(
  context: CommandContext,
  stores: readonly Stored[],
  filter: Filter,
  {what, action}: {what: string; action: Action},
): Promise<ExitCode> {
  const until = Math.min(filter.until ?? Infinity, await newestOf(stores));
  const {causes, first} = await look(stores, {...filter, until}, shownFirst);
  const count = causes.reduce((sum, one) => sum + one.count, 0);
  if (!context.json) for (const line of listed(causes, first, isNarrow(filter))) context.print(line);
  if (!(await confirm(context, count, `${what} dead letters:`))) return 2;
  const each = async function* (): AsyncGenerator<Found> {
    for (const stored of stores)
      for await (const letter of walk(stored.letters, {...filter, until})) yield {stored, letter};
  };
  return carryOut(context, each(), action);
}

const newestOf = async (stores: readonly Stored[]): Promise<number> => {
  const groups = await Promise.all(stores.map(({letters}) => letters.groups()));
  return Math.max(0, ...groups.flat().map(({lastAt}) => lastAt));
};

/** Acts on each and reports it; 1 when one was refused, or it was interrupted. */
export async function carryOut(
  context: CommandContext,
  found: Iterable<Found> | AsyncIterable<Found>,
  action: Action,
): Promise<ExitCode> {
  const results: object[] = [];
  let code: ExitCode = 0;
  for await (const {stored, letter} of found) {
    if (context.signal.aborted) {
      context.complain(`stopped after ${results.length}: the same command goes on with the rest`);
      code = 1;
      break;
    }
    const done = {target: stored.target, id: letter.id, ...(await action(stored, letter))};
    results.push(done);
    if (done.result === 'refused') code = 1;
    if (!context.json) context.print(Object.values(done).join('  '));
  }
  if (context.json) context.print(JSON.stringify({results}, null, 2));
  return code;
}
