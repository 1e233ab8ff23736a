import project from '../../package.json' with {type: 'json'};
import type {ConnectorContext, HttpAnswer, HttpRequest} from '../../src/core/connector.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {isObject, parseJson, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {isAwsError, notScim, unknownAnswer, withAwsError} from './errors.ts';
import type {IdentityCenterConfig} from './manifest.ts';
import {createTokens} from './tokens.ts';

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
  exchange: NonNullable<Failure['exchange']>;
}

/** One request to the endpoint. A failure's cause carries AWS's own name for it. */
export type Ask = (call: Call, options: CallOptions) => Promise<Result<Answer>>;

export interface Center {
  ask: Ask;
  context: ConnectorContext<IdentityCenterConfig>;
}

/** The way to one Identity Center: address, headers, token, and what a body must look like. */
export function createCenter(context: ConnectorContext<IdentityCenterConfig>): Center {
  const tokens = createTokens();
  const ask: Ask = async (call, options) => {
    const first = tokens.header(context.config());
    const answered = await sendOnce(context, call, first, options);
    if (answered.ok || answered.failure.status !== 401) return answered;
    // A token ends after a year, and is rotated in the middle of work: once more with the other, if there is one.
    tokens.refuse(first);
    const second = tokens.header(context.config());
    if (second === first) return answered;
    const again = await sendOnce(context, call, second, options);
    if (!again.ok && again.failure.status === 401) tokens.refuse(second);
    return again;
  };
  return {ask, context};
}

async function sendOnce(
  context: ConnectorContext<IdentityCenterConfig>,
  call: Call,
  authorization: string,
  options: CallOptions,
): Promise<Result<Answer>> {
  // Built from the config's address alone: the token can go to no other origin.
  const url = addressOf(context.config().endpoint, call);
  const requestBody = call.body && JSON.stringify(call.body);
  const answered = await context.send({
    method: call.method,
    url,
    operation: call.operation,
    headers: {
      accept: 'application/scim+json, application/json;q=0.9',
      // AWS refuses a PATCH without one.
      'user-agent': `avro-scim/${project.version}`,
      authorization,
      ...(call.body ? {'content-type': 'application/scim+json'} : {}),
    },
    ...(requestBody === undefined ? {} : {body: requestBody}),
    ...(call.accept ? {accept: call.accept} : {}),
    ...options,
  });
  if (!answered.ok) return failed(withAwsError(answered.failure));
  const secret = authorization.split(' ')[1] ?? authorization;
  const answerBody = answered.value.text.replaceAll(secret, '[secret]').slice(0, 2000).toWellFormed();
  return read(answered.value, {
    method: call.method,
    url: url.href,
    ...(requestBody === undefined ? {} : {requestBody}),
    ...(answerBody === '' ? {} : {answerBody}),
  });
}

/** The console shows the endpoint with a slash at its end, and people leave it out. */
function addressOf(endpoint: string, call: Call): URL {
  const url = new URL(endpoint.replace(/\/+$/, '') + call.path);
  const query = Object.entries(call.query ?? {}).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  if (query.length > 0) url.search = query.join('&');
  return url;
}

function read({status, headers, text}: HttpAnswer, exchange: Answer['exchange']): Result<Answer> {
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
