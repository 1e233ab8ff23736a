import project from '../../package.json' with {type: 'json'};
import {withQuery} from '../../src/core/address.ts';
import type {ConnectorContext, HttpAnswer, HttpRequest} from '../../src/core/connector.ts';
import {sendAuthorized} from '../../src/core/credential.ts';
import {exchangeOf, type Exchange} from '../../src/core/exchange.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {isObject, parseJson, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Json} from '../../src/core/resource.ts';
import {createAuthorizer} from './auth.ts';
import {hasCode, nothingThere, notOkta, refusedForAccount, throttled, withOktaError} from './errors.ts';
import type {OktaConfig} from './manifest.ts';

export interface Call {
  method: HttpRequest['method'];
  /** Below the org's address: `/api/v1/users/00u1`. */
  path: string;
  query?: Record<string, string>;
  body?: JsonObject;
  operation: string;
  /** A 404 of Okta's own is an answer. */
  missing?: true;
}

export interface Answer {
  status: number;
  /** Absent when there was none. */
  body?: Json;
  headers: HttpAnswer['headers'];
  /** For a failure that the reader of the answer makes of it. */
  exchange: Exchange;
}

/** One request to Okta. A failure's cause carries Okta's own code. */
export type Ask = (call: Call, options: CallOptions) => Promise<Result<Answer>>;

/** The way to one org: address, headers, credential, and what a body must look like. */
export function createClient(context: ConnectorContext<OktaConfig>): Ask {
  const authorizer = createAuthorizer(context);

  const ask: Ask = async (call, options) => {
    const answered = await sendAuthorized(authorizer, options, (header) =>
      sendOnce(context, call, header, options),
    );
    if (answered.ok) return read(call, answered.value, context.now());
    return isAboutOne(call) && hasCode(answered.failure, 'E0000006')
      ? whoseRefusal(ask, call, answered.failure, options)
      : answered;
  };
  return ask;
}

/** One's own account is the credential's matter. */
const isAboutOne = ({path}: Call): boolean => /^\/api\/v1\/(users|groups)\/(?!me$)./.test(path);

/**
 * Okta has one answer for a credential that may do nothing and for an account that this credential may not touch (an
 * administrator's). Where it may still read the others, it is the account: the target goes on, and a person sees this one.
 */
async function whoseRefusal(
  ask: Ask,
  call: Call,
  failure: Failure,
  options: CallOptions,
): Promise<Result<Answer>> {
  const path = call.path.split('/').slice(0, 4).join('/');
  const others = await ask({method: 'GET', path, query: {limit: '1'}, operation: 'probe'}, options);
  return failed(others.ok ? refusedForAccount(failure) : failure);
}

/** An answer, and what it was an answer to. */
interface Sent {
  answer: HttpAnswer;
  exchange: Exchange;
}

async function sendOnce(
  context: ConnectorContext<OktaConfig>,
  call: Call,
  authorization: string,
  options: CallOptions,
): Promise<Result<Sent>> {
  const request: HttpRequest = {
    method: call.method,
    // Built from the config's address alone: the credential can go to no other origin.
    url: withQuery(new URL(call.path, context.config().orgUrl), call.query),
    operation: call.operation,
    headers: {
      accept: 'application/json',
      'user-agent': `avro-scim/${project.version}`,
      authorization,
      // Okta asks for it where there is no body too (E0000021).
      ...(call.method === 'GET' ? {} : {'content-type': 'application/json'}),
    },
    ...(call.body ? {body: JSON.stringify(call.body)} : {}),
    // A 429 is read here, for the wait that it asks for in headers of Okta's own.
    accept: call.missing ? [404, 429] : [429],
    ...options,
  };
  const answered = await context.send(request);
  if (!answered.ok) return failed(withOktaError(answered.failure));
  return ok({answer: answered.value, exchange: exchangeOf(request, answered.value.text)});
}

function read(call: Call, {answer, exchange}: Sent, now: number): Result<Answer> {
  const {status, headers, text} = answer;
  if (status === 429) return failed(throttled(answer, exchange, now));
  const body = parseJson(text);
  if (status === 404) {
    if (isObject(body) && body['errorCode'] === 'E0000007') return ok({status, headers, exchange});
    return failed(nothingThere({kind: 'unavailable', message: '', cause: '', status, exchange}));
  }
  if (body === undefined && (text.trim() !== '' || call.method === 'GET')) return notOkta(exchange, status);
  return ok({status, headers, exchange, ...(body === undefined ? {} : {body})});
}
