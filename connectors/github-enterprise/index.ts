import type {Connector} from '../../src/core/connector.ts';
import {check} from './check.ts';
import {cutOffSteps} from './cut-off.ts';
import {createEnterprise} from './enterprise.ts';
import {createGroups} from './groups.ts';
import {manifest, type configSchema} from './manifest.ts';
import {createUsers} from './users.ts';

/** One enterprise with managed users (EMU) on GitHub Enterprise Cloud. */
export const githubEnterprise: Connector<typeof configSchema> = {
  manifest,
  create(context) {
    const enterprise = createEnterprise(context);
    return {
      check: (signal) => check(enterprise, signal),
      users: createUsers(enterprise),
      groups: createGroups(enterprise),
      cutOffSteps: (mode) => cutOffSteps(enterprise, mode),
    };
  },
};
