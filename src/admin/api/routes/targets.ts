import {z} from 'zod';
import {answerWith, type Routes} from '../context.ts';
import {idText} from '../schema/common.ts';
import {targetSchema, targetsSchema} from '../schema/targets.ts';

/** The targets: gates, lag, what is parked, held and dead. */
export const targetRoutes: Routes = (api, ports) => {
  api.route({
    method: 'GET',
    url: '/api/v1/targets',
    config: {role: 'viewer'},
    schema: {
      operationId: 'listTargets',
      summary: 'All targets, and the services that the program needs',
      description: 'Answers while Redis does not: then without what only Redis knows.',
      response: {200: targetsSchema},
    },
    handler: () => ports.targets.list(),
  });
  api.route({
    method: 'GET',
    url: '/api/v1/targets/:target',
    config: {role: 'viewer'},
    schema: {
      operationId: 'readTarget',
      summary: 'One target',
      params: z.object({target: idText}),
      response: {200: targetSchema},
    },
    handler: async ({params}, reply) => answerWith(reply, await ports.targets.read(params.target)),
  });
};
