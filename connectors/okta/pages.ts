import {isObject, textOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {Answer, Ask, Call} from './client.ts';
import {unknownAnswer} from './errors.ts';

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

/** Every row of a list, where all of them are needed; nothing when that whose list it is is not there. */
export async function rowsOf(
  ask: Ask,
  call: Call,
  options: CallOptions,
): Promise<Result<JsonObject[] | undefined>> {
  let rows: JsonObject[] | undefined;
  for await (const page of pages(ask, call, options)) {
    if (!page.ok) return page;
    rows = [...(rows ?? []), ...page.value];
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
