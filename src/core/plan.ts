import {fingerprintAttributes} from './digest.ts';
import {mapGroup, mapUser} from './mapping.ts';
import {ENTERPRISE, type Attributes, type Json} from './resource.ts';
import type {Statement} from './statement.ts';
import type {ClaimOp} from './state.ts';
import type {EntryKind} from './window.ts';

export const MANAGER = `${ENTERPRISE}:manager`;

/** Over the default mapping of users, by attribute path. */
export type AttributeRule = {from: string} | {value: Json} | {omit: true};

/** How one target takes events: compiled once from its config. */
export interface Policy {
  /** Changes with the mapping, so that a changed mapping is a change. */
  mappingVersion: string;
  rules: Readonly<Record<string, AttributeRule>>;
  wantsUser: (attributes: Attributes) => boolean;
  wantsGroup: (attributes: Attributes) => boolean;
}

/** What one statement means for one target. */
export type Plan =
  | {do: 'skip'; reason: string}
  | {do: 'claim'; op: ClaimOp; wanted?: Wanted; byScope?: boolean; reason?: string; lists: Lists};

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

function applyRules(attributes: Attributes, rules: Policy['rules']): Attributes {
  const ruled = Object.entries(rules);
  if (ruled.length === 0) return attributes;
  const mapped = Object.fromEntries(Object.entries(attributes).filter(([path]) => !(path in rules)));
  for (const [path, rule] of ruled) {
    const value = 'omit' in rule ? undefined : 'value' in rule ? rule.value : attributes[rule.from];
    if (value !== undefined) mapped[path] = value;
  }
  return mapped;
}

function wantedUser(user: Extract<Statement, {kind: 'user'}>['user'], policy: Policy): Wanted {
  const {attributes, managerId} = mapUser(user);
  const mapped = applyRules(attributes, policy.rules);
  const named = managerId !== undefined && !(MANAGER in policy.rules);
  // Until it is resolved at the target, a manager is the subject's id: the digest must not depend on who is there yet.
  if (named) mapped[MANAGER] = managerId === null ? null : {value: managerId};
  const wanted = {attributes: mapped, fingerprint: fingerprintAttributes(mapped, policy.mappingVersion)};
  return named && managerId !== null ? {...wanted, managerId} : wanted;
}

const outOfScope = 'out of the scope of this target';

/** Pure: a statement and a target's policy in, what to claim out. Scope decides whether an account is wanted at all. */
export function plan(statement: Statement, policy: Policy): Plan {
  switch (statement.kind) {
    case 'unknown':
      return {do: 'skip', reason: 'none of the bodies that this version knows is set'};
    case 'user': {
      const wanted = wantedUser(statement.user, policy);
      // A leaver is judged as if still active: else a filter on `active` would hide every leaver from look-up.
      const inScope = policy.wantsUser({...wanted.attributes, active: true});
      const lists = statement.user.groups ? {whole: statement.user.groups} : {};
      if (!inScope)
        return {
          do: 'claim',
          op: 'leave',
          wanted: inactive(wanted, policy),
          byScope: true,
          reason: outOfScope,
          lists,
        };
      if (!statement.user.active) return {do: 'claim', op: 'leave', wanted, lists};
      return {do: 'claim', op: 'user', wanted, lists};
    }
    case 'group': {
      const attributes = mapGroup(statement.group);
      if (!policy.wantsGroup(attributes))
        return {do: 'claim', op: 'ungroup', byScope: true, reason: outOfScope, lists: {}};
      const wanted = {attributes, fingerprint: fingerprintAttributes(attributes, policy.mappingVersion)};
      return {
        do: 'claim',
        op: 'group',
        wanted,
        lists: statement.group.members ? {whole: statement.group.members} : {},
      };
    }
    case 'membership':
      return {do: 'claim', op: 'delta', lists: {added: statement.added, removed: statement.removed}};
    case 'deletion':
      return {do: 'claim', op: deletionOps[statement.of], lists: {}};
    default:
      return statement satisfies never;
  }
}

const deletionOps = {user: 'leave', group: 'ungroup', unknown: 'gone'} as const;

function inactive(wanted: Wanted, policy: Policy): Wanted {
  const attributes = {...wanted.attributes, active: false};
  return {...wanted, attributes, fingerprint: fingerprintAttributes(attributes, policy.mappingVersion)};
}

/** What a plan is in the window: what goes first, and what a newer one may take the place of. */
export function entryKind(planned: Plan): {kind: EntryKind; saysMembers: boolean} {
  if (planned.do === 'skip') return {kind: 'none', saysMembers: false};
  switch (planned.op) {
    case 'leave':
      // Who only fell out of scope is not urgent unless they have an account, which the claim alone knows: treat alike.
      return {kind: 'cutOff', saysMembers: true};
    case 'gone':
      return {kind: 'cutOff', saysMembers: true};
    case 'user':
    case 'group':
      return {kind: 'snapshot', saysMembers: planned.lists.whole !== undefined};
    case 'ungroup':
      return {kind: 'snapshot', saysMembers: true};
    case 'delta':
    case 'sync':
    case 'reference':
      return {kind: 'delta', saysMembers: false};
    default:
      return planned.op satisfies never;
  }
}
