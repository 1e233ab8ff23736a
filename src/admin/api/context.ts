import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawServerDefault,
} from 'fastify';
import type {IncomingMessage, ServerResponse} from 'node:http';
import type {ZodTypeProvider} from 'fastify-type-provider-zod';
import {mayAct} from '../../core/role.ts';
import {nobody} from './auth/authenticate.ts';
import type {Principal} from './auth/principal.ts';
import type {ApiPorts, Asked, Showing} from './ports.ts';
import {refuse, refused, type Answer} from './problem.ts';

/** The server as the routes see it: what a schema says is what a handler is given. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Adds one concern's routes. */
export type Routes = (api: Api, ports: ApiPorts) => void;

/** Who asks: the sign-in has run before any handler. */
export const principalOf = ({principal}: Pick<FastifyRequest, 'principal'>): Principal => principal ?? nobody;

/** Who asks for an action, and why. */
export const askedBy = (request: Pick<FastifyRequest, 'principal'>, reason: string | undefined): Asked => ({
  by: principalOf(request),
  reason,
});

/** Sends what was asked for, or why not. */
export const answerWith = <T>(reply: FastifyReply, answer: Answer<T>): T | FastifyReply =>
  answer.ok ? answer.value : refuse(reply, answer.refusal);

/** Whether personal data is shown: asked for, and by somebody who may. */
export function showingOf(
  request: Pick<FastifyRequest, 'principal'>,
  {unmask, reason}: {unmask: boolean; reason?: string | undefined},
): Answer<Showing> {
  if (!unmask) return {ok: true, value: {}};
  const asked = askedBy(request, reason);
  if (mayAct(asked.by.role, 'operator')) return {ok: true, value: {reveal: asked}};
  return refused({
    kind: 'not-allowed',
    detail: 'Personal data is shown to operators; without `unmask=true` it is masked.',
    role: 'operator',
  });
}
