import type {LoadedConfig} from '../../config/load.ts';
import type {CommandContext} from '../command.ts';

/** The targets that are asked for, all of them unless some are named; nothing, and told, where there is no such target. */
export function namesOf({options, complain}: CommandContext, {config}: LoadedConfig): string[] | undefined {
  const all = Object.keys(config.targets);
  const asked = options['target'];
  if (!Array.isArray(asked) || asked.length === 0) return all;
  const unknown = asked.filter((name) => !all.includes(name as string));
  if (unknown.length === 0) return asked as string[];
  complain(`run: no target ${unknown.join(', ')}: the config has ${all.join(', ')}`);
  return undefined;
}
