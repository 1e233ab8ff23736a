import type {LoadedConfig} from '../../config/load.ts';
import type {ClaimPlan, Lists, Policy} from '../../core/plan.ts';
import {planMapped} from '../../core/planned.ts';
import {policyOf} from '../../core/policy.ts';
import type {Attributes} from '../../core/resource.ts';
import type {Statement} from '../../core/statement.ts';
import {targetsOf} from '../check/target.ts';
import {connectorOf} from '../connector-of.ts';

/** What an event would mean at one target, if nothing were known there. */
export interface Meaning {
  target: string;
  /** In words: `account wanted`, `cut off`, `skipped`, `dead letter`. */
  does: string;
  inScope: boolean;
  reason?: string;
  attributes?: Attributes;
  onlyOnCreate?: Attributes;
  lists?: Lists;
}

/** The targets of a config, each with its policy. */
export type Policies = readonly {target: string; policy: Policy}[];

export const policiesOf = (loaded: Pick<LoadedConfig, 'config' | 'own'>): Policies =>
  targetsOf(loaded.config).map((target) => ({
    target: target.name,
    policy: policyOf(connectorOf(target, loaded), target),
  }));

/** What a statement means at each target. */
export const meaningsOf = (statement: Statement, policies: Policies): Promise<Meaning[]> =>
  Promise.all(policies.map(({target, policy}) => meaningOf(statement, target, policy)));

async function meaningOf(statement: Statement, target: string, policy: Policy): Promise<Meaning> {
  const planned = await planMapped(statement, policy);
  if (!planned.ok) return {target, does: 'dead letter', inScope: true, reason: planned.failure.message};
  const plan = planned.value;
  if (plan.do === 'skip') return {target, does: 'skipped', inScope: false, reason: plan.reason};
  const {wanted, lists} = plan;
  const reason = plan.mappingFailure?.message ?? plan.reason;
  return {
    target,
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
