import jsonata, {type Expression} from 'jsonata';
import {within} from './bounded.ts';
import {limits} from './limits.ts';
import type {Node} from './node.ts';

type Native = (this: unknown, ...given: unknown[]) => unknown;

/** What one run has taken; to be set to nothing before the next. */
export interface RunCounts {
  copied: number;
}

/** Functions in place of JSONata's own, whose work knows no bound or takes today's date, and `$parseJson`. */
export async function registerFunctions(expression: Expression): Promise<RunCounts> {
  const counts = {copied: 0};
  expression.registerFunction('parseJson', parseJson, '<s-:x>');
  expression.registerFunction('pad', pad, '<s-ns?:s>');
  expression.registerFunction('toMillis', timeReader(await own('toMillis')), '<s-s?:n>');
  expression.registerFunction('sort', bounded(await own('sort')), '<af?:a>');
  expression.registerFunction('spread', bounded(await own('spread')), '<x-:a<o>>');
  expression.registerFunction('distinct', distinct(bounded(await own('distinct'))), '<x:x>');
  expression.registerFunction('append', append(await own('append'), counts), '<xx:a>');
  return counts;
}

const own = async (name: string): Promise<Native> =>
  ((await jsonata(`$${name}`).evaluate(null)) as {implementation: Native}).implementation;

/** Told what each part of an expression gives: one text too long ends the run. */
export function boundText(node: Node, _input: unknown, _environment: unknown, given: unknown): void {
  if (typeof given === 'string' && given.length > limits.characters)
    throw tooMuch('characters', node.position);
}

/** `code` is one of the meanings of a failed run. */
const tooMuch = (code: 'characters' | 'squaredItems' | 'copiedItems', position?: number): Error =>
  Object.assign(new Error('more than a run may take'), {code, position});

/** JSON inside a text: JSONata itself has `$eval` alone for it, which would run the text. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw Object.assign(new Error('not JSON', {cause}), {code: 'parseJson'});
  }
}

/** JSONata's own makes a text of any width before anybody can see how long it is. */
function pad(text: string | undefined, width: number, chars = ' '): string | undefined {
  if (text === undefined) return undefined;
  const missing = Math.abs(Math.trunc(width)) - Array.from(text).length;
  if (missing > limits.characters) throw tooMuch('characters');
  if (missing <= 0) return text;
  const one = chars === '' ? [' '] : Array.from(chars);
  const padding = Array.from({length: missing}, (_, at) => one[at % one.length]).join('');
  return width > 0 ? text + padding : padding + text;
}

/** For those that take the square of their list. */
const bounded = (native: Native): Native =>
  function (list, ...others) {
    if (Array.isArray(list) && list.length > limits.squaredItems) throw tooMuch('squaredItems');
    return native.call(this, list, ...others);
  };

/** `$reduce(list, $append)` comes by no place where the time is looked at. */
const append = (native: Native, counts: RunCounts): Native =>
  function (list, item) {
    if (Array.isArray(list)) counts.copied += list.length;
    if (counts.copied > limits.copiedItems) throw tooMuch('copiedItems');
    return native.call(this, list, item);
  };

/** Ids of members are many, and told apart at once. */
const distinct = (native: Native): Native =>
  function (list) {
    const isPlain = Array.isArray(list) && list.every((item) => typeof item === 'string');
    return isPlain ? [...new Set(list)] : native.call(this, list);
  };

/** Longer than any time is. */
const longestTime = 40;

/** With the first of January 1970 for what a picture leaves open, and within the time of a regular expression, which it makes of it. */
function timeReader(native: Native): (text: string, picture?: string) => unknown {
  const environment = {timestamp: new Date(0)};
  return (text, picture) => {
    const read = () => native.call({environment}, text, picture);
    return picture === undefined || text.length <= longestTime ? read() : within(limits.regexMs, read);
  };
}
