import {ok, z, type Connector} from 'avro-scim/connector';
import {createAsk} from './client.ts';
import {cutOffSteps} from './cut-off.ts';
import {manifest, type configSchema} from './manifest.ts';
import {person} from './mapping.ts';
import {createTeams} from './members.ts';
import {createResources} from './resources.ts';

const meSchema = z.object({login: z.string(), admin: z.boolean()});

export const connector: Connector<typeof configSchema> = {
  manifest,
  create(context) {
    const ask = createAsk(context);
    const users = createResources(ask, person);
    return {
      users,
      groups: createTeams(ask),
      cutOffSteps: (mode) => cutOffSteps(ask, users, mode),
      async check(signal) {
        const question = {method: 'GET', path: 'v1/me', operation: 'check'} as const;
        const me = await ask({...question, answer: meSchema, expected: []}, {signal});
        if (!me.ok) return me;
        const warnings = me.value.admin
          ? []
          : ['the token is not an administrator’s: nothing can be changed'];
        return ok({summary: `Deskbook answers ${me.value.login}`, warnings});
      },
    };
  },
};
