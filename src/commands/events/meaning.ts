import type {LoadedConfig} from '../../config/load.ts';
import {meaningOf, type Meaning as CoreMeaning} from '../../core/meaning.ts';
import type {Policy} from '../../core/plan.ts';
import {policyOf} from '../../core/policy.ts';
import type {Statement} from '../../core/statement.ts';
import {targetsOf} from '../check/target.ts';
import {connectorOf} from '../connector-of.ts';

/** What an event would mean at one target, if nothing were known there. */
export interface Meaning extends CoreMeaning {
  target: string;
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
  Promise.all(policies.map(async ({target, policy}) => ({target, ...(await meaningOf(statement, policy))})));
