import type {ConnectorContext, HttpAnswer, HttpRequest} from '../../src/core/connector.ts';
import {noToken} from '../../src/core/credential.ts';
import {exchangeOf, type Exchange} from '../../src/core/exchange.ts';
import type {Failure} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {notIam} from './errors.ts';

/** What one call is, and what became of it on the wire. */
export interface Call {
  operation: string;
  options: CallOptions;
  /** Absent: it never left, for want of a credential. */
  exchange?: Exchange;
  headers?: HttpAnswer['headers'];
  /** The SDK may fail with something of its own when it is stopped: this says what became of the request. */
  failure?: Failure;
}

/** Handed through the SDK to the handler below. */
export interface Passed {
  abortSignal: AbortSignal;
  call: Call;
}

/** Thrown through the SDK, which knows no values: there was no answer that it could read. */
export class NoAnswer extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The part of a request of the SDK's that is sent: always a form by POST. */
interface SdkRequest {
  protocol: string;
  hostname: string;
  port?: number | undefined;
  path: string;
  headers: Record<string, string>;
  body?: unknown;
}

interface SdkHandler {
  metadata: {handlerProtocol: string};
  handle(request: SdkRequest, passed?: object): Promise<{response: SdkResponse}>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

interface SdkResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** How the SDK's clients send: IAM's, and the one of STS by which a role is assumed. */
export function createHandler(context: ConnectorContext<unknown>): SdkHandler {
  return {
    metadata: {handlerProtocol: 'http/1.1'},
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    async handle(request, passed) {
      const {call} = (passed ?? {}) as Partial<Passed>;
      const answer = await (call ? exchangeOnce(context, request, call) : assumeOnce(context, request));
      const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
      const body = new TextEncoder().encode(answer.text);
      return {response: {statusCode: answer.status, headers: Object.fromEntries(headers), body}};
    },
  };
}

/** Others may wait for the same credential: a call that is stopped does not stop it, the deadline does. */
async function assumeOnce(context: ConnectorContext<unknown>, request: SdkRequest): Promise<HttpAnswer> {
  const options = {signal: new AbortController().signal};
  try {
    return await exchangeOnce(context, request, {operation: 'AssumeRole', options});
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    throw new NoAnswer(noToken(error.failure, 'no session of the role to assume', 'AssumeRole'));
  }
}

const isRead = (operation: string): boolean => /^(Get|List|Simulate)/.test(operation);
const isXml = (text: string, root: string): boolean =>
  new RegExp(`^\\s*(<\\?xml[^>]*>)?\\s*<${root}[\\s>]`).test(text);

async function exchangeOnce(
  context: ConnectorContext<unknown>,
  sdkRequest: SdkRequest,
  call: Call,
): Promise<HttpAnswer> {
  const {operation} = call;
  const request = toRequest(sdkRequest, call);
  call.exchange = exchangeOf(request, '');
  const answered = await context.send(request);
  if (!answered.ok) {
    const {maybeDone, ...failure} = answered.failure;
    call.failure = {...failure, ...(maybeDone && !isRead(operation) ? {maybeDone} : {})};
    throw new NoAnswer(call.failure);
  }
  const {status, text, headers} = answered.value;
  call.headers = headers;
  call.exchange = exchangeOf(request, text);
  if (isXml(text, status < 300 ? `${operation}Response` : 'ErrorResponse')) return answered.value;
  call.failure = notIam(status, isRead(operation), call.exchange);
  throw new NoAnswer(call.failure);
}

function toRequest(
  {protocol, hostname, port, path, headers, body}: SdkRequest,
  {operation, options}: Call,
): HttpRequest {
  // What the connection itself says.
  const sent = Object.entries(headers).filter(
    ([name]) => !['host', 'content-length'].includes(name.toLowerCase()),
  );
  return {
    method: 'POST',
    url: new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`),
    operation,
    headers: Object.fromEntries(sent),
    ...(typeof body === 'string' ? {body} : {}),
    accept: [400, 403, 404, 409],
    ...options,
  };
}
