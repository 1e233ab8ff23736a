import type {Compare, Filter} from 'scim2-parse-filter';
import type {Json} from './resource.ts';
import type {Shape} from './scope-attributes.ts';

/** Whether the values that an attribute has (none when it is not present) pass. */
export type Test = (values: readonly Json[]) => boolean;

/** An attribute, an operator, and a value unless the operator is `pr`. */
export type AttributeNode = Extract<Filter, {attrPath: string; op: 'pr'} | Compare>;

/** The test of one attribute expression (RFC 7644 section 3.4.2.2, table 3), or why it can never mean anything. */
export function compileTest(node: AttributeNode, shape: Shape): Test | string {
  if (node.op === 'pr') return (values) => values.length > 0;
  const problem = mismatch(node, shape);
  if (problem !== undefined) return problem;
  const {op, compValue} = node;
  if (compValue === null) return (values) => (values.length === 0) === (op === 'eq');
  const fold = shape === 'exact' ? same : lower;
  const wanted = fold(compValue);
  const passes = comparison(op);
  if (op === 'ne') return (values) => !values.some((value) => fold(value) === wanted);
  return (values) => values.some((value) => passes(fold(value), wanted));
}

function mismatch({op, attrPath, compValue}: Compare, shape: Shape): string | undefined {
  if (shape === 'name' || shape === 'addresses' || shape === 'values') {
    return `${attrPath} has parts: name one of them, as in ${attrPath}.${shape === 'name' ? 'familyName' : 'type'}`;
  }
  const equality = op === 'eq' || op === 'ne';
  if (compValue === null) return equality ? undefined : `${op} does not go with null`;
  if (shape === 'boolean') {
    if (!equality) return `${attrPath} is true or false: compare it with eq or ne`;
    return typeof compValue === 'boolean' ? undefined : `${attrPath} is true or false, without quotes`;
  }
  if (shape !== 'any' && typeof compValue !== 'string')
    return `${attrPath} is a text: put the value in double quotes`;
  return equality || typeof compValue !== 'boolean' ? undefined : `${op} does not go with ${compValue}`;
}

function comparison(op: Compare['op']): (value: Json, wanted: Json) => boolean {
  switch (op) {
    case 'eq':
      return (value, wanted) => value === wanted;
    case 'ne':
      return (value, wanted) => value !== wanted;
    case 'co':
      return ofTexts((value, wanted) => value.includes(wanted));
    case 'sw':
      return ofTexts((value, wanted) => value.startsWith(wanted));
    case 'ew':
      return ofTexts((value, wanted) => value.endsWith(wanted));
    case 'gt':
      return ordered((value, wanted) => value > wanted);
    case 'ge':
      return ordered((value, wanted) => value >= wanted);
    case 'lt':
      return ordered((value, wanted) => value < wanted);
    case 'le':
      return ordered((value, wanted) => value <= wanted);
  }
}

const ofTexts =
  (passes: (value: string, wanted: string) => boolean) =>
  (value: Json, wanted: Json): boolean =>
    typeof value === 'string' && typeof wanted === 'string' && passes(value, wanted);

/** Values of two types have no order, and are neither less nor greater. */
const ordered =
  (passes: (value: string | number, wanted: string | number) => boolean) =>
  (value: Json, wanted: Json): boolean =>
    ((typeof value === 'string' && typeof wanted === 'string') ||
      (typeof value === 'number' && typeof wanted === 'number')) &&
    passes(value, wanted);

const same = (value: Json): Json => value;
const lower = (value: Json): Json => (typeof value === 'string' ? value.toLowerCase() : value);
