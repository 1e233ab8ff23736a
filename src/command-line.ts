import {Command as Program, CommanderError, Option} from 'commander';
import project from '../package.json' with {type: 'json'};
import {buildText, readBuild} from './build.ts';
import {
  commonOptions,
  type Command,
  type CommandContext,
  type CommandOption,
  type ExitCode,
} from './commands/command.ts';
import {manifests, ownOf} from './commands/connector-of.ts';
import {commands} from './commands/index.ts';
import {loadConfig, type LoadedConfig} from './config/load.ts';
import {problemText} from './config/problem.ts';

interface GlobalOptions {
  config: string;
  json?: true;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** A command, and what the command line gives it. */
export interface Named {
  command: Command;
  context: Omit<CommandContext, 'signal'>;
}

/** Runs the command that the arguments name, until it ends or `signal` is aborted, and says how it ended. */
export const runCommandLine = async (signal: AbortSignal): Promise<ExitCode> => {
  const named = await readCommandLine(process.argv.slice(2));
  return typeof named === 'number' ? named : named.command.run({...named.context, signal});
};

/** What the arguments name; or how it ends when they name nothing to run: help was asked for (0), or they are wrong (2). */
export const readCommandLine = async (args: readonly string[]): Promise<Named | 0 | 2> => {
  let named: Named | undefined;
  const program = new Program('avro-scim')
    .description(project.description)
    .option('-V, --version', 'print the version and the commit')
    .on('option:version', () => {
      print(buildText(readBuild()));
      throw new CommanderError(0, 'commander.version', 'told');
    })
    .showHelpAfterError('(avro-scim --help tells how it is used)')
    .exitOverride();
  for (const command of commands)
    addCommand(program, command, (context) => {
      named = {command, context};
    });
  try {
    await program.parseAsync(args, {from: 'user'});
  } catch (error) {
    // commander has told the user already; help and the version are no mistakes.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return named ?? 0;
};

const addCommand = (program: Program, command: Command, found: (context: Named['context']) => void): void => {
  const words = command.name.split(' ');
  const name = words.pop() ?? '';
  const parent = words.reduce((above, word) => {
    const known = above.commands.find((one) => one.name() === word);
    return known ?? above.command(word).description(`${word}: see its commands`).exitOverride();
  }, program);
  // `subject help` is the subject of that name, where a command with arguments has commands below it.
  const added = parent.command(name).description(command.describe).helpCommand(false).exitOverride();
  for (const {name: argument, describe} of command.arguments ?? []) added.argument(argument, describe);
  for (const option of command.options ?? []) added.addOption(optionOf(option));
  added
    .addOption(optionOf(commonOptions.config).env('AVRO_SCIM_CONFIG').default('config/avro-scim.yaml'))
    .addOption(optionOf(commonOptions.json))
    .action(() => {
      // An option that a command above has too is taken by that one, wherever it stands.
      const {config, json, ...options} = added.optsWithGlobals<GlobalOptions & CommandContext['options']>();
      const given = added.processedArgs.flat() as string[];
      found(createContext(config, json === true, given, options));
    });
};

const optionOf = ({flags, describe, repeated}: CommandOption): Option => {
  const option = new Option(flags, describe);
  if (!repeated) return option;
  return option.argParser((value: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    value,
  ]);
};

const createContext = (
  configPath: string,
  json: boolean,
  args: string[],
  options: CommandContext['options'],
): Named['context'] => ({
  arguments: args.filter((one) => (one as string | undefined) !== undefined),
  options,
  json,
  configPath,
  env: process.env,
  print,
  complain,
  load: () => load(configPath, json),
});

/** The config; or `undefined` after all its mistakes were told. */
const load = async (path: string, json: boolean): Promise<LoadedConfig | undefined> => {
  const own = await ownOf({configPath: path, env: process.env});
  const loaded = loadConfig({path, env: process.env, manifests, own});
  if (loaded.ok) return loaded;
  if (json) print(JSON.stringify({file: path, problems: loaded.problems}, null, 2));
  else for (const problem of loaded.problems) complain(problemText(path, problem));
  return undefined;
};
