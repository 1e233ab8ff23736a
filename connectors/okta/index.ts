import type {Connector} from '../../src/core/connector.ts';
import {check} from './check.ts';
import {cutOffSteps} from './cut-off.ts';
import {createGroups} from './groups.ts';
import {manifest, type configSchema} from './manifest.ts';
import {createOrg} from './org.ts';
import {createUsers} from './users.ts';

/** An Okta org, by its management API. */
export const okta: Connector<typeof configSchema> = {
  manifest,
  create(context) {
    const org = createOrg(context);
    return {
      check: (signal) => check(org, signal),
      users: createUsers(org),
      groups: createGroups(org),
      cutOffSteps: (mode) => cutOffSteps(org, mode),
    };
  },
};
