import type {LoadedConfig} from '../config/load.ts';
import type {CommandContext} from './command.ts';

/** The targets that `--target` asks for, all of them unless some are named; nothing, and told, where there is no such target. */
export function targetNames(
  {options, complain}: CommandContext,
  {config}: LoadedConfig,
): string[] | undefined {
  const all = Object.keys(config.targets);
  const asked = options['target'];
  if (!Array.isArray(asked) || asked.length === 0) return all;
  const unknown = asked.filter((name: string) => !all.includes(name));
  if (unknown.length === 0) return asked as string[];
  complain(`expected a target of the config (${all.join(', ')}), found ${unknown.join(', ')}`);
  return undefined;
}
