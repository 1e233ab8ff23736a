import {withQuery} from '../../src/core/address.ts';
import type {ConnectorContext, HttpAnswer, HttpRequest} from '../../src/core/connector.ts';
import {sendAuthorized} from '../../src/core/credential.ts';
import {exchangeOf, type Exchange} from '../../src/core/exchange.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {parseJson, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Json} from '../../src/core/resource.ts';
import {createAuthorizers, type Use} from './auth.ts';
import type {GithubConfig} from './config.ts';
import {lacksSso, notGithub, withGithubError} from './errors.ts';
import {baseHeaders} from './headers.ts';
import {askedToWait} from './limits.ts';

export interface Call {
  use: Use;
  method: HttpRequest['method'];
  /** Below the API's address: `/orgs/acme/teams`. */
  path: string;
  query?: Record<string, string>;
  body?: JsonObject;
  operation: string;
  /**
   * A 404 is an answer, once this read has succeeded. GitHub says 404 too where a credential may not look or a name in the
   * config is wrong, also in the form of SCIM: neither may make a cut-off look done.
   */
  missing?: Call;
  /** A POST that reads: nothing can have been changed by it. */
  isRead?: true;
}

export interface Answer {
  status: number;
  /** Absent when there was none. */
  body?: Json;
  headers: HttpAnswer['headers'];
  /** For a failure that the reader of the answer makes of it. */
  exchange: Exchange;
}

/** One request to GitHub. A failure's cause carries GitHub's own code. */
export type Ask = (call: Call, options: CallOptions) => Promise<Result<Answer>>;

/** The way to GitHub: address, headers, credential, limits, and what a body must look like. */
export function createClient(context: ConnectorContext<GithubConfig>): Ask {
  const authorizers = createAuthorizers(context);

  const ask: Ask = async (call, options) => {
    const answered = await sendAuthorized(
      authorizers[call.use],
      options,
      (header) => sendOnce(context, call, header, options),
      (one) => isRefused(call, one),
    );
    if (!answered.ok) return answered;
    const {answer, exchange} = answered.value;
    const {status, headers, text} = answer;
    if (status === 404) return confirmMissing(ask, call, answered.value, options);
    const body = parseJson(text);
    const isEmpty = text.trim() === '';
    if (body === undefined && (!isEmpty || call.method === 'GET')) return notGithub(exchange, status);
    return ok({status, headers, exchange, ...(body === undefined ? {} : {body})});
  };
  return ask;
}

/** Whether it is the credential that is refused: it has ended, or lacks the organization's single sign-on. */
function isRefused({path}: Call, answered: Result<Sent>): boolean {
  if (answered.ok) return path === '/graphql' && lacksSso(answered.value.answer.text);
  const {status, exchange} = answered.failure;
  return status === 401 || (status === 403 && lacksSso(exchange?.answerBody));
}

async function confirmMissing(
  ask: Ask,
  call: Call,
  {answer: {headers}, exchange}: Sent,
  options: CallOptions,
): Promise<Result<Answer>> {
  const missing = ok({status: 404, headers, exchange});
  if (!call.missing) return missing;
  const others = await ask(call.missing, options);
  if (others.ok) return missing;
  if (others.failure.status !== 404) return others;
  return failed({
    kind: 'unavailable',
    message:
      'GitHub shows nothing there at all: the address or a name in the config is wrong, or the credential may not look',
    cause: '404 nothing there',
    status: 404,
    exchange,
  });
}

/** An answer, and what it was an answer to. */
interface Sent {
  answer: HttpAnswer;
  exchange: Exchange;
}

async function sendOnce(
  context: ConnectorContext<GithubConfig>,
  call: Call,
  authorization: string,
  options: CallOptions,
): Promise<Result<Sent>> {
  const request: HttpRequest = {
    method: call.method,
    // Built from the config's address alone: the credential can go to no other origin.
    url: withQuery(new URL(call.path, context.config().apiUrl), call.query),
    operation: call.operation,
    headers: {...baseHeaders, authorization, ...(call.body ? {'content-type': 'application/json'} : {})},
    ...(call.body ? {body: JSON.stringify(call.body)} : {}),
    // A 403 may be a limit, which its headers tell.
    accept: call.missing ? [403, 404, 429] : [403, 429],
    ...options,
  };
  const answered = await context.send(request);
  if (!answered.ok) {
    const {maybeDone, ...failure} = withGithubError(answered.failure);
    return failed({...failure, ...(maybeDone && !call.isRead ? {maybeDone} : {})});
  }
  const {status, text} = answered.value;
  const exchange = exchangeOf(request, text);
  if (status !== 403 && status !== 429) return ok({answer: answered.value, exchange});
  return failed(limitOrRefusal(answered.value, exchange, context.now()));
}

/** A 403 or 429: a limit that is to be waited out, or a right that is missing. */
function limitOrRefusal(answer: HttpAnswer, exchange: Exchange, now: number): Failure {
  const {status} = answer;
  const waitMs = askedToWait(answer, now);
  if (waitMs === undefined)
    return withGithubError({
      kind: 'unauthorized',
      message: 'the credential may not do this',
      cause: String(status),
      status,
      exchange,
    });
  return {
    kind: 'throttled',
    message: 'GitHub asks for fewer requests',
    cause: `${status} limit`,
    status,
    retryAfterMs: waitMs,
    exchange,
  };
}
