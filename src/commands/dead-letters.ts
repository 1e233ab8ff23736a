import type {DeadLetter} from '../core/parked.ts';
import type {LetterFilter} from '../stages/dead-letters/index.ts';
import type {Command, CommandContext, CommandOption, ExitCode} from './command.ts';
import {confirm, timeOption} from './stored/confirm.ts';
import {createRetrier, discardLetter} from './stored/letter-acts.ts';
import {causesOf, listed} from './stored/letters.ts';
import {shown} from './stored/mask.ts';
import {targetOption, withStored, type Stored} from './stored/open.ts';

const ids = [{name: '[ids...]', describe: 'ids of dead letters, as list prints them'}];
const filters: readonly CommandOption[] = [
  targetOption,
  {flags: '--cause <text>', describe: 'only letters of this cause'},
  {flags: '--subject <id>', describe: 'only letters about this subject'},
  {flags: '--since <time>', describe: 'only those that died at or after this time (ISO 8601)'},
  {flags: '--until <time>', describe: 'only those that died at or before this time (ISO 8601)'},
];
const reveal: CommandOption = {flags: '--reveal', describe: 'show bodies, headers and bytes as they are'};
const yes: CommandOption = {flags: '--yes', describe: 'do not ask'};
const all: CommandOption = {
  flags: '--all',
  describe: 'every letter, when neither ids nor a filter are given',
};

interface Found {
  stored: Stored;
  letter: DeadLetter;
}

/** `dead-letters list`: a line each, the oldest first, and how many there are by cause. */
export const deadLettersList: Command = {
  name: 'dead-letters list',
  describe: 'list dead letters, the oldest first',
  options: [...filters, {flags: '--limit <n>', describe: 'at most so many (100)'}],
  run: (context) =>
    withFound(context, [], async (found) => {
      const limit = Number(context.options['limit'] ?? 100);
      const letters = found.map(({letter}) => letter);
      const first = letters.slice(0, limit).map((one) => shown(one, false));
      const result = {count: letters.length, causes: causesOf(letters), letters: first};
      if (context.json) context.print(JSON.stringify(result, null, 2));
      else for (const line of listed(letters, limit)) context.print(line);
      return Promise.resolve(0);
    }),
};

/** `dead-letters show`: everything that is known of these letters. */
export const deadLettersShow: Command = {
  name: 'dead-letters show',
  describe: 'show dead letters in full, what is secret or personal masked',
  arguments: ids,
  options: [targetOption, reveal],
  run: async (context) => {
    if (context.arguments.length === 0) return wrongUse(context, 'expected ids of dead letters');
    return withFound(context, context.arguments, (found) => {
      const letters = found.map(({letter}) => shown(letter, context.options['reveal'] === true));
      context.print(JSON.stringify(context.json ? {letters} : letters, null, 2));
      return Promise.resolve(exitCode(context, found));
    });
  },
};

/** `dead-letters retry`: back to their lanes, one after another; what has been overtaken meanwhile is not sent. */
export const deadLettersRetry: Command = {
  name: 'dead-letters retry',
  describe: 'try dead letters again, in their subjects’ order',
  arguments: ids,
  options: [...filters, all, yes],
  run: (context) => {
    const retry = createRetrier();
    return act(context, 'retry', (stored, letter) => retry(stored, letter));
  },
};

/** `dead-letters discard`: gone for good, with an audit record each; what they said never reaches the target. */
export const deadLettersDiscard: Command = {
  name: 'dead-letters discard',
  describe: 'discard dead letters for good',
  arguments: ids,
  options: [...filters, all, yes],
  run: (context) =>
    act(context, 'discard', async (stored, letter) => ({result: await discardLetter(stored, letter)})),
};

type Action = (stored: Stored, letter: DeadLetter) => Promise<{result: string; reason?: string}>;

async function act(context: CommandContext, what: string, action: Action): Promise<ExitCode> {
  const {arguments: given, options} = context;
  const isFiltered = ['cause', 'subject', 'since', 'until', 'all'].some(
    (name) => options[name] !== undefined,
  );
  if (given.length === 0 && !isFiltered) return wrongUse(context, 'expected ids, a filter, or --all');
  return withFound(context, given, async (found) => {
    if (!context.json) for (const line of listed(found.map(({letter}) => letter))) context.print(line);
    if (!(await confirm(context, found.length, `${what} dead letters:`))) return 2;
    const results: object[] = [];
    let code = exitCode(context, found);
    for (const {stored, letter} of found) {
      const done = {target: letter.target, id: letter.id, ...(await action(stored, letter))};
      results.push(done);
      if (done.result === 'refused') code = 1;
      if (!context.json) context.print(Object.values(done).join('  '));
    }
    if (context.json) context.print(JSON.stringify({results}, null, 2));
    return code;
  });
}

function wrongUse(context: CommandContext, text: string): ExitCode {
  context.complain(`dead-letters: ${text}`);
  return 2;
}

async function withFound(
  context: CommandContext,
  given: readonly string[],
  work: (found: Found[]) => Promise<ExitCode>,
): Promise<ExitCode> {
  const {cause, subject, since, until, limit} = context.options;
  const times = [timeOption(since), timeOption(until)];
  if (times.some(Number.isNaN)) return wrongUse(context, 'expected a time such as 2026-11-24T08:00:00Z');
  if (limit !== undefined && !/^\d+$/.test(String(limit)))
    return wrongUse(context, 'expected a number after --limit');
  const text = (value: typeof cause): string | undefined => (typeof value === 'string' ? value : undefined);
  const filter = {cause: text(cause), subject: text(subject), since: times[0], until: times[1]};
  return withStored(context, async (stores) => {
    const found = await Promise.all(stores.map((stored) => find(stored, filter, given)));
    return work(found.flat());
  });
}

async function find(stored: Stored, filter: LetterFilter, given: readonly string[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const id of given) {
    const letter = await stored.letters.get(id);
    if (letter !== undefined) found.push({stored, letter});
  }
  let cursor: string | undefined;
  while (given.length === 0) {
    const page = await stored.letters.list({...filter, cursor, limit: 500});
    found.push(...page.letters.map((letter) => ({stored, letter})));
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return found;
}

/** 1 when an id that was asked for is at none of the targets. */
function exitCode({arguments: given, complain}: CommandContext, found: readonly Found[]): ExitCode {
  const missing = given.filter((id) => !found.some(({letter}) => letter.id === id));
  for (const id of missing) complain(`there is no dead letter ${id}`);
  return missing.length > 0 ? 1 : 0;
}
