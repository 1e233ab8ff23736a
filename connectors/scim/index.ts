import type {Connector} from '../../src/core/connector.ts';
import {check} from './check.ts';
import {cutOffSteps} from './cut-off.ts';
import {manifest, type configSchema} from './manifest.ts';
import {createGroups} from './members.ts';
import {createResources} from './resources.ts';
import {createService} from './service.ts';

/** Any SCIM 2.0 service. */
export const scim: Connector<typeof configSchema> = {
  manifest,
  create(context) {
    const service = createService(context);
    return {
      check: (signal) => check(context, service, signal),
      users: createResources(service, 'user'),
      groups: createGroups(service),
      cutOffSteps: (mode) => cutOffSteps(service, mode),
    };
  },
};
