import project from '../../package.json' with {type: 'json'};
import type {ConnectorContext, HttpAnswer, HttpRequest} from '../../src/core/connector.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Json} from '../../src/core/resource.ts';
import {createAuthorizer} from './auth.ts';
import {notOkta, throttled, unknownAnswer, withOktaError} from './errors.ts';
import {isObject, parseJson, textOf, type JsonObject} from './json.ts';
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
  exchange: NonNullable<Failure['exchange']>;
}

/** One request to Okta. A failure's cause carries Okta's own code. */
export type Ask = (call: Call, options: CallOptions) => Promise<Result<Answer>>;

/** The way to one org: address, headers, credential, and what a body must look like. */
export function createClient(context: ConnectorContext<OktaConfig>): Ask {
  const authorizer = createAuthorizer(context);

  async function send(call: Call, options: CallOptions): Promise<Result<HttpAnswer>> {
    const first = await authorizer.header(options);
    if (!first.ok) return first;
    const answered = await sendOnce(context, call, first.value, options);
    if (answered.ok || answered.failure.status !== 401) return answered;
    // A token may end, and a secret may be rotated, in the middle of work: once more with another, if there is one.
    authorizer.refuse(first.value);
    const second = await authorizer.header(options);
    if (!second.ok) return second;
    if (second.value === first.value) return answered;
    const again = await sendOnce(context, call, second.value, options);
    if (!again.ok && again.failure.status === 401) authorizer.refuse(second.value);
    return again;
  }

  return async (call, options) => {
    const answered = await send(call, options);
    if (!answered.ok) return answered;
    return read(call, answered.value, exchangeOf(context, call, answered.value.text), context.now());
  };
}

async function sendOnce(
  context: ConnectorContext<OktaConfig>,
  call: Call,
  authorization: string,
  options: CallOptions,
): Promise<Result<HttpAnswer>> {
  const answered = await context.send({
    method: call.method,
    // Built from the config's address alone: the credential can go to no other origin.
    url: addressOf(context.config().orgUrl, call),
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
  });
  return answered.ok ? answered : failed(withOktaError(answered.failure));
}

function addressOf(orgUrl: string, call: Call): URL {
  const url = new URL(call.path, orgUrl);
  const query = Object.entries(call.query ?? {}).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  if (query.length > 0) url.search = query.join('&');
  return url;
}

function exchangeOf(context: ConnectorContext<OktaConfig>, call: Call, text: string): Answer['exchange'] {
  const url = addressOf(context.config().orgUrl, call).href;
  return {
    method: call.method,
    url,
    ...(call.body ? {requestBody: JSON.stringify(call.body)} : {}),
    ...(text === '' ? {} : {answerBody: text.slice(0, 2000)}),
  };
}

function read(call: Call, answer: HttpAnswer, exchange: Answer['exchange'], now: number): Result<Answer> {
  const {status, headers, text} = answer;
  if (status === 429) return failed(throttled(answer, exchange, now));
  const body = parseJson(text);
  if (status === 404) {
    // Only Okta's own word counts: from a wrong address a cut-off would look done.
    if (isObject(body) && body['errorCode'] === 'E0000007') return ok({status, headers, exchange});
    return failed({
      kind: 'unavailable',
      message: 'no Okta org at the configured address',
      cause: '404 not Okta',
      status,
      exchange,
    });
  }
  if (body === undefined && (text.trim() !== '' || call.method === 'GET')) return notOkta(exchange, status);
  return ok({status, headers, exchange, ...(body === undefined ? {} : {body})});
}

const endless: Failure = {kind: 'rejected', message: 'the list of Okta does not end', cause: 'endless list'};

/** Every page of a list (https://developer.okta.com/docs/api/#pagination). A failure is the last item. */
export async function* pages(
  ask: Ask,
  call: Call,
  options: CallOptions,
): AsyncGenerator<Result<JsonObject[]>> {
  const cursors = new Set<string>();
  let after: string | undefined;
  for (;;) {
    const query = {...call.query, ...(after === undefined ? {} : {after})};
    const answered = await ask({...call, query}, options);
    if (!answered.ok) {
      yield answered;
      return;
    }
    const {body, headers, exchange, status} = answered.value;
    if (status === 404) return;
    if (!Array.isArray(body) || !body.every((row) => isObject(row))) {
      yield unknownAnswer(exchange, status);
      return;
    }
    yield ok(body);
    after = nextCursor(headers['link']);
    if (after === undefined) return;
    if (cursors.has(after)) break;
    cursors.add(after);
  }
  yield failed(endless);
}

/** Every row of a list, where all of them are needed; a list of what is not there has none. */
export async function rowsOf(ask: Ask, call: Call, options: CallOptions): Promise<Result<JsonObject[]>> {
  const rows: JsonObject[] = [];
  for await (const page of pages(ask, call, options)) {
    if (!page.ok) return page;
    rows.push(...page.value);
  }
  return ok(rows);
}

/** `after` of the link to the next page; the rest of that address is not followed. */
function nextCursor(header: string | string[] | undefined): string | undefined {
  const links = (Array.isArray(header) ? header : [header ?? '']).flatMap((line) => line.split(/,\s*(?=<)/));
  const next = links.find((link) => /;\s*rel="?next"?/i.test(link));
  const address = next === undefined ? undefined : /^\s*<([^>]*)>/.exec(next)?.[1];
  return URL.parse(address ?? '', 'https://okta.invalid')?.searchParams.get('after') ?? undefined;
}

/** The object that an answer must be, with its id. */
export function objectOf({body, status, exchange}: Answer): Result<JsonObject> {
  if (isObject(body) && textOf(body['id'])) return ok(body);
  return unknownAnswer(exchange, status);
}
