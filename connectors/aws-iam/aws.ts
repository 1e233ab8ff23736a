import {IAM} from '@aws-sdk/client-iam';
import {fromNodeProviderChain, fromTemporaryCredentials} from '@aws-sdk/credential-providers';
import project from '../../package.json' with {type: 'json'};
import type {ConnectorContext, HttpAnswer, HttpRequest} from '../../src/core/connector.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {iamFailure, isMissing, notIam} from './errors.ts';
import type {IamConfig} from './manifest.ts';

/** What one call is, and what became of it on the wire. */
interface Call {
  operation: string;
  options: CallOptions;
  headers?: HttpAnswer['headers'];
  exchange?: NonNullable<Failure['exchange']>;
  failure?: Failure;
}

/** Handed through the SDK to the handler below. */
export interface Passed {
  abortSignal: AbortSignal;
  call: Call;
}

type Run<T> = (iam: IAM, passed: Passed) => Promise<T>;

export interface Aws {
  /** One request. A failure's cause carries IAM's own name for it. */
  ask<T>(operation: string, options: CallOptions, run: Run<T>): Promise<Result<T>>;
  /** The same, of what may not be there. */
  askIfThere<T>(operation: string, options: CallOptions, run: Run<T>): Promise<Result<T | undefined>>;
  config(): IamConfig;
  now(): number;
  /** Milliseconds that the clock here was ahead of AWS's at its last answer. */
  skewMs(): number;
}

/** The way to one account. The SDK signs and reads; each request leaves by `context.send`, once, within its budget. */
export function createAws(context: ConnectorContext<IamConfig>): Aws {
  let made: {of: string; iam: IAM} | undefined;
  let skewMs = 0;
  const client = (): IAM => {
    const config = context.config();
    const of = JSON.stringify([config.region, config.endpoint, config.assumeRole]);
    if (made?.of !== of) made = {of, iam: createClient(context)};
    return made.iam;
  };
  const aws: Aws = {
    config: context.config,
    now: context.now,
    skewMs: () => skewMs,
    async ask(operation, options, run) {
      const call: Call = {operation, options};
      try {
        return ok(await run(client(), {abortSignal: options.signal, call}));
      } catch (error) {
        return failed(call.failure ?? failureOf(error, call));
      } finally {
        const date = call.headers?.['date'];
        const at = Date.parse((Array.isArray(date) ? date[0] : date) ?? '');
        if (Number.isFinite(at)) skewMs = context.now() - at;
      }
    },
    async askIfThere(operation, options, run) {
      const answered = await aws.ask(operation, options, run);
      return answered.ok || !isMissing(answered.failure) ? answered : ok(undefined);
    },
  };
  return aws;
}

function createClient(context: ConnectorContext<IamConfig>): IAM {
  const {region, endpoint, assumeRole} = context.config();
  const credentials = assumeRole
    ? fromTemporaryCredentials({
        params: {
          RoleArn: assumeRole.roleArn,
          RoleSessionName: assumeRole.sessionName,
          ...(assumeRole.externalId === undefined ? {} : {ExternalId: assumeRole.externalId}),
        },
        clientConfig: {region},
      })
    : fromNodeProviderChain({clientConfig: {region}});
  return new IAM({
    region,
    ...(endpoint === undefined ? {} : {endpoint}),
    credentials,
    // Its own retries know no budget, and take a quota for throttling.
    maxAttempts: 1,
    customUserAgent: `avro-scim/${project.version}`,
    requestHandler: createHandler(context),
  });
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

function createHandler(context: ConnectorContext<IamConfig>): SdkHandler {
  return {
    metadata: {handlerProtocol: 'http/1.1'},
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    async handle(request, passed) {
      const {call} = passed as Passed;
      const answer = await exchangeOnce(context, request, call);
      if (!answer) throw new Error('no answer of IAM');
      const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
      const body = new TextEncoder().encode(answer.text);
      return {response: {statusCode: answer.status, headers: Object.fromEntries(headers), body}};
    },
  };
}

const isRead = (operation: string): boolean => /^(Get|List)/.test(operation);
const isXml = (text: string, root: string): boolean =>
  new RegExp(`^\\s*(<\\?xml[^>]*>)?\\s*<${root}[\\s>]`).test(text);

async function exchangeOnce(
  context: ConnectorContext<IamConfig>,
  {protocol, hostname, port, path, headers, body}: SdkRequest,
  call: Call,
): Promise<HttpAnswer | undefined> {
  const {operation, options} = call;
  const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
  // What the connection itself says.
  const sent = Object.entries(headers).filter(
    ([name]) => !['host', 'content-length'].includes(name.toLowerCase()),
  );
  const request: HttpRequest = {
    method: 'POST',
    url,
    operation,
    headers: Object.fromEntries(sent),
    ...(typeof body === 'string' ? {body} : {}),
    accept: [400, 403, 404, 409],
    ...options,
  };
  const answered = await context.send(request);
  if (!answered.ok) {
    const {maybeDone, ...failure} = answered.failure;
    call.failure = {...failure, ...(maybeDone && !isRead(operation) ? {maybeDone} : {})};
    return undefined;
  }
  const {status, text} = answered.value;
  call.headers = answered.value.headers;
  call.exchange = {method: 'POST', url: url.href, answerBody: text.slice(0, 2000).toWellFormed()};
  if (typeof body === 'string') call.exchange.requestBody = body;
  if (isXml(text, status < 300 ? `${operation}Response` : 'ErrorResponse')) return answered.value;
  call.failure = notIam(status, isRead(operation), call.exchange);
  return undefined;
}

function failureOf(error: unknown, call: Call): Failure {
  const name = error instanceof Error ? error.name : 'Error';
  const status = statusOf(error);
  if (status !== undefined) return iamFailure({name, status}, call.operation, call.exchange);
  if (call.options.signal.aborted)
    return {kind: 'transient', message: 'stopped before the answer came', cause: 'stopped'};
  // Before anything left: no credential was found, or the role was refused. The SDK's text may name files and keys.
  return {
    kind: 'unauthorized',
    message:
      'no AWS credential: none was found by the default chain (environment, shared files, web identity, container, instance), ' +
      'or the role to assume was refused',
    cause: `credential ${/^\w{1,60}$/.test(name) ? name : 'Error'}`,
  };
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const {httpStatusCode} = error.$metadata as {httpStatusCode?: number};
  return httpStatusCode;
}
