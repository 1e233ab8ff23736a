import {isMap, isScalar, parseDocument} from 'yaml';
import {targetName} from './schema/target.ts';

/** The targets' names in a config as far as it can be read, right or wrong: a shell offers them while it is being written. */
export function targetNames(text: string): string[] {
  const targets = parseDocument(text, {prettyErrors: false}).get('targets');
  if (!isMap(targets)) return [];
  const names = targets.items.map(({key}) => (isScalar(key) ? key.value : undefined));
  // What is no name of a target might be a command, once it stands on the line.
  return names.flatMap((name) => targetName.safeParse(name).data ?? []);
}
