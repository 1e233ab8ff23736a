import type {Connector} from '../../src/core/connector.ts';
import {createAccount} from './account.ts';
import {check} from './check.ts';
import {cutOffSteps} from './cut-off.ts';
import {createGroups} from './groups.ts';
import {manifest, type configSchema} from './manifest.ts';
import {createUsers} from './users.ts';

/** Classic AWS IAM, by its API. */
export const awsIam: Connector<typeof configSchema> = {
  manifest,
  create(context) {
    const account = createAccount(context);
    return {
      check: (signal) => check(account, signal),
      users: createUsers(account),
      groups: createGroups(account),
      cutOffSteps: (mode) => cutOffSteps(account, mode),
    };
  },
};
