import {connectors} from '../../connectors/index.ts';
import type {CommandContext, ExitCode} from '../../src/commands/command.ts';
import {commands} from '../../src/commands/index.ts';
import {loadConfig, type LoadedConfig} from '../../src/config/load.ts';

/** How a command ended. */
export interface Told {
  code: ExitCode | undefined;
  /** What was printed as JSON. */
  result: Record<string, unknown>;
  /** Its lines as they were printed. */
  printed: string[];
  complaints: string[];
}

/** Runs a command as `main` does, with `--json` unless told. */
export type Terminal = (
  name: string,
  args?: string[],
  options?: CommandContext['options'],
  json?: boolean,
) => Promise<Told>;

/** The command line with this config, which stands in no file; `own`: connectors from outside the program, by what it calls them. */
export function openTerminal(config: object, own: LoadedConfig['own'] = new Map()): Terminal {
  const manifests = connectors.map(({manifest}) => manifest);
  const readFile = (): string => JSON.stringify(config);
  return async (name, args = [], options = {}, json = true) => {
    const [printed, complaints]: [string[], string[]] = [[], []];
    const code = await commands
      .find((one) => one.name === name)
      ?.run({
        ...{arguments: args, options, json, configPath: '/config.json', env: {}},
        signal: new AbortController().signal,
        print: (line) => void printed.push(line),
        complain: (line) => void complaints.push(line),
        load: () => {
          const loaded = loadConfig({path: '/config.json', env: {}, manifests, readFile, own});
          if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
          return Promise.resolve(loaded);
        },
      });
    const result = (json ? JSON.parse(printed[0] ?? '{}') : {}) as Record<string, unknown>;
    return {code, result, printed, complaints};
  };
}
