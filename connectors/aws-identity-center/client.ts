import project from '../../package.json' with {type: 'json'};
import {withQuery} from '../../src/core/address.ts';
import type {ConnectorContext, HttpAnswer, HttpRequest} from '../../src/core/connector.ts';
import {createTurns, sendAuthorized, type Authorizer} from '../../src/core/credential.ts';
import {exchangeOf, type Exchange} from '../../src/core/exchange.ts';
import {failed, ok, type Result} from '../../src/core/failure.ts';
import {isObject, parseJson, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {isAwsError, notScim, unknownAnswer, withAwsError} from './errors.ts';
import type {IdentityCenterConfig} from './manifest.ts';

export interface Call {
  method: HttpRequest['method'];
  /** Below the endpoint: `/Users/9067729b3d-94f1e0b3`. */
  path: string;
  query?: Record<string, string>;
  body?: JsonObject;
  operation: string;
  /** Refusals of AWS's own that are an answer: 404, 409. */
  accept?: readonly (404 | 409)[];
}

export interface Answer {
  status: number;
  /** Absent when there was none. */
  body?: JsonObject;
  headers: HttpAnswer['headers'];
  /** For a failure that the reader of the answer makes of it. */
  exchange: Exchange;
}

/** One request to the endpoint. A failure's cause carries AWS's own name for it. */
export type Ask = (call: Call, options: CallOptions) => Promise<Result<Answer>>;

export interface Center {
  ask: Ask;
  context: ConnectorContext<IdentityCenterConfig>;
}

/** The way to one Identity Center: address, headers, token, and what a body must look like. */
export function createCenter(context: ConnectorContext<IdentityCenterConfig>): Center {
  const tokens = createTurns('Bearer');
  const authorizer: Authorizer = {
    header: () => Promise.resolve(ok(tokens.header(context.config().token))),
    refuse: tokens.refuse,
  };
  const ask: Ask = (call, options) =>
    sendAuthorized(authorizer, options, (header) => sendOnce(context, call, header, options));
  return {ask, context};
}

async function sendOnce(
  context: ConnectorContext<IdentityCenterConfig>,
  call: Call,
  authorization: string,
  options: CallOptions,
): Promise<Result<Answer>> {
  const request: HttpRequest = {
    method: call.method,
    // Built from the config's address alone: the token can go to no other origin.
    url: addressOf(context.config().endpoint, call),
    operation: call.operation,
    headers: {
      accept: 'application/scim+json, application/json;q=0.9',
      // AWS refuses a PATCH without one.
      'user-agent': `avro-scim/${project.version}`,
      authorization,
      ...(call.body ? {'content-type': 'application/scim+json'} : {}),
    },
    ...(call.body ? {body: JSON.stringify(call.body)} : {}),
    ...(call.accept ? {accept: call.accept} : {}),
    ...options,
  };
  const answered = await context.send(request);
  if (!answered.ok) return failed(withAwsError(answered.failure));
  return read(answered.value, exchangeOf(request, answered.value.text));
}

/** The console shows the endpoint with a slash at its end, and people leave it out. */
const addressOf = (endpoint: string, call: Call): URL =>
  withQuery(new URL(endpoint.replace(/\/+$/, '') + call.path), call.query);

function read({status, headers, text}: HttpAnswer, exchange: Exchange): Result<Answer> {
  const body = parseJson(text);
  if (status >= 400) {
    if (isAwsError(body)) return ok({status, headers, exchange});
    const message = 'a conflict, though not in the words of AWS';
    return failed(withAwsError({kind: 'conflict', message, cause: '', status, exchange}));
  }
  if (isObject(body)) return ok({status, headers, exchange, body});
  if (body !== undefined) return unknownAnswer(exchange, status);
  const isEmpty = text.trim() === '' && exchange.method !== 'GET' && exchange.method !== 'POST';
  return isEmpty ? ok({status, headers, exchange}) : notScim(exchange, status);
}
