import type {FastifyError, FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import type {Logger} from '../../core/connector.ts';
import {refuse, type Refusal} from './problem.ts';

/** What the framework finds wrong is told as a problem like everything else; what nobody expected is logged, and told as such. */
export function addErrors(app: FastifyInstance, log: Logger): void {
  app.setNotFoundHandler((request, reply) =>
    refuse(reply, {kind: 'unknown', detail: `There is nothing at ${request.method} ${pathOf(request.url)}.`}),
  );
  app.setErrorHandler((error: FastifyError, request, reply) => tell(error, request, reply, log));
}

/** Answers what the framework refuses, or what a handler has thrown. */
export function tell(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Logger,
): FastifyReply {
  const refusal = refusalOf(error);
  if (refusal) return refuse(reply, refusal);
  const route = request.routeOptions.url ?? 'none';
  log.error(
    {method: request.method, route, err: error},
    'unexpected exception in a request to the admin server',
  );
  return refuse(reply, {kind: 'bug', detail: 'An unexpected exception; the log has it.'});
}

function refusalOf(error: FastifyError): Refusal | undefined {
  if (error.validation)
    return {
      kind: 'bad-request',
      detail: 'What was sent is not as the API expects it.',
      errors: error.validation.map(({instancePath, message = ''}) => ({
        at: `${error.validationContext ?? 'request'}${placeText(instancePath)}`,
        message,
      })),
    };
  const {statusCode = 500} = error;
  if (statusCode === 413) return {kind: 'too-large', detail: error.message};
  if (statusCode === 415) return {kind: 'media-type', detail: 'Expected a body of application/json.'};
  if (statusCode === 503) return {kind: 'unavailable', detail: error.message};
  return statusCode >= 400 && statusCode < 500 ? {kind: 'bad-request', detail: error.message} : undefined;
}

const placeText = (pointer: string): string => (pointer.length > 1 ? pointer.replaceAll('/', '.') : '');

/** Without the query: it may hold what is not to be repeated. */
const pathOf = (url: string): string => url.replace(/\?.*$/s, '').slice(0, 200);
