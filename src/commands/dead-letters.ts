import type {LoadedConfig} from '../config/load.ts';
import type {Command, CommandContext, CommandOption, ExitCode} from './command.ts';
import {actOnFilter, byIds, carryOut, look, type Action, type Found} from './dead-letters/act.ts';
import {discardGroups} from './dead-letters/discard.ts';
import {chosenBy, retryGroups, type Chosen} from './dead-letters/retry-groups.ts';
import {filterOf, filters, isNarrow, withLetters, wrongUse} from './dead-letters/selection.ts';
import {confirm} from './stored/confirm.ts';
import {letterAction} from './stored/action.ts';
import {reasonOf, reasonOption} from './stored/reason.ts';
import {createRetrier, discardLetter} from './stored/letter-acts.ts';
import {causesOf, listed} from './stored/letters.ts';
import {shown} from './stored/mask.ts';
import {targetOption} from './stored/open.ts';

export {deadLettersGroups} from './dead-letters/groups.ts';

const ids = [{name: '[ids...]', describe: 'ids of dead letters, as list prints them'}];
const reveal: CommandOption = {flags: '--reveal', describe: 'show bodies, headers and bytes as they are'};
const yes: CommandOption = {flags: '--yes', describe: 'do not ask'};
const all: CommandOption = {
  flags: '--all',
  describe: 'every letter, when neither ids nor a filter are given',
};

/** `dead-letters list`: a line each, the oldest first, and how many there are by cause. */
export const deadLettersList: Command = {
  name: 'dead-letters list',
  describe: 'list dead letters, the oldest first',
  options: [...filters, {flags: '--limit <n>', describe: 'at most so many (100)'}],
  run: (context) => {
    const asked = filterOf(context);
    if (!asked.ok) return Promise.resolve(wrongUse(context, asked.problem));
    const limit = Number(context.options['limit'] ?? 100);
    return withLetters(context, async (stores) => {
      const {causes, first} = await look(stores, asked.filter, limit);
      const count = causes.reduce((sum, one) => sum + one.count, 0);
      const letters = first.map((one) => shown(one, false));
      if (context.json) context.print(JSON.stringify({count, causes, letters}, null, 2));
      else for (const line of listed(causes, first, isNarrow(asked.filter))) context.print(line);
      return 0;
    });
  },
};

/** `dead-letters show`: everything that is known of these letters. */
export const deadLettersShow: Command = {
  name: 'dead-letters show',
  describe: 'show dead letters in full, what is secret or personal masked',
  arguments: ids,
  options: [targetOption, reveal, reasonOption],
  run: (context) => {
    if (context.arguments.length === 0)
      return Promise.resolve(wrongUse(context, 'expected ids of dead letters'));
    return withLetters(context, async (stores) => {
      const found = await byIds(stores, context.arguments);
      const isRevealed = context.options['reveal'] === true;
      for (const {stored, letter} of isRevealed ? found : [])
        await stored.audit.act([letterAction('dead letter shown unmasked', letter, reasonOf(context))]);
      const letters = found.map(({letter}) => shown(letter, isRevealed));
      context.print(JSON.stringify(context.json ? {letters} : letters, null, 2));
      return missing(context, found);
    });
  },
};

/** `dead-letters retry`: back to their lanes, one after another; what has been overtaken meanwhile is not sent. */
export const deadLettersRetry: Command = {
  name: 'dead-letters retry',
  describe:
    'try dead letters again, in their subjects’ order; with --cause alone whole groups, after a preview',
  arguments: ids,
  options: [...filters, all, yes, reasonOption],
  run: (context) => {
    const retry = createRetrier();
    const action: Action = async (stored, letter) => {
      await stored.audit.act([letterAction('dead letter retried', letter, reasonOf(context))]);
      return retry(stored, letter);
    };
    return act(context, {what: 'retry', action, onGroups: retryGroups});
  },
};

/** `dead-letters discard`: gone for good, with an audit record each; what they said never reaches the target. */
export const deadLettersDiscard: Command = {
  name: 'dead-letters discard',
  describe: 'discard dead letters for good',
  arguments: ids,
  options: [...filters, all, yes, reasonOption],
  run: (context) => {
    const action: Action = async (stored, letter) => {
      await stored.audit.act([letterAction('dead letter discarded', letter, reasonOf(context))]);
      return {result: await discardLetter(stored, letter)};
    };
    return act(context, {what: 'discard', action, onGroups: discardGroups});
  },
};

interface Doing {
  what: string;
  action: Action;
  /** What is done with whole groups. */
  onGroups: (context: CommandContext, chosen: readonly Chosen[], loaded: LoadedConfig) => Promise<ExitCode>;
}

function act(context: CommandContext, {what, action, onGroups}: Doing): Promise<ExitCode> {
  const {arguments: given, options} = context;
  const asked = filterOf(context);
  if (!asked.ok) return Promise.resolve(wrongUse(context, asked.problem));
  const {filter} = asked;
  const narrowed = [filter.subject, filter.since, filter.until].some((one) => one !== undefined);
  const {cause} = filter;
  if (given.length === 0 && !narrowed && cause === undefined && options['all'] === undefined)
    return Promise.resolve(wrongUse(context, 'expected ids, a filter, or --all'));
  return withLetters(context, async (stores, loaded) => {
    if (given.length > 0) return onIds(context, await byIds(stores, given), {what, action});
    if (cause === undefined || narrowed) return actOnFilter(context, stores, filter, {what, action});
    const chosen = await chosenBy(stores, cause);
    // Beyond so many groups a cause has none of its own.
    if (chosen.length === 0) return actOnFilter(context, stores, filter, {what, action});
    return onGroups(context, chosen, loaded);
  });
}

async function onIds(context: CommandContext, found: Found[], {what, action}: Omit<Doing, 'onGroups'>) {
  const letters = found.map(({letter}) => letter);
  if (!context.json) for (const line of listed(causesOf(letters), letters, true)) context.print(line);
  if (!(await confirm(context, found.length, `${what} dead letters:`))) return 2;
  const code = await carryOut(context, found, action);
  return missing(context, found) === 0 ? code : 1;
}

/** 1 when an id that was asked for is at none of the targets. */
function missing({arguments: given, complain}: CommandContext, found: readonly Found[]): ExitCode {
  const absent = given.filter((id) => !found.some(({letter}) => letter.id === id));
  for (const id of absent) complain(`there is no dead letter ${id}`);
  return absent.length > 0 ? 1 : 0;
}
