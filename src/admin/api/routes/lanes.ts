import {z} from 'zod';
import {answerWith, type Routes} from '../context.ts';
import {idText, page, pageOf} from '../schema/common.ts';
import {laneSchema} from '../schema/lanes.ts';

/** The lanes: who waits for what to be tried again. */
export const laneRoutes: Routes = (api, ports) => {
  api.route({
    method: 'GET',
    url: '/api/v1/lanes',
    config: {role: 'viewer'},
    schema: {
      operationId: 'listLanes',
      summary: 'Subjects with parked changes, the longest failing first, target by target',
      querystring: z.strictObject({target: idText.optional(), ...page}),
      response: {200: pageOf(laneSchema)},
    },
    handler: async ({query: {target, ...paging}}, reply) =>
      answerWith(reply, await ports.lanes({target}, paging)),
  });
};
