import type {Group, User} from './event.ts';
import {fingerprintAttributes} from './digest.ts';
import {mapGroup, mapUser, type MappedUser} from './mapping.ts';
import {ENTERPRISE, type Attributes, type Json} from './resource.ts';
import type {Scope} from './scope.ts';
import type {Statement} from './statement.ts';
import type {ClaimOp} from './state.ts';
import type {EntryKind} from './window.ts';

export const MANAGER = `${ENTERPRISE}:manager`;

/** Over the default mapping of users, by attribute path; `from` may be `attributes.<name>`. */
export type AttributeRule = {from: string} | {value: Json} | {omit: true};

/** How one target takes events: compiled once from its config. */
export interface Policy {
  /** Changes with the mapping, so that a changed mapping is a change. */
  mappingVersion: string;
  rules: Readonly<Record<string, AttributeRule>>;
  /** Which entries of the event's own map the rules and the scope ask for. */
  own: readonly string[];
  /** Over what the default mapping makes of an event, and its own attributes: a rule changes nobody's scope. */
  users: Scope;
  groups: Scope;
  /** The target knows none: what is said of groups and members is not for it. */
  hasNoGroups?: boolean;
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
  lists: Lists;
}

export interface Wanted {
  attributes: Attributes;
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

function applyRules(attributes: Attributes, source: Attributes, rules: Policy['rules']): Attributes {
  const ruled = Object.entries(rules);
  if (ruled.length === 0) return attributes;
  const mapped = Object.fromEntries(Object.entries(attributes).filter(([path]) => !(path in rules)));
  for (const [path, rule] of ruled) {
    const value = 'omit' in rule ? undefined : 'value' in rule ? rule.value : source[rule.from];
    if (value !== undefined) mapped[path] = value;
  }
  return mapped;
}

function wantedUser({attributes, managerId}: MappedUser, source: Attributes, policy: Policy): Wanted {
  const mapped = applyRules(attributes, source, policy.rules);
  const named = managerId !== undefined && !(MANAGER in policy.rules);
  // Until it is resolved at the target, a manager is the subject's id: the digest must not depend on who is there yet.
  if (named) mapped[MANAGER] = managerId === null ? null : {value: managerId};
  const fingerprint = fingerprintAttributes(mapped, policy.mappingVersion);
  return named && managerId !== null
    ? {attributes: mapped, fingerprint, managerId}
    : {attributes: mapped, fingerprint};
}

const noGroups: Plan = {do: 'skip', reason: 'this target has no groups'};
const outOfScope = 'out of the scope of this target';
const unsaid = 'the scope of this target asks for what the event says nothing of';

/** Silence (a writer's schema that lacks the attribute) puts nobody in and nobody out. */
function undecided({paths}: Scope, source: Attributes): Plan {
  const missing = paths.filter((path) => source[path] === undefined);
  return {do: 'skip', reason: `${unsaid}: ${missing.join(', ')}`};
}

/** Pure: a statement and a target's policy in, what to claim out. Scope decides whether an account is wanted at all. */
export function plan(statement: Statement, policy: Policy): Plan {
  switch (statement.kind) {
    case 'unknown':
      return {do: 'skip', reason: 'none of the bodies that this version knows is set'};
    case 'user':
      return planUser(statement.user, policy);
    case 'group':
      return policy.hasNoGroups ? noGroups : planGroup(statement.group, policy);
    case 'membership':
      if (policy.hasNoGroups) return noGroups;
      return {do: 'claim', op: 'delta', lists: {added: statement.added, removed: statement.removed}};
    case 'deletion':
      return statement.of === 'group' && policy.hasNoGroups ? noGroups : planDeletion(statement.of);
    default:
      return statement satisfies never;
  }
}

function planUser(user: User, policy: Policy): Plan {
  const mapped = mapUser(user);
  const source = readable(mapped.attributes, user.attributes, policy);
  const lists = user.groups && !policy.hasNoGroups ? {whole: user.groups} : {};
  const leaving = user.active ? {} : {isUrgent: true};
  // A leaver is judged as if still active: else a filter on `active` would keep every leaver from being looked up.
  const isWanted = policy.users.holds(user.active ? source : {...source, active: true});
  if (isWanted === undefined && user.active) return undecided(policy.users, source);
  const wanted = wantedUser(mapped, source, policy);
  if (isWanted !== false) {
    return {do: 'claim', op: user.active ? 'user' : 'leave', wanted, ...leaving, lists};
  }
  const none = inactive(wanted, policy);
  return {do: 'claim', op: 'leave', wanted: none, ...leaving, byScope: true, reason: outOfScope, lists};
}

function planGroup(group: Group, policy: Policy): Plan {
  const attributes = mapGroup(group);
  const isWanted = policy.groups.holds(attributes);
  if (isWanted === undefined) return undecided(policy.groups, attributes);
  if (!isWanted) {
    return {do: 'claim', op: 'ungroup', byScope: true, reason: outOfScope, lists: {}};
  }
  const wanted = {attributes, fingerprint: fingerprintAttributes(attributes, policy.mappingVersion)};
  return {do: 'claim', op: 'group', wanted, lists: group.members ? {whole: group.members} : {}};
}

function planDeletion(of: 'user' | 'group' | 'unknown'): ClaimPlan {
  if (of === 'group') return {do: 'claim', op: 'ungroup', lists: {}};
  return {do: 'claim', op: of === 'user' ? 'leave' : 'gone', isUrgent: true, lists: {}};
}

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
      return {kind: planned.isUrgent ? 'cutOff' : 'snapshot', saysMembers: true};
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
