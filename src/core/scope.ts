import {parse, type Filter} from 'scim2-parse-filter';
import {failed, ok, type Failure, type Result} from './failure.ts';
import type {Attributes, Json} from './resource.ts';
import {resolveAttribute, resolvePart, type AttributeRef, type Shape} from './scope-attributes.ts';
import {compileTest, type AttributeNode} from './scope-compare.ts';
import {placeOf} from './scope-place.ts';

/** `undefined`: it depends on an attribute of which nothing is said. */
type Answer = boolean | undefined;
type Predicate = (attributes: Attributes) => Answer;

export interface Scope {
  holds: Predicate;
  /** The paths that it asks for. */
  paths: readonly string[];
}

/**
 * Compiles a target's scope: a SCIM filter (RFC 7644 section 3.4.2.2) over a user's or a group's attributes, with SCIM's
 * rules for upper and lower case. A list matches when one of its values does; `ne` is what `eq` is not; `eq null` is what
 * is not present. A path that is not there at all is unknown, and so is what hangs on it. Failure: `rejected`, saying where
 * in the filter and what was expected.
 */
export function compileScope(filter: string): Result<Scope> {
  try {
    if (/\]\s*\./.test(filter.replace(/"(?:[^"\\]|\\.)*"/g, (text) => '"'.repeat(text.length)))) {
      return wrong(
        filter,
        ']',
        'a part after ] is not for filters: write emails[type eq "work" and value eq "x"]',
      );
    }
    const paths = new Set<string>();
    const holds = compile(parse(filter), filter, paths);
    return holds.ok ? ok({holds: holds.value, paths: [...paths]}) : holds;
  } catch (error) {
    return failed(refusal(`${placeOf(filter)}: ${error instanceof Error ? error.message : 'not a filter'}`));
  }
}

type Logic = Extract<Filter, {op: 'and' | 'or'} | {op: 'not'}>;
type Leaf = Exclude<Filter, Logic>;
type Compiled<T> = Result<(subject: T) => Answer>;

function compile(node: Filter, filter: string, paths: Set<string>): Result<Predicate> {
  return compileLogic<Attributes>(node, (leaf) => {
    const ref = resolveAttribute(leaf.attrPath);
    if (typeof ref === 'string') return wrong(filter, leaf.attrPath, ref);
    paths.add(ref.path);
    if (leaf.op !== '[]') return compileAttribute(leaf, ref, filter);
    const item = compileItem(leaf.valFilter, ref.shape, filter);
    return item.ok ? ok(ifSaid(ref, (value) => itemsOf(value).some(item.value))) : item;
  });
}

function compileLogic<T>(node: Filter, compileLeaf: (leaf: Leaf) => Compiled<T>): Compiled<T> {
  if (node.op === 'not') {
    const inner = compileLogic(node.filter, compileLeaf);
    return inner.ok ? ok((subject) => opposite(inner.value(subject))) : inner;
  }
  if (!('filters' in node)) return compileLeaf(node);
  const tests: ((subject: T) => Answer)[] = [];
  for (const part of node.filters) {
    const inner = compileLogic(part, compileLeaf);
    if (!inner.ok) return inner;
    tests.push(inner.value);
  }
  // One false ends an `and`, one true an `or`, whatever is unknown beside it.
  const ends = node.op === 'or';
  return ok((subject) => {
    const answers = tests.map((test) => test(subject));
    if (answers.includes(ends)) return ends;
    return answers.includes(undefined) ? undefined : !ends;
  });
}

const opposite = (answer: Answer): Answer => (answer === undefined ? undefined : !answer);

const ifSaid =
  ({path}: AttributeRef, test: (value: Json) => boolean): Predicate =>
  (attributes) => {
    const value = attributes[path];
    return value === undefined ? undefined : test(value);
  };

function compileAttribute(node: AttributeNode, ref: AttributeRef, filter: string): Result<Predicate> {
  const part = ref.part ?? (ref.shape === 'values' && node.op !== 'pr' ? 'value' : undefined);
  const shape = part === undefined ? ref.shape : (resolvePart(ref.shape, part)?.shape ?? 'any');
  const test = compileTest(node, shape);
  if (typeof test === 'string') return wrong(filter, node.attrPath, test);
  return ok(ifSaid(ref, (value) => test(valuesOf(value, part))));
}

/** Inside `emails[…]`: the same operators over the parts of one value. */
function compileItem(node: Filter, shape: Shape, filter: string): Compiled<Json> {
  return compileLogic<Json>(node, (leaf) => {
    if (leaf.op === '[]') return wrong(filter, leaf.attrPath, 'brackets do not stand in brackets');
    const part = resolvePart(shape, leaf.attrPath);
    if (part === undefined)
      return wrong(filter, leaf.attrPath, `there is no ${leaf.attrPath} in these values`);
    const test = compileTest(leaf, part.shape);
    if (typeof test === 'string') return wrong(filter, leaf.attrPath, test);
    return ok((item) => test(valuesOf(item, part.name)));
  });
}

function itemsOf(value: Json): Json[] {
  if (value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The values that are present: of the attribute, or of one part of it. */
function valuesOf(value: Json, part: string | undefined): Json[] {
  const items = itemsOf(value);
  const values = part === undefined ? items : items.map((item) => partOf(item, part));
  return values.filter((found) => found !== null && found !== '');
}

function partOf(item: Json, part: string): Json {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return null;
  const name = Object.keys(item).find((candidate) => candidate.toLowerCase() === part.toLowerCase());
  return name === undefined ? null : (item[name] ?? null);
}

function wrong(filter: string, near: string, message: string): {ok: false; failure: Failure} {
  const column = filter.toLowerCase().indexOf(near.toLowerCase()) + 1;
  return failed(refusal(`column ${column}: ${message}`));
}

const refusal = (message: string): Failure => ({kind: 'rejected', message, cause: 'scope is not a filter'});
