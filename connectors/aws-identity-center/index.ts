import type {Connector} from '../../src/core/connector.ts';
import {check} from './check.ts';
import {createCenter} from './client.ts';
import {cutOffSteps} from './cut-off.ts';
import {createDenials} from './denials.ts';
import {createGroups} from './groups.ts';
import {manifest, type configSchema} from './manifest.ts';
import {createUsers} from './users.ts';

/** AWS IAM Identity Center, by its SCIM endpoint. */
export const awsIdentityCenter: Connector<typeof configSchema> = {
  manifest,
  create(context) {
    const center = createCenter(context);
    const denials = createDenials(center);
    return {
      check: (signal) => check(center, denials, signal),
      users: createUsers(center, denials),
      groups: createGroups(center),
      cutOffSteps: (mode) => cutOffSteps(center, denials, mode),
    };
  },
};
