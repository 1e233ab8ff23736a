import {boundNames, nameProblem} from './expression/names.ts';
import {nodesOf, placeOf, type Node, type Place} from './expression/node.ts';
import {fieldsRead, strayPaths} from './expression/paths.ts';
import {prepare, runPrepared, type Ran} from './expression/run.ts';
import {judgeRegex} from './expression/regex.ts';
import type {Shape} from './expression/shape.ts';

export {limits} from './expression/limits.ts';
export type {Ran, RunFailure} from './expression/run.ts';
export {anything, plainValue, recordShape, shapeOfAvro, type Shape} from './expression/shape.ts';
export type {Place} from './expression/node.ts';

/** The variable that a map of own events finds its record's place, time and key in: `$record.timestamp`. */
export const mapBindings = ['record'] as const;

/** What is wrong with the text of an expression, and where in it. */
export interface ExpressionProblem extends Place {
  message: string;
}

/** A JSONata expression (jsonata.org), compiled once: without I/O, clock or chance, and bounded by `limits`. */
export interface Expression {
  text: string;
  /** The fields of its input that it reads, as far as that can be told. */
  reads: readonly string[];
  /** Paths that no field of what it is run over has. */
  strays(input: Shape): ExpressionProblem[];
  /** What it gives: plain JSON, or `undefined` for nothing. Never rejects. */
  run(input: unknown, bindings?: Record<string, unknown>): Promise<Ran>;
}

/** Compiles an expression; `bindings` are the variables that a run will give it. */
export function compileExpression(
  text: string,
  bindings: readonly string[] = [],
): {ok: true; expression: Expression} | {ok: false; problems: ExpressionProblem[]} {
  let prepared: ReturnType<typeof prepare>;
  try {
    prepared = prepare(text);
  } catch (error) {
    return {ok: false, problems: [syntaxProblem(text, error)]};
  }
  const nodes = [...nodesOf(prepared.ast)];
  const bound = boundNames(nodes);
  for (const name of bindings) bound.add(name);
  const problems = nodes.flatMap((node) => {
    const message = problemOf(node, bound);
    return message === undefined ? [] : [{...placeOfNode(text, node), message}];
  });
  if (problems.length > 0) return {ok: false, problems};
  const {evaluate, ast} = prepared;
  const expression: Expression = {
    text,
    reads: fieldsRead(ast as Node),
    strays: (input) =>
      strayPaths(ast as Node, input).map(({node, message}) => ({...placeOfNode(text, node), message})),
    run: (input, given = {}) => runPrepared(text, evaluate, input, given),
  };
  return {ok: true, expression};
}

/** The same for a text that was checked before. Throws when it was not. */
export function compileChecked(text: string, bindings?: readonly string[]): Expression {
  const compiled = compileExpression(text, bindings);
  if (compiled.ok) return compiled.expression;
  throw new Error(`an expression that was not checked: ${compiled.problems[0]?.message ?? ''}`);
}

function problemOf({type, value}: Node, bound: ReadonlySet<string>): string | undefined {
  if (type === 'variable') return nameProblem(String(value), bound);
  if (!(value instanceof RegExp)) return undefined;
  const {problem} = judgeRegex(value.source);
  return problem && `a regular expression that may search for ever: ${problem}`;
}

const placeOfNode = (text: string, {position, value}: Node): Place => placeOf(text, position, value);

function syntaxProblem(text: string, error: unknown): ExpressionProblem {
  const {position, token, message} = error as {position?: number; token?: unknown; message?: unknown};
  return {...placeOf(text, position, token), message: String(message)};
}

/** `line 2, column 7`, or the column alone where there is one line. */
export const placeText = ({line, column}: Place, text: string): string =>
  text.includes('\n') ? `line ${line}, column ${column}` : `column ${column}`;
