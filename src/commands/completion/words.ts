import {commonOptions, type Command, type CommandOption, type Completes} from '../command.ts';

/** What may stand at one place of the command line, and what a person is told of it. */
export interface Word {
  word: string;
  describe: string;
}

/** One command, or a word before commands: what may follow it. */
export interface Place {
  /** The words that lead here; none at the beginning. */
  path: string;
  commands: Word[];
  options: Word[];
  /** What its arguments may be. */
  completes?: Completes;
}

/** Every place of the command line, from the commands themselves. */
export function placesOf(commands: readonly Command[]): Place[] {
  const paths = new Set(commands.flatMap(({name}) => pathsOf(name)));
  return ['', ...paths].map((path): Place => {
    const command = commands.find(({name}) => name === path);
    const completes = command?.arguments?.find((one) => one.completes)?.completes;
    return {
      path,
      commands: [...paths].filter((one) => parentOf(one) === path).map((one) => wordOf(one, commands)),
      options: command ? optionsOf(command).map(optionWord) : [...beginning],
      ...(completes ? {completes} : {}),
    };
  });
}

const beginning: readonly Word[] = [{word: '--version', describe: 'print the version and the commit'}];
const help: CommandOption = {flags: '--help', describe: 'how it is used'};

/** Those of a command, and those that every command has. */
const optionsOf = ({options = []}: Command): CommandOption[] => [
  ...options,
  ...Object.values(commonOptions),
  help,
];

/** Options that take a value, by what that may be; one name is the same thing wherever it stands. */
export function valuesOf(commands: readonly Command[]): {option: string; completes: Completes}[] {
  const values = new Map<string, Completes>();
  for (const option of commands.flatMap(optionsOf)) {
    const [name = '', value] = option.flags.split(' ');
    if (value === undefined) continue;
    values.set(name, option.completes ?? (value === '<file>' ? 'files' : []));
  }
  return [...values].map(([option, completes]) => ({option, completes}));
}

/** `dead-letters`, then `dead-letters list`. */
const pathsOf = (name: string): string[] => {
  const words = name.split(' ');
  return words.map((_, i) => words.slice(0, i + 1).join(' '));
};
const parentOf = (path: string): string => path.split(' ').slice(0, -1).join(' ');
const lastOf = (path: string): string => path.split(' ').at(-1) ?? '';

function wordOf(path: string, commands: readonly Command[]): Word {
  const command = commands.find(({name}) => name === path);
  const below = commands.filter(({name}) => name.startsWith(`${path} `)).map(({name}) => lastOf(name));
  return {word: lastOf(path), describe: command?.describe ?? below.join(', ')};
}

const optionWord = ({flags, describe}: CommandOption): Word => ({word: flags.split(' ')[0] ?? '', describe});
