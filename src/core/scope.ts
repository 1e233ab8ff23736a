import {parse, type Filter} from 'scim2-parse-filter';
import {failed, ok, type Failure, type Result} from './failure.ts';
import type {Attributes, Json} from './resource.ts';
import {resolveAttribute, resolvePart, type AttributeRef} from './scope-attributes.ts';
import {compileTest, type AttributeNode, type Test} from './scope-compare.ts';
import {troubleIn} from './scope-place.ts';

/** `undefined`: it depends on an attribute of which nothing is said. */
type Answer = boolean | undefined;

export interface Scope {
  /** `silent`: parts of values (`emails.type`) that not all of them say; absent, what a value lacks is known not to be there. */
  holds: (attributes: Attributes, silent?: ReadonlySet<string>) => Answer;
  /** The paths that it asks for. */
  paths: readonly string[];
  /** The parts of values that it asks for. */
  parts: readonly Part[];
}

export interface Part {
  path: string;
  part: string;
}

/** Of a subject: what it has, and what it does not say. */
interface Said<T> {
  value: T;
  silent: ReadonlySet<string>;
}
type Predicate<T> = (said: Said<T>) => Answer;

/** As `silent` names it. */
export const partPath = ({path, part}: Part): string => `${path}.${part}`;

const nothing: ReadonlySet<string> = new Set();

/**
 * Compiles a target's scope: a SCIM filter (RFC 7644 section 3.4.2.2) over a user's or a group's attributes, with SCIM's
 * rules for upper and lower case. A list matches when one of its values does; `ne` is what `eq` is not; `eq null` is what
 * is not present. A path that is not there at all is unknown, and so are a part that is silent, and what hangs on them. Failure:
 * `rejected`, saying where in the filter and what was expected.
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
    const asked: Asked = {paths: new Set(), parts: new Map()};
    const compiled = compile(parse(filter), filter, asked);
    if (!compiled.ok) return compiled;
    const holds: Scope['holds'] = (value, silent = nothing) => compiled.value({value, silent});
    return ok({holds, paths: [...asked.paths], parts: [...asked.parts.values()]});
  } catch (error) {
    return failed(refusal(troubleIn(filter) ?? (error instanceof Error ? error.message : 'not a filter')));
  }
}

type Logic = Extract<Filter, {op: 'and' | 'or'} | {op: 'not'}>;
type Leaf = Exclude<Filter, Logic>;
type Compiled<T> = Result<Predicate<T>>;

/** What a filter asks for, gathered while it is compiled. */
interface Asked {
  paths: Set<string>;
  parts: Map<string, Part>;
}

function compile(node: Filter, filter: string, asked: Asked): Compiled<Attributes> {
  return compileLogic<Attributes>(node, (leaf) => {
    const ref = resolveAttribute(leaf.attrPath);
    if (typeof ref === 'string') return wrong(filter, leaf.attrPath, ref);
    asked.paths.add(ref.path);
    if (leaf.op !== '[]') return compileAttribute(leaf, ref, filter, asked);
    const item = compileItem(leaf.valFilter, ref, filter, asked);
    return item.ok ? ok(ifSaid(ref, ({value, silent}) => someOf(itemsOf(value), item.value, silent))) : item;
  });
}

function compileLogic<T>(node: Filter, compileLeaf: (leaf: Leaf) => Compiled<T>): Compiled<T> {
  if (node.op === 'not') {
    const inner = compileLogic(node.filter, compileLeaf);
    return inner.ok ? ok((subject) => opposite(inner.value(subject))) : inner;
  }
  if (!('filters' in node)) return compileLeaf(node);
  const tests: Predicate<T>[] = [];
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
  ({path}: AttributeRef, test: Predicate<Json>): Predicate<Attributes> =>
  ({value: attributes, silent}) => {
    const value = attributes[path];
    return value === undefined ? undefined : test({value, silent});
  };

function someOf(items: readonly Json[], test: Predicate<Json>, silent: ReadonlySet<string>): Answer {
  const answers = items.map((value) => test({value, silent}));
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

/** The test of one part: where a value does not say it, the test is only decided when one value more would change nothing. */
function ofPart(test: Test, part: Part, {parts}: Asked): Predicate<Json> {
  const at = partPath(part);
  parts.set(at, part);
  return ({value, silent}) => {
    const items = itemsOf(value);
    const values = valuesOf(items, part.part);
    const passes = test(values);
    const isSilent = values.length < items.length && silent.has(at);
    return isSilent && passes === test([]) ? undefined : passes;
  };
}

function compileAttribute(
  node: AttributeNode,
  ref: AttributeRef,
  filter: string,
  asked: Asked,
): Compiled<Attributes> {
  const part = ref.part ?? (ref.shape === 'values' && node.op !== 'pr' ? 'value' : undefined);
  const shape = part === undefined ? ref.shape : (resolvePart(ref.shape, part)?.shape ?? 'any');
  const test = compileTest(node, shape);
  if (typeof test === 'string') return wrong(filter, node.attrPath, test);
  if (part !== undefined) return ok(ifSaid(ref, ofPart(test, {path: ref.path, part}, asked)));
  return ok(ifSaid(ref, ({value}) => test(valuesOf(itemsOf(value), undefined))));
}

/** Inside `emails[…]`: the same operators over the parts of one value. */
function compileItem(
  node: Filter,
  {path, shape}: AttributeRef,
  filter: string,
  asked: Asked,
): Compiled<Json> {
  return compileLogic<Json>(node, (leaf) => {
    if (leaf.op === '[]') return wrong(filter, leaf.attrPath, 'brackets do not stand in brackets');
    const part = resolvePart(shape, leaf.attrPath);
    if (part === undefined)
      return wrong(filter, leaf.attrPath, `there is no ${leaf.attrPath} in these values`);
    const test = compileTest(leaf, part.shape);
    if (typeof test === 'string') return wrong(filter, leaf.attrPath, test);
    return ok(ofPart(test, {path, part: part.name}, asked));
  });
}

function itemsOf(value: Json): Json[] {
  if (value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The values that are present: of the attribute, or of one part of it. */
function valuesOf(items: Json[], part: string | undefined): Json[] {
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
