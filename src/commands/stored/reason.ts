import type {CommandContext, CommandOption} from '../command.ts';

/** As long as the API takes one. */
const longest = 500;

/** Why a person acts: every command that does something has it. */
export const reasonOption: CommandOption = {flags: '--reason <text>', describe: 'why, for the audit'};

/** What `--reason` says, as a record has it: nothing where it says nothing. */
export function reasonOf({options: {reason}}: Pick<CommandContext, 'options'>): {reason?: string} {
  const text = typeof reason === 'string' ? reason.trim().slice(0, longest) : '';
  return text === '' ? {} : {reason: text};
}
