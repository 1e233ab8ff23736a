import {fitAttribute} from './attribute-values.ts';
import {fingerprintAttributes} from './digest.ts';
import {placeText, type Expression} from './expression.ts';
import {failed, ok, type Failure, type Result} from './failure.ts';
import {plan, type ClaimPlan, type Plan, type Policy, type Wanted} from './plan.ts';
import type {Attributes} from './resource.ts';
import type {Statement} from './statement.ts';

/** What an account is found by: it must be there, and is enough for a leaver. */
const identity = ['userName', 'externalId'] as const;

/**
 * The plan of a statement with what the target's expressions give: at once where it has none. Failure: `undecodable`, naming
 * attribute and expression, when one gives nothing that can be sent: then nothing is, except that a leaver is cut off all
 * the same, found by what of their identity can be told (`mappingFailure` says why).
 */
export function planMapped(statement: Statement, policy: Policy): Result<Plan> | Promise<Result<Plan>> {
  const planned = plan(statement, policy);
  const asked = expressionsFor(statement, policy);
  if (asked.length === 0 || planned.do === 'skip' || !planned.wanted || planned.wanted.isEmptied)
    return ok(planned);
  const [input, needed] = readBy(statement);
  return computed(input, asked, needed).then(({values, failure}) => {
    const whole = plan(statement, policy, values);
    if (!failure || whole.do === 'skip') return ok(whole);
    return whole.op === 'leave' ? ok(byIdentity(whole, failure, policy)) : failed(failure);
  });
}

/** What its expressions read, and what they must not leave empty. */
function readBy(statement: Statement): [object, readonly string[]] {
  if (statement.kind === 'group') return [statement.group, [groupName]];
  return [statement.kind === 'user' ? statement.user : {}, identity];
}

type Asked = Policy['expressions'];

function expressionsFor(statement: Statement, {expressions, groupRules}: Policy): Asked {
  if (statement.kind === 'user') return expressions;
  const {name, map} = groupRules;
  if (statement.kind !== 'group' || !name || Object.hasOwn(map, statement.subject)) return [];
  return [{path: groupName, expression: name}];
}

/** What the default mapping calls a group by. */
const groupName = 'displayName';

interface Computed {
  /** `undefined`: nothing is said. */
  values: Attributes;
  failure?: Failure;
}

async function computed(input: object, expressions: Asked, needed: readonly string[]): Promise<Computed> {
  const values: Attributes = {};
  let failure: Failure | undefined;
  for (const {path, expression} of expressions) {
    const given = await expression.run(input);
    if (!given.ok) {
      const {message} = given.failure;
      failure ??= refusal(path, expression, `${placeText(given.failure, expression.text)}: ${message}`);
      continue;
    }
    if (given.value === undefined && !needed.includes(path) && isSilent(input, expression)) continue;
    const fitted = fitAttribute(path, given.value, needed);
    if (fitted.ok) values[path] = fitted.value;
    else failure ??= refusal(path, expression, fitted.message);
  }
  return failure ? {values, failure} : {values};
}

/** It reads a field that the writer's schema lacks: that it gives nothing says nothing. */
const isSilent = (input: object, {reads}: Expression): boolean =>
  reads.some((name) => (input as Record<string, unknown>)[name] === undefined);

const refusal = (path: string, {text}: Expression, what: string): Failure => ({
  kind: 'undecodable',
  message: `mapping of ${path}: ${what}, in ${shortened(text)}`,
  cause: `undecodable: mapping of ${path}`,
});

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

function byIdentity(left: ClaimPlan, mappingFailure: Failure, policy: Policy): ClaimPlan {
  const known: Attributes = {...left.wanted?.attributes, ...left.wanted?.onCreate};
  const attributes: Attributes = {active: false};
  for (const path of identity) if (known[path] !== undefined) attributes[path] = known[path];
  const wanted: Wanted = {
    attributes,
    fingerprint: fingerprintAttributes(attributes, policy.mappingVersion),
  };
  return {...left, wanted, mappingFailure};
}
