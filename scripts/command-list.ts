import {commonOptions, type Command, type CommandOption} from '../src/commands/command.ts';

/** The commands as a page lists them: what each does, its arguments and options. */
export const commandList = (commands: readonly Command[]): string => commands.map(sectionOf).join('\n\n');

const sectionOf = ({name, describe, arguments: given = [], options = []}: Command): string => {
  const heading = `### ${name}`;
  const usage = ['avro-scim', name, ...given.map((one) => one.name)].join(' ');
  const rows = [...given.map(argumentRow), ...options.map(optionRow)];
  return [heading, sentence(describe), `\`${usage}\``, ...(rows.length > 0 ? [rows.join('\n')] : [])].join(
    '\n\n',
  );
};

const argumentRow = ({name, describe}: {name: string; describe: string}): string =>
  `- \`${name}\`: ${escaped(describe)}`;
const optionRow = ({flags, describe}: CommandOption): string => `- \`${flags}\`: ${escaped(describe)}`;

const sentence = (text: string): string => `${escaped(text.charAt(0).toUpperCase() + text.slice(1))}.`;

/** Braces, stars and the like stand for themselves. */
const escaped = (text: string): string => text.replaceAll(/[*_<>[\]]/g, '\\$&');

/** What every command takes. */
export const commonList = (): string => Object.values(commonOptions).map(optionRow).join('\n');
