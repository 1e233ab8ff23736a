import {userShape} from './event-shape.ts';
import {compileExpression, placeText, type Shape} from './expression.ts';
import {editDistance} from './nearest.ts';
import type {AttributeRule} from './plan.ts';
import {CORE_GROUP, CORE_USER, ENTERPRISE} from './resource.ts';
import {ownAttribute, userPaths} from './scope-attributes.ts';

/** What is wrong with one rule of a mapping, in words; `at` is which side of it. */
export interface RuleProblem {
  at: 'path' | 'from' | 'expression';
  message: string;
}

const nameParts = [
  'formatted',
  'familyName',
  'givenName',
  'middleName',
  'honorificPrefix',
  'honorificSuffix',
];

/** What may be written: the default mapping's paths, and what SCIM has beside them (RFC 7643 sections 4.1 and 4.3). */
const writable = [
  ...userPaths,
  `${ENTERPRISE}:manager`,
  ...nameParts.map((part) => `name.${part}`),
  'password',
  'x509Certificates',
];

const standardUrns = [ENTERPRISE, CORE_USER, CORE_GROUP].map((urn) => `${urn}:`.toLowerCase());

/**
 * Whether a rule of a mapping can mean anything: it writes a SCIM path, one of an extension, or one that begins with
 * `ownPrefix` (what the target has beside SCIM), and takes a path of the default mapping or one of the event's own
 * attributes, or an expression over fields that an event's user has (`shape`). A name with a slip of the pen would be left
 * out, or sent, without a word.
 */
export function ruleProblem(
  path: string,
  rule: unknown,
  ownPrefix?: string,
  shape: Shape = userShape,
): RuleProblem | undefined {
  // A leaver who is active by rule would stay in, and one who comes back without it would stay out.
  if (path === 'active') return {at: 'path', message: 'active is what the event says: no rule may change it'};
  const isOwn = ownPrefix !== undefined && path.startsWith(ownPrefix) && path.length > ownPrefix.length;
  if (!isOwn && !writable.includes(path) && !isExtension(path))
    return {
      at: 'path',
      message: `expected the path of a user’s attribute: the nearest is ${nearest(path, writable)}`,
    };
  if (isExpression(rule)) return expressionProblem(rule.expression, shape);
  const from = isFrom(rule) ? rule.from : undefined;
  if (from === undefined || userPaths.includes(from) || ownAttribute(from) !== undefined) return undefined;
  const message = `expected a path of the default mapping or attributes.<name>, found "${from}": the nearest is ${nearest(from, userPaths)}`;
  return {at: 'from', message};
}

const isFrom = (rule: unknown): rule is Extract<AttributeRule, {from: string}> =>
  typeof rule === 'object' && rule !== null && 'from' in rule && typeof rule.from === 'string';

const isExpression = (rule: unknown): rule is {expression: string} =>
  typeof rule === 'object' && rule !== null && 'expression' in rule && typeof rule.expression === 'string';

/** What is wrong with an expression over a value of this shape, with the place in it. */
export function expressionProblem(text: string, shape: Shape): RuleProblem | undefined {
  const compiled = compileExpression(text);
  const [problem] = compiled.ok ? compiled.expression.strays(shape) : compiled.problems;
  return problem && {at: 'expression', message: `${placeText(problem, text)}: ${problem.message}`};
}

/** `urn:example:params:scim:Person:grade`: of a schema that is not the standard's own. */
function isExtension(path: string): boolean {
  if (standardUrns.some((urn) => path.toLowerCase().startsWith(urn))) return false;
  return /^urn:[A-Za-z0-9-]+(:[^\s:]+)+:[A-Za-z$][\w$.-]*$/i.test(path);
}

const lastName = (path: string): string => path.slice(path.lastIndexOf(':') + 1);

function nearest(path: string, known: readonly string[]): string {
  const wanted = lastName(path);
  const distances = known.map((one) => ({one, distance: editDistance(wanted, lastName(one))}));
  return distances.reduce((a, b) => (b.distance < a.distance ? b : a)).one;
}
