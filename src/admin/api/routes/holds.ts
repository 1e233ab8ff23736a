import {z} from 'zod';
import {answerWith, askedBy, type Api, type Routes} from '../context.ts';
import type {ApiPorts} from '../ports.ts';
import {refuse} from '../problem.ts';
import {page, pageOf} from '../schema/common.ts';
import {holdSchema} from '../schema/lanes.ts';
import {chosenHoldsSchema, donesSchema, holdFilterSchema, holdPreviewSchema} from '../schema/letters.ts';

/** What waits for a person: leaves that the guard holds, and what a cut-off by hand bars. */
export const holdRoutes: Routes = (api, ports) => {
  addReads(api, ports);
  addActs(api, ports);
};

function addReads(api: Api, ports: ApiPorts): void {
  api.route({
    method: 'GET',
    url: '/api/v1/holds',
    config: {role: 'viewer'},
    schema: {
      operationId: 'listHolds',
      summary: 'What is held, the oldest first, target by target',
      querystring: holdFilterSchema.extend(page),
      response: {200: pageOf(holdSchema)},
    },
    handler: async ({query: {cursor, limit, ...filter}}, reply) =>
      answerWith(reply, await ports.holds.list(filter, {cursor, limit})),
  });
  api.route({
    method: 'POST',
    url: '/api/v1/holds/preview',
    config: {role: 'viewer'},
    schema: {
      operationId: 'previewHolds',
      summary: 'What a filter is about, and the `token` for an action on it; changes nothing',
      body: z.strictObject({filter: holdFilterSchema}),
      response: {200: holdPreviewSchema},
    },
    handler: async ({body}, reply) => answerWith(reply, await ports.holds.preview(body.filter)),
  });
}

function addActs(api: Api, ports: ApiPorts): void {
  const acts = [
    ['approve', 'approveHolds', 'Let held leaves go on: the accounts are cut off'],
    ['discard', 'discardHolds', 'Drop held leaves: the accounts stay as they are until a newer event'],
  ] as const;
  for (const [act, operationId, summary] of acts) {
    api.route({
      method: 'POST',
      url: `/api/v1/holds/${act}`,
      config: {role: 'approver'},
      schema: {operationId, summary, body: chosenHoldsSchema, response: {200: donesSchema}},
      handler: async (request, reply) => {
        const done = await ports.holds[act](request.body, askedBy(request, request.body.reason));
        return done.ok ? {results: done.value} : refuse(reply, done.refusal);
      },
    });
  }
}
