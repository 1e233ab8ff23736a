import {fingerprintAttributes} from './digest.ts';
import type {Group} from './event.ts';
import type {Expression} from './expression.ts';
import {mapGroup} from './mapping.ts';
import type {ClaimPlan, Policy, Wanted} from './plan.ts';
import type {Attributes} from './resource.ts';

/** Which groups at the target are meant, and whether the program makes and deletes any. */
export interface GroupRules {
  /** `false`: what is not there is waited for, and what is wanted no more stays, without its members. */
  create: boolean;
  /** By the subject's id: the group that is meant, by its id at the target or its name there. Kept as with `create: false`. */
  map: Readonly<Record<string, {id: string} | {name: string}>>;
  /** Over the event's group: what it is called at the target. */
  name?: Expression;
}

/** Whether a group is the target's own: never made, and never deleted. */
export const isKept = ({create, map}: GroupRules, subject: string): boolean =>
  !create || Object.hasOwn(map, subject);

/** A group in scope. `called` is what the name's expression gives. */
export function wantGroup(group: Group, policy: Policy, called: string | undefined): ClaimPlan {
  const rules = policy.groupRules;
  const meant = Object.hasOwn(rules.map, group.id) ? rules.map[group.id] : undefined;
  const lists = group.members ? {whole: group.members} : {};
  if (meant && 'id' in meant) {
    // Its name and its other attributes are the target's.
    return {do: 'claim', op: 'group', wanted: {...nothingOf(policy), isKept: true, at: meant.id}, lists};
  }
  const displayName = meant?.name ?? called;
  const mapped = mapGroup(group);
  const attributes: Attributes = displayName === undefined ? mapped : {...mapped, displayName};
  const fingerprint = fingerprintAttributes(attributes, policy.mappingVersion);
  const kept = isKept(rules, group.id) ? {isKept: true} : {};
  return {do: 'claim', op: 'group', wanted: {attributes, fingerprint, ...kept}, lists};
}

/** A group of the target's own that is wanted no more: nobody stays in it who was put there. */
export const emptyGroup = (policy: Policy): ClaimPlan => ({
  do: 'claim',
  op: 'group',
  wanted: {...nothingOf(policy), isKept: true, isEmptied: true},
  lists: {whole: []},
});

const nothingOf = ({mappingVersion}: Policy): Wanted => ({
  attributes: {},
  fingerprint: fingerprintAttributes({}, mappingVersion),
});
