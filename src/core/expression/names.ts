import type {Node} from './node.ts';
import {absentFunctions} from './run.ts';

/** The functions that an expression may call: those of JSONata 2.2, and `$parseJson`. */
const functions = new Set(
  (
    'sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match ' +
    'contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power ' +
    'boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each error assert type sort ' +
    'distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl toMillis fromMillis clone parseJson'
  ).split(' '),
);

const absent = new Set<string>(absentFunctions);

/** The variables that an expression gives values to, wherever it does. */
export function boundNames(nodes: readonly Node[]): Set<string> {
  const names = new Set<string>();
  for (const node of nodes) {
    if (node.type === 'bind' && node.lhs && !Array.isArray(node.lhs)) names.add(String(node.lhs.value));
    if (node.type === 'lambda')
      for (const parameter of node.arguments ?? []) names.add(String(parameter.value));
    if (node.focus !== undefined) names.add(node.focus);
    if (node.index !== undefined) names.add(node.index);
    for (const stage of node.stages ?? []) if (stage.type === 'index') names.add(String(stage.value));
  }
  return names;
}

/** Why a variable or function that is named is not there; `undefined` when it is. */
export function nameProblem(name: string, bound: ReadonlySet<string>): string | undefined {
  if (name === '' || name === '$' || bound.has(name)) return undefined;
  if (absent.has(name))
    return `$${name} is not there: the same record must give the same result each time, without a clock, chance or text that is run`;
  return functions.has(name) ? undefined : `there is no variable or function $${name}`;
}
