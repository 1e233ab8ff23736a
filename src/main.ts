#!/usr/bin/env -S node --disable-warning=TimeoutNegativeWarning
import {Command as Program, CommanderError, Option} from 'commander';
import project from '../package.json' with {type: 'json'};
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

/** Runs the command that the arguments name, and says how it ended. */
const main = async (): Promise<ExitCode> => {
  let exitCode: ExitCode = 0;
  const program = new Program('avro-scim')
    .description(project.description)
    .version(project.version)
    .showHelpAfterError('(avro-scim --help tells how it is used)')
    .exitOverride();
  for (const command of commands) {
    addCommand(program, command, async (context) => {
      exitCode = await command.run(context);
    });
  }
  try {
    await program.parseAsync();
  } catch (error) {
    // commander has told the user already; help and the version are no mistakes.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return exitCode;
};

const addCommand = (
  program: Program,
  command: Command,
  run: (context: CommandContext) => Promise<void>,
): void => {
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
    .action(async () => {
      // An option that a command above has too is taken by that one, wherever it stands.
      const {config, json, ...options} = added.optsWithGlobals<GlobalOptions & CommandContext['options']>();
      await run(createContext(config, json === true, added.processedArgs.flat() as string[], options));
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
): CommandContext => ({
  arguments: args.filter((one) => (one as string | undefined) !== undefined),
  options,
  json,
  configPath,
  env: process.env,
  signal: stopSignal(),
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

/** Aborts at the first SIGTERM or SIGINT; the second ends the process at once. */
const stopSignal = (): AbortSignal => {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(1);
    stop.abort();
  };
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, onSignal);
  return stop.signal;
};

try {
  process.exitCode = await main();
} catch (error) {
  complain(`unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exitCode = 1;
}
process.exit();
