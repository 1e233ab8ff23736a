import type {ClaimPlan, Lists, Policy} from './plan.ts';
import {planMapped} from './planned.ts';
import type {Attributes} from './resource.ts';
import type {Statement} from './statement.ts';

/** What an event would mean at a target, if nothing were known there. */
export interface Meaning {
  /** In words: `account wanted`, `cut off`, `skipped`, `dead letter`. */
  does: string;
  inScope: boolean;
  reason?: string;
  attributes?: Attributes;
  onlyOnCreate?: Attributes;
  lists?: Lists;
}

/** What a statement means under a target's policy, as it is now. */
export async function meaningOf(statement: Statement, policy: Policy): Promise<Meaning> {
  const planned = await planMapped(statement, policy);
  if (!planned.ok) return {does: 'dead letter', inScope: true, reason: planned.failure.message};
  const plan = planned.value;
  if (plan.do === 'skip') return {does: 'skipped', inScope: false, reason: plan.reason};
  const {wanted, lists} = plan;
  const reason = plan.mappingFailure?.message ?? plan.reason;
  return {
    does: words(plan),
    inScope: !plan.byScope,
    ...(reason === undefined ? {} : {reason}),
    ...(wanted ? {attributes: wanted.attributes} : {}),
    ...(wanted?.onCreate ? {onlyOnCreate: wanted.onCreate} : {}),
    ...(Object.keys(lists).length === 0 ? {} : {lists}),
  };
}

function words({op}: ClaimPlan): string {
  switch (op) {
    case 'user':
      return 'account wanted';
    case 'leave':
      return 'cut off, where there is an account';
    case 'group':
      return 'group wanted';
    case 'ungroup':
      return 'deleted, where there is a group';
    case 'gone':
      return 'cut off or deleted, where there is one';
    case 'delta':
      return 'members change';
    case 'sync':
    case 'reference':
    case 'delete':
      return op;
    default:
      return op satisfies never;
  }
}
