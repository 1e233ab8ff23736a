import type {FastifyReply} from 'fastify';
import {z} from 'zod';
import {roles, type Role} from '../../core/role.ts';

/** Why a request is not done, as a value; `problemOf` says it in the words of RFC 9457. */
export type Refusal =
  | {kind: 'not-signed-in'; detail: string}
  | {kind: 'not-allowed'; detail: string; role?: Role}
  | {kind: 'bad-request'; detail: string; errors?: readonly {at: string; message: string}[]}
  | {kind: 'unknown'; detail: string}
  | {kind: 'method'; detail: string}
  | {kind: 'wrong-state'; detail: string; state: string}
  | {kind: 'stale-preview'; detail: string; count: number}
  | {kind: 'too-large'; detail: string}
  | {kind: 'media-type'; detail: string}
  | {kind: 'too-many-requests'; detail: string}
  | {kind: 'bug'; detail: string}
  | {kind: 'unavailable'; detail: string; service?: string};

/** What was asked for, or why not. */
export type Answer<T> = {ok: true; value: T} | {ok: false; refusal: Refusal};

/** An answer that refuses. */
export const refused = (refusal: Refusal): {ok: false; refusal: Refusal} => ({ok: false, refusal});

const told: Record<Refusal['kind'], {status: number; title: string}> = {
  'not-signed-in': {status: 401, title: 'Not signed in'},
  'not-allowed': {status: 403, title: 'Not allowed'},
  'bad-request': {status: 400, title: 'Bad request'},
  unknown: {status: 404, title: 'Unknown'},
  method: {status: 405, title: 'Method not allowed'},
  'wrong-state': {status: 409, title: 'Not in this state'},
  'stale-preview': {status: 409, title: 'No longer what was shown'},
  'too-large': {status: 413, title: 'Too large'},
  'media-type': {status: 415, title: 'Unsupported media type'},
  'too-many-requests': {status: 429, title: 'Too many requests'},
  bug: {status: 500, title: 'Unexpected exception'},
  unavailable: {status: 503, title: 'Unavailable'},
};

/** A problem of RFC 9457, as every answer that is no success has it. */
export const problemSchema = z.object({
  type: z.string().describe('What kind of problem it is: `urn:avro-scim:problem:<kind>`.'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What is wrong here, and what to do.'),
  errors: z
    .array(z.object({at: z.string(), message: z.string()}))
    .optional()
    .describe('Of a bad request: each place that is wrong.'),
  role: z.enum(roles).optional().describe('The role that is needed.'),
  state: z.string().optional().describe('The state it is in.'),
  count: z.int().optional().describe('How many there are now.'),
  service: z.string().optional().describe('What does not answer.'),
});

/** The problem that a refusal is. */
export const problemOf = ({kind, ...more}: Refusal): z.output<typeof problemSchema> => {
  const {errors, ...rest} = {errors: undefined, ...more};
  return {
    type: `urn:avro-scim:problem:${kind}`,
    ...told[kind],
    ...rest,
    ...(errors && {errors: [...errors]}),
  };
};

/** Answers with a problem. A string, because no route's own schema is for it. */
export function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const problem = problemOf(refusal);
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="avro-scim"');
  if (problem.status === 503 && !reply.hasHeader('retry-after')) void reply.header('retry-after', '5');
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(`${JSON.stringify(problem)}\n`);
}
