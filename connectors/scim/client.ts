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
  const place = createPlace(context);

  const ask: Ask = async (call, options) => {
    const answered = await sendAuthorized(authorizer, options, (header) =>
      sendOnce(context, call, header, options),
    );
    if (!answered.ok) return failed(withScimError(answered.failure));
    const {answer, exchange} = answered.value;
    const {status, text, headers} = answer;
    const body = jsonObject(text);
    const read = {status, headers, exchange, ...(body ? {body} : {})};
    const isBelieved = isScimError(body) && (!place.isBelow(call) || place.isProved());
    if (status === 404 && !isBelieved) return confirmMissing(ask, read, context.config(), options);
    if (status < 300 && !isFit(call, status, text, body)) return notScim(exchange, status);
    if (status < 300 && place.isBelow(call) && isOfScim(call, body)) place.proved();
    return ok(read);
  };
  return ask;
}

/** So long a success shows that the service is where the config says. */
const provedMs = 60_000;

/** Where users and groups are, and whether that was seen to be so. */
interface Place {
  isBelow(call: Call): boolean;
  isProved(): boolean;
  proved(): void;
}

/** By the config as it is at each use: another address has to prove itself anew. */
function createPlace({config, now}: ConnectorContext<ScimConfig>): Place {
  let last: {address: string; at: number} | undefined;
  const address = (): string => `${config().baseUrl} ${profileOf(config().profile).usersPath}`;
  return {
    isBelow({path}) {
      const {usersPath, groupsPath} = profileOf(config().profile);
      return path.startsWith(usersPath) || path.startsWith(groupsPath);
    },
    isProved: () => last?.address === address() && now() - last.at < provedMs,
    proved: () => void (last = {address: address(), at: now()}),
  };
}

/** Not any JSON that a place answers: a list, a resource, or that a write was taken. */
const isOfScim = ({method}: Call, body: JsonObject | undefined): boolean =>
  method !== 'GET' || isList(body) || body?.['id'] !== undefined;

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
 * A 404 may come from a proxy, in JSON too, or mean that the whole service is not where the config says; where many tenants
 * share an address, a wrong one is told as a SCIM error as well. Taken for "no such account" it would let a leaver in and
 * call the cut-off done; so the service has to answer a list first.
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
