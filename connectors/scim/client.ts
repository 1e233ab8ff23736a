import project from '../../package.json' with {type: 'json'};
import {withQuery} from '../../src/core/address.ts';
import type {ConnectorContext, HttpAnswer, HttpRequest} from '../../src/core/connector.ts';
import {sendAuthorized} from '../../src/core/credential.ts';
import {exchangeOf, type Exchange} from '../../src/core/exchange.ts';
import {failed, ok, type Result} from '../../src/core/failure.ts';
import type {JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {createAuthorizer} from './auth.ts';
import {isList, isScimError, jsonObject, notScim, withScimError} from './errors.ts';
import type {ScimConfig} from './manifest.ts';
import {profileOf} from './profile.ts';

export interface Call {
  method: HttpRequest['method'];
  /** Below baseUrl: `/Users/2819c223`. */
  path: string;
  query?: Record<string, string>;
  body?: JsonObject;
  operation: string;
  /** Statuses that are an answer although not 2xx. */
  accept?: readonly number[];
}

export interface Answer {
  status: number;
  /** Absent when there was none, or none that is a JSON object. */
  body?: JsonObject;
  headers: HttpAnswer['headers'];
  /** For a failure that the reader of the answer makes of it. */
  exchange: Exchange;
}

/** One SCIM request. A failure's cause carries the service's own code. */
export type Ask = (call: Call, options: CallOptions) => Promise<Result<Answer>>;

/** The way to one service: address, headers, credential, and what a body must look like. */
export function createClient(context: ConnectorContext<ScimConfig>): Ask {
  const authorizer = createAuthorizer(context);

  const ask: Ask = async (call, options) => {
    const answered = await sendAuthorized(authorizer, options, (header) =>
      sendOnce(context, call, header, options),
    );
    if (!answered.ok) return failed(withScimError(answered.failure));
    const {answer, exchange} = answered.value;
    const {status, text, headers} = answer;
    const body = jsonObject(text);
    const read = {status, headers, exchange, ...(body ? {body} : {})};
    if (status === 404 && !isScimError(body)) return confirmMissing(ask, read, context.config(), options);
    return status < 300 && !isFit(call, status, text, body) ? notScim(exchange, status) : ok(read);
  };
  return ask;
}

async function sendOnce(
  context: ConnectorContext<ScimConfig>,
  call: Call,
  authorization: string,
  options: CallOptions,
): Promise<Result<{answer: HttpAnswer; exchange: Exchange}>> {
  const {baseUrl, profile} = context.config();
  // Built from the config's address alone: the credential can go to no other origin.
  const url = new URL(baseUrl.replace(/\/+$/, '') + call.path);
  const request: HttpRequest = {
    method: call.method,
    url: call.query ? withQuery(url, call.query) : url,
    operation: call.operation,
    headers: {
      accept: profileOf(profile).accept,
      'user-agent': `avro-scim/${project.version}`,
      authorization,
      ...(call.body ? {'content-type': profileOf(profile).contentType} : {}),
    },
    ...(call.body ? {body: JSON.stringify(call.body)} : {}),
    ...(call.accept ? {accept: call.accept} : {}),
    ...options,
  };
  const answered = await context.send(request);
  if (!answered.ok) return answered;
  return ok({answer: answered.value, exchange: exchangeOf(request, answered.value.text)});
}

/** A read is an object; a write may be answered with nothing, with 202, or with words, but with no page, and with no half of an object. */
function isFit(call: Call, status: number, text: string, body: JsonObject | undefined): boolean {
  if (body) return true;
  if (call.method === 'GET') return false;
  if (call.method === 'POST') return status === 202 || text.trim() === '';
  return !/^\s*[<{["]/.test(text);
}

/**
 * A 404 that does not call itself a SCIM error may come from a proxy, in JSON too, or mean that the whole service is not
 * where the config says. Taken for "no such account" it would let a leaver in and call the cut-off done; so the service has
 * to answer a list first.
 */
async function confirmMissing(
  ask: Ask,
  missing: Answer,
  config: ScimConfig,
  options: CallOptions,
): Promise<Result<Answer>> {
  const {usersPath} = profileOf(config.profile);
  const probe: Call = {method: 'GET', path: usersPath, query: {count: '1'}, operation: 'probe'};
  const answered = await ask(probe, options);
  if (answered.ok) {
    const {body, exchange, status} = answered.value;
    return isList(body) ? ok(missing) : notScim(exchange, status);
  }
  if (answered.failure.status !== 404) return answered;
  return failed({
    kind: 'unavailable',
    message: 'no SCIM service at the configured address',
    cause: '404 no service',
    status: 404,
    ...(answered.failure.exchange ? {exchange: answered.failure.exchange} : {}),
  });
}
