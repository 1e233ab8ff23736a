import {z} from 'zod';
import {answerWith, askedBy, showingOf, type Api, type Routes} from '../context.ts';
import type {ApiPorts} from '../ports.ts';
import {refuse} from '../problem.ts';
import {flag, idText, reasonText} from '../schema/common.ts';
import {donesSchema} from '../schema/letters.ts';
import {subjectSchema} from '../schema/subjects.ts';

const subjectParams = z.object({id: idText.describe('The subject’s id: the Kafka key of its events.')});
const actionBody = z.strictObject({
  targets: z.array(idText).min(1).max(1000).optional().describe('Only at these targets.'),
  reason: reasonText,
});

/** One subject: what is known of it, and ending its access by hand. */
export const subjectRoutes: Routes = (api, ports) => {
  addRead(api, ports);
  addActs(api, ports);
};

function addRead(api: Api, ports: ApiPorts): void {
  api.route({
    method: 'GET',
    url: '/api/v1/subjects/:id',
    config: {role: 'viewer'},
    schema: {
      operationId: 'readSubject',
      summary: 'What is known of one subject, target by target',
      params: subjectParams,
      querystring: z.strictObject({unmask: flag, reason: reasonText}),
      response: {200: subjectSchema},
    },
    handler: async (request, reply) => {
      const showing = showingOf(request, request.query);
      if (!showing.ok) return refuse(reply, showing.refusal);
      return answerWith(reply, await ports.subjects.read(request.params.id, showing.value));
    },
  });
}

const acts = [
  {
    act: 'cutOff',
    path: 'cut-off',
    operationId: 'cutOffSubject',
    role: 'operator',
    summary: 'End a person’s access now, without an event, until it is lifted',
    description:
      'The cut-off is first in the person’s lane once this is answered; `cutOffEnd` of the subject tells its end.',
  },
  {
    act: 'lift',
    path: 'lift',
    operationId: 'liftCutOff',
    role: 'approver',
    summary: 'Let a person in again who was cut off by hand',
    description: 'What was held goes on, from the person’s lane.',
  },
  {
    act: 'replay',
    path: 'replay',
    operationId: 'replaySubject',
    role: 'operator',
    summary: 'Tell targets a subject’s last event again, read from Kafka while it is kept there',
    description:
      'The target is asked although nothing seems to differ. What is newer by then is told in its place.',
  },
] as const;

function addActs(api: Api, ports: ApiPorts): void {
  for (const {act, path, role, ...told} of acts) {
    api.route({
      method: 'POST',
      url: `/api/v1/subjects/:id/${path}`,
      config: {role},
      schema: {...told, params: subjectParams, body: actionBody, response: {202: donesSchema}},
      handler: async (request, reply) => {
        const {targets, reason} = request.body;
        const done = await ports.subjects[act](request.params.id, targets, askedBy(request, reason));
        return done.ok ? reply.code(202).send({results: done.value}) : refuse(reply, done.refusal);
      },
    });
  }
}
