import {z} from 'zod';
import {answerWith, askedBy, type Api, type Routes} from '../context.ts';
import type {ApiPorts} from '../ports.ts';
import {idText, reasonText} from '../schema/common.ts';
import {targetSchema, targetsSchema} from '../schema/targets.ts';

/** The targets: gates, lag, what is parked, held and dead. */
export const targetRoutes: Routes = (api, ports) => {
  addReads(api, ports);
  addActs(api, ports);
};

function addReads(api: Api, ports: ApiPorts): void {
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
}

function addActs(api: Api, ports: ApiPorts): void {
  const acts = [
    ['pause', 'pauseTarget', 'Let nothing leave for a target, cut-offs neither, until it is resumed'],
    ['resume', 'resumeTarget', 'Let a paused target go on, leavers first'],
  ] as const;
  for (const [act, operationId, summary] of acts) {
    api.route({
      method: 'POST',
      url: `/api/v1/targets/:target/${act}`,
      config: {role: 'operator'},
      schema: {
        ...{operationId, summary, params: z.object({target: idText})},
        body: z.strictObject({reason: reasonText}),
        response: {200: targetSchema},
      },
      handler: async (request, reply) => {
        const asked = askedBy(request, request.body.reason);
        return answerWith(reply, await ports.targets[act](request.params.target, asked));
      },
    });
  }
}
