import {isMap, isScalar, parseDocument} from 'yaml';

/** The targets' names in a config as far as it can be read, right or wrong: a shell offers them while it is being written. */
export function targetNames(text: string): string[] {
  const targets = parseDocument(text, {prettyErrors: false}).get('targets');
  if (!isMap(targets)) return [];
  return targets.items.map(({key}) => (isScalar(key) ? String(key.value) : '')).filter((name) => name !== '');
}
