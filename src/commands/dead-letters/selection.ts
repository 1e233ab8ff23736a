import type {LetterFilter} from '../../stages/dead-letters/index.ts';
import type {CommandContext, CommandOption, ExitCode} from '../command.ts';
import {timeOption} from '../stored/confirm.ts';
import {targetOption, withStored, type Stored} from '../stored/open.ts';
import type {LoadedConfig} from '../../config/load.ts';

/** Which letters a command is about. */
export const filters: readonly CommandOption[] = [
  targetOption,
  {flags: '--cause <text>', describe: 'only letters of this group, kind of failure or cause'},
  {flags: '--subject <id>', describe: 'only letters about this subject'},
  {flags: '--since <time>', describe: 'only those that died at or after this time (ISO 8601)'},
  {flags: '--until <time>', describe: 'only those that died at or before this time (ISO 8601)'},
];

export type Filter = Pick<LetterFilter, 'cause' | 'subject' | 'since' | 'until'>;

/** Whether it leaves any letter out. */
export const isNarrow = (filter: Filter): boolean =>
  Object.values(filter).some((value) => value !== undefined);

/** What the options ask for, or what is wrong with them. */
export function filterOf({
  options,
}: CommandContext): {ok: true; filter: Filter} | {ok: false; problem: string} {
  const {cause, subject, since, until, limit} = options;
  const times = [timeOption(since), timeOption(until)];
  if (times.some(Number.isNaN)) return {ok: false, problem: 'expected a time such as 2026-11-24T08:00:00Z'};
  if (limit !== undefined && !/^\d+$/.test(String(limit)))
    return {ok: false, problem: 'expected a number after --limit'};
  const text = (value: typeof cause): string | undefined => (typeof value === 'string' ? value : undefined);
  return {ok: true, filter: {cause: text(cause), subject: text(subject), since: times[0], until: times[1]}};
}

/** Ends the command as one that was used in a wrong way. */
export function wrongUse(context: CommandContext, text: string): ExitCode {
  context.complain(`dead-letters: ${text}`);
  return 2;
}

/** Opens the stores, with every letter in its group; see {@link withStored}. */
export const withLetters = (
  context: CommandContext,
  work: (stores: Stored[], loaded: LoadedConfig) => Promise<ExitCode>,
): Promise<ExitCode> =>
  withStored(context, async (stores, loaded) => {
    for (const {letters} of stores) await letters.enroll(context.signal);
    return work(stores, loaded);
  });
