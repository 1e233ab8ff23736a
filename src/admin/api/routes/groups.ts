import {z} from 'zod';
import {answerWith, askedBy, type Api, type Routes} from '../context.ts';
import type {ApiPorts} from '../ports.ts';
import {idText, page, reasonText} from '../schema/common.ts';
import {
  groupNameSchema,
  groupPreviewSchema,
  groupProgressSchema,
  groupRetrySchema,
  groupsSchema,
} from '../schema/groups.ts';

const oneGroup = '/api/v1/dead-letter-groups/:target/:group';

/** Dead letters by cause, and the retry of a whole group. */
export const groupRoutes: Routes = (api, ports) => {
  addReads(api, ports);
  addProgress(api, ports);
  addActs(api, ports);
};

function addReads(api: Api, ports: ApiPorts): void {
  api.route({
    method: 'GET',
    url: '/api/v1/dead-letter-groups',
    config: {role: 'viewer'},
    schema: {
      operationId: 'listGroups',
      summary: 'Dead letters by cause: how many, since when, and what usually fixes it',
      description: 'Leavers’ first, then the largest.',
      querystring: z.strictObject({target: idText.optional(), ...page}),
      response: {200: groupsSchema},
    },
    handler: async ({query: {target, ...paging}}, reply) =>
      answerWith(reply, await ports.groups.list({target}, paging)),
  });
  api.route({
    method: 'POST',
    url: `${oneGroup}/preview`,
    config: {role: 'viewer'},
    schema: {
      operationId: 'previewGroup',
      summary: 'What a retry of a group would do now, by today’s schemas and config; changes nothing',
      params: groupNameSchema,
      body: z.strictObject({}),
      response: {200: groupPreviewSchema},
    },
    handler: async ({params}, reply) => answerWith(reply, await ports.groups.preview(params)),
  });
}

function addProgress(api: Api, ports: ApiPorts): void {
  api.route({
    method: 'GET',
    url: `${oneGroup}/retry`,
    config: {role: 'viewer'},
    schema: {
      operationId: 'readGroupRetry',
      summary: 'How far the last retry of a group has come, letter by letter',
      params: groupNameSchema,
      querystring: z.strictObject({
        after: z
          .string()
          .regex(/^\d{1,20}-\d{1,20}$/)
          .optional()
          .describe('`after` of the answer before.'),
      }),
      response: {200: groupProgressSchema},
    },
    handler: async ({params, query}, reply) =>
      answerWith(reply, await ports.groups.progress(params, query.after)),
  });
}

function addActs(api: Api, ports: ApiPorts): void {
  api.route({
    method: 'POST',
    url: `${oneGroup}/retry`,
    config: {role: 'operator'},
    schema: {
      operationId: 'retryGroup',
      summary: 'Retry all of a group that a preview has shown; whoever serves the target carries it out',
      params: groupNameSchema,
      body: groupRetrySchema,
      response: {202: groupProgressSchema},
    },
    handler: async (request, reply) => {
      const {token, reason} = request.body;
      const started = await ports.groups.retry(request.params, token, askedBy(request, reason));
      return answerWith(reply.code(202), started);
    },
  });
  api.route({
    method: 'POST',
    url: `${oneGroup}/stop`,
    config: {role: 'operator'},
    schema: {
      operationId: 'stopGroupRetry',
      summary: 'Stop the retry of a group: what was not tried stays a dead letter',
      params: groupNameSchema,
      body: z.strictObject({reason: reasonText}),
      response: {200: groupProgressSchema},
    },
    handler: async (request, reply) => {
      const asked = askedBy(request, request.body.reason);
      return answerWith(reply, await ports.groups.stop(request.params, asked));
    },
  });
}
