import {z} from 'zod';
import {answerWith, askedBy, showingOf, type Api, type Routes} from '../context.ts';
import type {ApiPorts} from '../ports.ts';
import {refuse} from '../problem.ts';
import {flag, idText, page, pageOf, reasonText} from '../schema/common.ts';
import {
  chosenLettersSchema,
  donesSchema,
  letterFilterSchema,
  letterPreviewSchema,
} from '../schema/letters.ts';
import {letterSchema} from '../schema/parked.ts';

/** Dead letters: list, show, and act on those that were seen. */
export const letterRoutes: Routes = (api, ports) => {
  addReads(api, ports);
  addPreview(api, ports);
  const acts = [
    [
      'retry',
      'retryLetters',
      'Try dead letters again, in their subjects’ order, no faster than the target’s rate',
    ],
    ['discard', 'discardLetters', 'Discard dead letters for good: what they said never reaches the target'],
  ] as const;
  for (const [act, operationId, summary] of acts) {
    api.route({
      method: 'POST',
      url: `/api/v1/dead-letters/${act}`,
      config: {role: 'operator'},
      schema: {operationId, summary, body: chosenLettersSchema, response: {200: donesSchema}},
      handler: async (request, reply) => {
        const done = await ports.letters[act](request.body, askedBy(request, request.body.reason));
        return done.ok ? {results: done.value} : refuse(reply, done.refusal);
      },
    });
  }
};

function addReads(api: Api, ports: ApiPorts): void {
  api.route({
    method: 'GET',
    url: '/api/v1/dead-letters',
    config: {role: 'viewer'},
    schema: {
      operationId: 'listLetters',
      summary: 'Dead letters, the oldest first, target by target; personal data masked',
      querystring: letterFilterSchema.extend(page),
      response: {200: pageOf(letterSchema)},
    },
    handler: async ({query: {cursor, limit, ...filter}}, reply) =>
      answerWith(reply, await ports.letters.list(filter, {cursor, limit})),
  });
  api.route({
    method: 'GET',
    url: '/api/v1/dead-letters/:target/:id',
    config: {role: 'viewer'},
    schema: {
      operationId: 'readLetter',
      summary: 'One dead letter in full',
      params: z.object({target: idText, id: idText.describe('Its slashes percent-encoded.')}),
      querystring: z.strictObject({unmask: flag, reason: reasonText}),
      response: {200: letterSchema},
    },
    handler: async (request, reply) => {
      const showing = showingOf(request, request.query);
      if (!showing.ok) return refuse(reply, showing.refusal);
      return answerWith(reply, await ports.letters.read(request.params, showing.value));
    },
  });
}

function addPreview(api: Api, ports: ApiPorts): void {
  api.route({
    method: 'POST',
    url: '/api/v1/dead-letters/preview',
    config: {role: 'viewer'},
    schema: {
      operationId: 'previewLetters',
      summary: 'What a filter is about, and the `token` for an action on it; changes nothing',
      body: z.strictObject({filter: letterFilterSchema}),
      response: {200: letterPreviewSchema},
    },
    handler: async ({body}, reply) => answerWith(reply, await ports.letters.preview(body.filter)),
  });
}
