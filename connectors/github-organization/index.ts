import type {Connector} from '../../src/core/connector.ts';
import {check} from './check.ts';
import {cutOffSteps} from './cut-off.ts';
import {manifest, type configSchema} from './manifest.ts';
import {createOrg} from './org.ts';
import {createTeams} from './teams.ts';
import {createUsers} from './users.ts';

/** One organization on GitHub Enterprise Cloud whose people keep accounts of their own. */
export const githubOrganization: Connector<typeof configSchema> = {
  manifest,
  create(context) {
    const org = createOrg(context);
    return {
      check: (signal) => check(org, signal),
      users: createUsers(org),
      groups: createTeams(org),
      cutOffSteps: () => cutOffSteps(org),
    };
  },
};
