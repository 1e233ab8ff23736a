import jsonata from 'jsonata';
import type {Json} from '../resource.ts';
import {boundedRegex, TimeOver} from './bounded.ts';
import {boundText, registerFunctions, type RunCounts} from './functions.ts';
import {limits} from './limits.ts';
import {placeOf, type Place} from './node.ts';
import {inTurn} from './turns.ts';

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
  let counts: RunCounts | undefined;
  const evaluate: Evaluate = async (input, bindings) => {
    counts ??= await registerFunctions(expression);
    counts.copied = 0;
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
  squaredItems: `a list for $distinct, $sort or $spread has more than ${limits.squaredItems} items`,
  copiedItems: `$append copies more than ${limits.copiedItems} items`,
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
