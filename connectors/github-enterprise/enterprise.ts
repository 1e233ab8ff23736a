import type {ConnectorContext} from '../../src/core/connector.ts';
import {createClient, type Ask} from '../github/client.ts';
import type {Scim} from '../github/scim.ts';
import type {EnterpriseConfig} from './manifest.ts';

/** One enterprise: how to ask it. */
export interface Enterprise {
  context: ConnectorContext<EnterpriseConfig>;
  ask: Ask;
  scim: Scim;
  /** Whether a removal of a member by a filter in the path was seen to work since the start: GitHub does not say that it does. */
  memberFilters: {work: boolean};
}

/** An enterprise from its config, which is read at each use. */
export function createEnterprise(context: ConnectorContext<EnterpriseConfig>): Enterprise {
  const ask = createClient(context);
  const base = (): string => `/scim/v2/enterprises/${encodeURIComponent(context.config().enterprise)}`;
  return {context, ask, scim: {ask, base}, memberFilters: {work: false}};
}
