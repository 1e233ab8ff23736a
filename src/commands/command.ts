import type {LoadedConfig} from '../config/load.ts';

/** 0 done; 1 the thing asked failed; 2 wrong use or wrong config; 3 a service needed is not reachable. */
export type ExitCode = 0 | 1 | 2 | 3;

/** What `main` gives a command. */
export interface CommandContext {
  /** The values of `arguments`, in their order; a repeated one fills the rest. */
  arguments: readonly string[];
  /** The values of `options` by their long name in camel case; a flag is `true`, a repeated option a list. */
  options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  /** Whether results are to be printed as JSON. */
  json: boolean;
  configPath: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Aborted by the first SIGTERM or SIGINT; a second one ends the process at once. */
  signal: AbortSignal;
  /** A line of the result, to standard output. */
  print: (line: string) => void;
  /** A line about a failure or progress, to standard error. */
  complain: (line: string) => void;
  /** The config, or `undefined` after its mistakes were told: the command then ends with 2. */
  load: () => Promise<LoadedConfig | undefined>;
}

/** What a shell may offer for a value: names of targets, of files, or these words. */
export type Completes = 'targets' | 'files' | readonly string[];

export interface CommandOption {
  /** As commander reads them: `--target <name>`, `--offline`. */
  flags: string;
  describe: string;
  /** May stand more than once: the values are a list. */
  repeated?: boolean;
  completes?: Completes;
}

/** What every command has. */
export const commonOptions = {
  config: {flags: '--config <file>', describe: 'the config file'},
  json: {flags: '--json', describe: 'print results as JSON'},
} as const satisfies Record<string, CommandOption>;

/** One command of the command line; a subcommand's name has a blank in it: `config example`. */
export interface Command {
  name: string;
  describe: string;
  /** As commander reads them: `<file>`, `[ids...]`. */
  arguments?: readonly {name: string; describe: string; completes?: Completes}[];
  options?: readonly CommandOption[];
  run(context: CommandContext): Promise<ExitCode>;
}
