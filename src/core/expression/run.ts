import jsonata from 'jsonata';
import type {Json} from '../resource.ts';
import {boundedRegex, TimeOver, within} from './bounded.ts';
import {placeOf, type Node, type Place} from './node.ts';
import {inTurn} from './turns.ts';

/** What one run of an expression may take. */
export const limits = {
  /** Milliseconds. One that took longer is run once more: the process may have been stopped meanwhile. */
  timeMs: 500,
  /** Expressions inside each other, calls of functions included. */
  depth: 500,
  /** Items of a list that the expression makes. */
  items: 100_000,
  /** Of a text that it reads or makes. */
  characters: 1_000_000,
  /** Milliseconds that one regular expression may search. */
  regexMs: 100,
};

/** Why a run gave nothing usable: `message` without a value of the record, `detail` in JSONata's words, with them. */
export interface RunFailure extends Place {
  message: string;
  detail: string;
}

export type Ran = {ok: true; value: Json | undefined} | {ok: false; failure: RunFailure};

/** Not there, so that the same record gives the same result each time. */
export const absentFunctions = ['now', 'millis', 'random', 'shuffle', 'eval'] as const;

type Evaluate = (input: unknown, bindings: Record<string, unknown>) => Promise<unknown>;

/** Parses an expression and bounds it; throws what JSONata throws. */
export function prepare(text: string): {evaluate: Evaluate; ast: unknown} {
  const {timeMs: timeout, depth: stack, items: sequence, regexMs} = limits;
  const RegexEngine = boundedRegex(regexMs) as unknown as RegExpConstructor;
  const expression = jsonata(text, {timeout, stack, sequence, RegexEngine});
  // Called with what each part of the expression has given; its name is a symbol, which the typing lacks.
  expression.assign(Symbol.for('jsonata.__evaluate_exit') as unknown as string, boundText);
  for (const name of absentFunctions) expression.assign(name, undefined);
  expression.registerFunction('parseJson', parseJson, '<s-:x>');
  expression.registerFunction('pad', pad, '<s-ns?:s>');
  let isWhole = false;
  const evaluate: Evaluate = async (input, bindings) => {
    if (!isWhole) expression.registerFunction('toMillis', await timeReader(), '<s-s?:n>');
    isWhole = true;
    return (await expression.evaluate(input, bindings)) as unknown;
  };
  return {evaluate, ast: expression.ast()};
}

/** Runs a prepared expression; what it gives is plain JSON, or nothing. Never rejects. */
export const runPrepared = (
  text: string,
  evaluate: Evaluate,
  input: unknown,
  bindings: Record<string, unknown>,
): Promise<Ran> => inTurn(() => runNow(text, evaluate, input, bindings));

async function runNow(
  text: string,
  evaluate: Evaluate,
  input: unknown,
  bindings: Record<string, unknown>,
): Promise<Ran> {
  for (let isAgain = false; ; isAgain = true) {
    try {
      return {ok: true, value: plainOf(await evaluate(input, bindings), '')};
    } catch (error) {
      const failure = failureOf(text, error);
      if (isAgain || !(codeOf(error) === 'D1012' || error instanceof TimeOver)) return {ok: false, failure};
    }
  }
}

/** JSON inside a text: JSONata itself has `$eval` alone for it, which would run the text. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw Object.assign(new Error('not JSON', {cause}), {code: 'parseJson'});
  }
}

function boundText(node: Node, _input: unknown, _environment: unknown, given: unknown): void {
  if (typeof given === 'string' && given.length > limits.characters) throw tooLong(node.position);
}

const tooLong = (position?: number): Error =>
  Object.assign(new Error('a text is too long'), {code: 'characters', position});

/** `$pad`, whose own makes a text of any width before anybody can see how long it is. */
function pad(text: string | undefined, width: number, chars = ' '): string | undefined {
  if (text === undefined) return undefined;
  const missing = Math.abs(Math.trunc(width)) - Array.from(text).length;
  if (missing > limits.characters) throw tooLong();
  if (missing <= 0) return text;
  const one = chars === '' ? [' '] : Array.from(chars);
  const padding = Array.from({length: missing}, (_, at) => one[at % one.length]).join('');
  return width > 0 ? text + padding : padding + text;
}

const longestTime = 40;

type TimeReader = (text: string, picture?: string) => number | undefined;

/** `$toMillis`, with the first of January 1970 for what its picture leaves open: JSONata's own takes today. */
async function timeReader(): Promise<TimeReader> {
  const own = (await jsonata('$toMillis').evaluate(null)) as {
    implementation: (this: object, text: string, picture?: string) => number | undefined;
  };
  const environment = {timestamp: new Date(0)};
  // It makes a regular expression of a picture, and no time is that long.
  return (text, picture) => {
    const read = () => own.implementation.call({environment}, text, picture);
    return picture === undefined || text.length <= longestTime ? read() : within(limits.regexMs, read);
  };
}

class NotJson extends Error {}

function plainOf(value: unknown, path: string): Json | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new NotJson(`${path || 'the result'} is not a number`);
      return value;
    case 'object':
      return value === null ? null : plainObject(value, path);
    case 'function':
    case 'symbol':
    case 'bigint':
      throw new NotJson(`${path || 'the result'} is a function`);
  }
}

function plainObject(value: object, path: string): Json {
  if ('_jsonata_function' in value || '_jsonata_lambda' in value)
    throw new NotJson(`${path || 'the result'} is a function`);
  if (Array.isArray(value)) return value.map((item, at) => plainOf(item, `${path}[${at}]`) ?? null);
  const entries = Object.entries(value).flatMap(([name, inner]): [string, Json][] => {
    const made = plainOf(inner, path === '' ? name : `${path}.${name}`);
    return made === undefined ? [] : [[name, made]];
  });
  return Object.fromEntries(entries);
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** What JSONata's codes mean, without the values that its own messages have in them. */
const meanings: Record<string, string> = {
  T0410: 'an argument of a function has the wrong type',
  T0411: 'the context is not of the type that a function needs',
  T0412: 'a list that a function is given has items of the wrong type',
  T1003: 'the name of a field that is made is not a text',
  T1006: 'what is called is not a function',
  T2001: 'the left side of an arithmetic operator is not a number',
  T2002: 'the right side of an arithmetic operator is not a number',
  T2009: 'two values of different types are compared',
  T2010: 'what is compared is neither a number nor a text',
  D1001: 'a number is out of range',
  D1009: 'two fields of one name are made',
  D1011: `more than ${limits.depth} expressions inside each other`,
  D1012: `it takes more than ${limits.timeMs} ms`,
  D2014: 'a list is too long',
  D2015: `a list has more than ${limits.items} items`,
  D3030: 'what is to become a number is none',
  D3110: 'what is to become a time is none',
  D3137: 'its own $error',
  D3138: '$single finds more than one',
  D3139: '$single finds none',
  D3141: 'its own $assert',
  parseJson: 'what $parseJson is given is not JSON',
  characters: `a text has more than ${limits.characters} characters`,
};

const searchesLong = `a regular expression takes more than ${limits.regexMs} ms`;

function failureOf(text: string, error: unknown): RunFailure {
  if (error instanceof NotJson) return {line: 1, column: 1, message: error.message, detail: error.message};
  const {position, token} = error as {position?: number; token?: unknown};
  const code = codeOf(error);
  const isDeep = error instanceof RangeError && error.message.includes('call stack');
  const known = error instanceof TimeOver ? searchesLong : isDeep ? meanings['D1011'] : meanings[code];
  const message = known ?? (code === '' ? 'it can not be carried out' : `JSONata ${code}`);
  const said = typeof error === 'object' && error !== null && 'message' in error ? error.message : message;
  return {...placeOf(text, position, token), message, detail: String(said)};
}
