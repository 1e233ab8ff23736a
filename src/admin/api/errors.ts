import type {FastifyError, FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import type {Logger} from '../../core/connector.ts';
import {problemOf, refuse, type Refusal} from './problem.ts';
import type {Socket} from 'node:net';

/** What the framework finds wrong is told as a problem like everything else; what nobody expected is logged, and told as such. */
export function addErrors(app: FastifyInstance, log: Logger): void {
  app.setNotFoundHandler((request, reply) =>
    refuse(reply, {kind: 'unknown', detail: `There is nothing at ${request.method} ${pathOf(request.url)}.`}),
  );
  app.setErrorHandler((error: FastifyError, request, reply) => tell(error, request, reply, log));
}

/** What is no HTTP, or too long to be read as such, is told as a problem too; nothing else is sent on that connection. */
export function tellClient(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const isLong = error.code === 'HPE_HEADER_OVERFLOW';
  const problem = problemOf({
    kind: 'bad-request',
    detail: isLong ? 'The address and the headers are longer than 16 KiB.' : 'This is no HTTP request.',
  });
  const body = `${JSON.stringify(problem)}\n`;
  const head = `HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\ncontent-length: ${body.length}`;
  socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
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
