import type {Connector} from '../../src/core/connector.ts';
import {check} from './check.ts';
import {createCenter} from './client.ts';
import {cutOffSteps} from './cut-off.ts';
import {createGroups} from './groups.ts';
import {manifest, type configSchema} from './manifest.ts';
import {createResources} from './resources.ts';

/** AWS IAM Identity Center, by its SCIM endpoint. */
export const awsIdentityCenter: Connector<typeof configSchema> = {
  manifest,
  create(context) {
    const center = createCenter(context);
    return {
      check: (signal) => check(center, signal),
      users: createResources(center, 'user'),
      groups: createGroups(center),
      cutOffSteps: (mode) => cutOffSteps(center, mode),
    };
  },
};
