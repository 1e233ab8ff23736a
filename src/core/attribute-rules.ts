import type {AttributeRule} from './plan.ts';
import {CORE_GROUP, CORE_USER, ENTERPRISE} from './resource.ts';
import {ownAttribute, userPaths} from './scope-attributes.ts';

/** What is wrong with one rule of a mapping, in words; `at` is which side of it. */
export interface RuleProblem {
  at: 'path' | 'from';
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
 * attributes. A name with a slip of the pen would be left out, or sent, without a word.
 */
export function ruleProblem(path: string, rule: unknown, ownPrefix?: string): RuleProblem | undefined {
  // A leaver who is active by rule would stay in, and one who comes back without it would stay out.
  if (path === 'active') return {at: 'path', message: 'active is what the event says: no rule may change it'};
  const isOwn = ownPrefix !== undefined && path.startsWith(ownPrefix) && path.length > ownPrefix.length;
  if (!isOwn && !writable.includes(path) && !isExtension(path))
    return {
      at: 'path',
      message: `expected the path of a user’s attribute: the nearest is ${nearest(path, writable)}`,
    };
  const from = isFrom(rule) ? rule.from : undefined;
  if (from === undefined || userPaths.includes(from) || ownAttribute(from) !== undefined) return undefined;
  const message = `expected a path of the default mapping or attributes.<name>, found "${from}": the nearest is ${nearest(from, userPaths)}`;
  return {at: 'from', message};
}

const isFrom = (rule: unknown): rule is Extract<AttributeRule, {from: string}> =>
  typeof rule === 'object' && rule !== null && 'from' in rule && typeof rule.from === 'string';

/** `urn:example:params:scim:Person:grade`: of a schema that is not the standard's own. */
function isExtension(path: string): boolean {
  if (standardUrns.some((urn) => path.toLowerCase().startsWith(urn))) return false;
  return /^urn:[A-Za-z0-9-]+(:[^\s:]+)+:[A-Za-z$][\w$.-]*$/i.test(path);
}

const lastName = (path: string): string => path.slice(path.lastIndexOf(':') + 1).toLowerCase();

function nearest(path: string, known: readonly string[]): string {
  const wanted = lastName(path);
  const distances = known.map((one) => ({one, distance: distanceOf(wanted, lastName(one))}));
  return distances.reduce((a, b) => (b.distance < a.distance ? b : a)).one;
}

/** Levenshtein's: how many letters are to be put in, taken out or changed. */
function distanceOf(left: string, right: string): number {
  let row = Array.from({length: right.length + 1}, (_, i) => i);
  for (let i = 0; i < left.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < right.length; j += 1) {
      const changed = (row[j] ?? 0) + (left[i] === right[j] ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
