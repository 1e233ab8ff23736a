import type {Group, User} from './event.ts';
import {fingerprintAttributes} from './digest.ts';
import type {Expression} from './expression.ts';
import type {Failure} from './failure.ts';
import {mapGroup, mapUser, type MappedUser} from './mapping.ts';
import {emptyGroup, isKept, wantGroup, type GroupRules} from './plan-groups.ts';
import {ENTERPRISE, type Attributes, type Json} from './resource.ts';
import {partPath, type Part, type Scope} from './scope.ts';
import type {Statement} from './statement.ts';
import type {ClaimOp} from './state.ts';
import type {EntryKind} from './window.ts';

export const MANAGER = `${ENTERPRISE}:manager`;

/**
 * Over the default mapping of users, by attribute path; `from` may be `attributes.<name>`, an expression is over the event's
 * user. `onlyOnCreate` gives a new account its first value, and leaves what becomes of it to the target.
 */
export type AttributeRule =
  | {omit: true}
  | (({from: string} | {value: Json} | {expression: string}) & {onlyOnCreate?: boolean | undefined});

/** How one target takes events: compiled once from its config. */
export interface Policy {
  /** Changes with the mapping, so that a changed mapping is a change. */
  mappingVersion: string;
  rules: Readonly<Record<string, AttributeRule>>;
  /** The rules that are expressions, compiled. */
  expressions: readonly {path: string; expression: Expression}[];
  /** Which entries of the event's own map the rules and the scope ask for. */
  own: readonly string[];
  /** Over what the default mapping makes of an event, and its own attributes: a rule changes nobody's scope. */
  users: Scope;
  groups: Scope;
  /** The target knows none: what is said of groups and members is not for it. */
  hasNoGroups?: boolean;
  groupRules: GroupRules;
}

/** What one statement means for one target. */
export type Plan = {do: 'skip'; reason: string} | ClaimPlan;

export interface ClaimPlan {
  do: 'claim';
  op: ClaimOp;
  wanted?: Wanted;
  /** The person left: goes before everything else. Falling out of this target's scope alone does not. */
  isUrgent?: boolean;
  byScope?: boolean;
  reason?: string;
  /** The rule of the config that protects who it is about: decided, and nothing is sent. */
  protectedBy?: string;
  lists: Lists;
  /** A leaver's mapping fails: they are cut off by their identity alone. */
  mappingFailure?: Failure;
}

export interface Wanted {
  attributes: Attributes;
  /** What a new account is given beside them, and an existing one is not; it makes no difference to the fingerprint. */
  onCreate?: Attributes;
  /** A group of the target's own, by its id there where that is configured: neither made nor deleted. */
  isKept?: boolean;
  at?: string;
  /** It is wanted no more, and stays: without the members that were put in it. */
  isEmptied?: boolean;
  fingerprint: Buffer;
  managerId?: string;
}

export interface Lists {
  whole?: readonly string[];
  added?: readonly string[];
  removed?: readonly string[];
}

/**
 * What rules and scope read: the default mapping, and of the event's own attributes those that are asked for. One that is
 * not in the map is cleared; without a map nothing is said of any.
 */
function readable(attributes: Attributes, own: User['attributes'], {own: asked}: Policy): Attributes {
  if (asked.length === 0 || own === undefined) return attributes;
  const all = {...attributes};
  for (const name of asked)
    all[`attributes.${name}`] = own && Object.hasOwn(own, name) ? own[name] || null : null;
  return all;
}

/** The rules' values by path: those of every write, and those of a create alone. */
function applyRules(
  attributes: Attributes,
  source: Attributes,
  rules: Policy['rules'],
  computed: Attributes,
): Pick<Wanted, 'attributes' | 'onCreate'> {
  const ruled = Object.entries(rules);
  if (ruled.length === 0) return {attributes};
  const mapped = Object.fromEntries(Object.entries(attributes).filter(([path]) => !(path in rules)));
  const onCreate: Attributes = {};
  for (const [path, rule] of ruled) {
    const value = ruledValue(path, rule, source, computed);
    if (value === undefined) continue;
    if ('onlyOnCreate' in rule && rule.onlyOnCreate) onCreate[path] = value;
    else mapped[path] = value;
  }
  return Object.keys(onCreate).length === 0 ? {attributes: mapped} : {attributes: mapped, onCreate};
}

function ruledValue(
  path: string,
  rule: AttributeRule,
  source: Attributes,
  computed: Attributes,
): Json | undefined {
  if ('omit' in rule) return undefined;
  if ('value' in rule) return rule.value;
  return 'from' in rule ? source[rule.from] : computed[path];
}

function wantedUser(
  {attributes, managerId}: MappedUser,
  source: Attributes,
  policy: Policy,
  computed: Attributes,
): Wanted {
  const wanted = applyRules(attributes, source, policy.rules, computed);
  const mapped = wanted.attributes;
  const named = managerId !== undefined && !(MANAGER in policy.rules);
  // Until it is resolved at the target, a manager is the subject's id: the digest must not depend on who is there yet.
  if (named) mapped[MANAGER] = managerId === null ? null : {value: managerId};
  const fingerprint = fingerprintAttributes(mapped, policy.mappingVersion);
  return named && managerId !== null ? {...wanted, fingerprint, managerId} : {...wanted, fingerprint};
}

const noGroups: Plan = {do: 'skip', reason: 'this target has no groups'};
/** What is written when the account is made. */
export const createdOf = ({attributes, onCreate}: Wanted): Attributes =>
  onCreate ? {...attributes, ...onCreate} : attributes;

const outOfScope = 'out of the scope of this target';
const unsaid = 'the scope of this target asks for what the event says nothing of';

/** Parts of values that a scope asks for and that not every value says: what its writer's schema, or a map, leaves out. */
function silentParts(user: User, {parts}: Scope): ReadonlySet<string> | undefined {
  if (parts.length === 0) return undefined;
  const isSilent = ({path, part}: Part): boolean =>
    [(user as unknown as Record<string, unknown>)[path]]
      .flat()
      .some((value) => value instanceof Object && (value as Record<string, unknown>)[part] === undefined);
  return new Set(parts.filter(isSilent).map(partPath));
}

/** Silence (a writer's schema that lacks the attribute) puts nobody in and nobody out. */
function undecided({paths}: Scope, source: Attributes, silent?: ReadonlySet<string>): Plan {
  const missing = [...paths.filter((path) => source[path] === undefined), ...(silent ?? [])];
  return {do: 'skip', reason: `${unsaid}: ${missing.join(', ')}`};
}

/**
 * Pure: a statement and a target's policy in, what to claim out. Scope decides whether an account is wanted at all.
 * `computed` is what the expressions give (`planMapped`): without it the plan tells what happens, not yet what is written.
 */
export function plan(statement: Statement, policy: Policy, computed: Attributes = {}): Plan {
  switch (statement.kind) {
    case 'unknown':
      return {do: 'skip', reason: statement.reason ?? 'none of the bodies that this version knows is set'};
    case 'user':
      return planUser(statement.user, policy, computed);
    case 'group':
      return policy.hasNoGroups ? noGroups : planGroup(statement.group, policy, computed);
    case 'membership':
      if (policy.hasNoGroups) return noGroups;
      return {do: 'claim', op: 'delta', lists: {added: statement.added, removed: statement.removed}};
    case 'deletion':
      return statement.of === 'group' && policy.hasNoGroups ? noGroups : planDeletion(statement, policy);
    default:
      return statement satisfies never;
  }
}

function planUser(user: User, policy: Policy, computed: Attributes): Plan {
  const mapped = mapUser(user);
  const source = readable(mapped.attributes, user.attributes, policy);
  const lists = user.groups && !policy.hasNoGroups ? {whole: user.groups} : {};
  const leaving = user.active ? {} : {isUrgent: true};
  // A leaver is judged as if still active: else a filter on `active` would keep every leaver from being looked up.
  const silent = silentParts(user, policy.users);
  const isWanted = policy.users.holds(user.active ? source : {...source, active: true}, silent);
  if (isWanted === undefined && user.active) return undecided(policy.users, source, silent);
  const wanted = wantedUser(mapped, source, policy, computed);
  if (isWanted !== false) {
    return {do: 'claim', op: user.active ? 'user' : 'leave', wanted, ...leaving, lists};
  }
  const none = inactive(wanted, policy);
  return {do: 'claim', op: 'leave', wanted: none, ...leaving, byScope: true, reason: outOfScope, lists};
}

function planGroup(group: Group, policy: Policy, computed: Attributes): Plan {
  const attributes = mapGroup(group);
  const isWanted = policy.groups.holds(attributes);
  if (isWanted === undefined) return undecided(policy.groups, attributes);
  if (!isWanted) {
    const out = {byScope: true, reason: outOfScope, lists: group.members ? {whole: group.members} : {}};
    return isKept(policy.groupRules, group.id)
      ? {...emptyGroup(policy), ...out}
      : {do: 'claim', op: 'ungroup', ...out};
  }
  const {displayName} = computed;
  return wantGroup(group, policy, typeof displayName === 'string' ? displayName : undefined);
}

function planDeletion({of, subject}: Deletion, policy: Policy): ClaimPlan {
  const {groupRules} = policy;
  const isGroup = of === 'group' || (of === 'unknown' && Object.hasOwn(groupRules.map, subject));
  if (isGroup && isKept(groupRules, subject)) return emptyGroup(policy);
  if (of === 'group') return {do: 'claim', op: 'ungroup', lists: {}};
  return {do: 'claim', op: of === 'user' ? 'leave' : 'gone', isUrgent: true, lists: {}};
}

type Deletion = Extract<Statement, {kind: 'deletion'}>;

function inactive(wanted: Wanted, policy: Policy): Wanted {
  const attributes = {...wanted.attributes, active: false};
  return {...wanted, attributes, fingerprint: fingerprintAttributes(attributes, policy.mappingVersion)};
}

/** What a plan is in the window: what goes first, and what a newer one may take the place of. */
export function entryKind(planned: Plan): {kind: EntryKind; saysMembers: boolean} {
  if (planned.do === 'skip') return {kind: 'none', saysMembers: false};
  switch (planned.op) {
    case 'leave':
    case 'gone':
    case 'ungroup':
      return {
        kind: planned.isUrgent ? 'cutOff' : planned.byScope ? 'snapshot' : 'end',
        // Out of scope alone, what was said before of its memberships stays.
        saysMembers: planned.isUrgent || !planned.byScope || planned.lists.whole !== undefined,
      };
    case 'user':
    case 'group':
      return {kind: 'snapshot', saysMembers: planned.lists.whole !== undefined};
    case 'delta':
    case 'sync':
    case 'reference':
    case 'delete':
      return {kind: 'delta', saysMembers: false};
    default:
      return planned.op satisfies never;
  }
}
