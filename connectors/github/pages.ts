import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {first} from '../../src/core/headers.ts';
import {isObject, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Answer, Ask, Call} from './client.ts';
import {unknownAnswer} from './errors.ts';

export const endless: Failure = {
  kind: 'rejected',
  message: 'the list of GitHub does not end',
  cause: 'endless list',
};

/** The rows of one answer: the list itself, or the list under this name. */
export function rowsIn({body, exchange, status}: Answer, under?: string): Result<JsonObject[]> {
  const rows = under === undefined ? body : isObject(body) ? body[under] : undefined;
  const isRows = Array.isArray(rows) && rows.every((row): row is JsonObject => isObject(row));
  return isRows ? ok(rows) : unknownAnswer(exchange, status);
}

/** Every page of a list (https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api). */
export async function* pages(
  ask: Ask,
  call: Call,
  options: CallOptions,
  under?: string,
): AsyncGenerator<Result<JsonObject[]>> {
  const seen = new Set<string>();
  let page: string | undefined;
  for (;;) {
    const query = {...call.query, per_page: '100', ...(page === undefined ? {} : {page})};
    const answered = await ask({...call, query}, options);
    if (!answered.ok) {
      yield answered;
      return;
    }
    if (answered.value.status === 404) return;
    const rows = rowsIn(answered.value, under);
    yield rows;
    page = nextPage(answered.value.headers['link']);
    if (!rows.ok || page === undefined) return;
    if (seen.has(page)) break;
    seen.add(page);
  }
  yield failed(endless);
}

/** Every row of a list, where all of them are needed; none when that whose list it is is not there. */
export async function rowsOf(
  ask: Ask,
  call: Call,
  options: CallOptions,
  under?: string,
): Promise<Result<JsonObject[]>> {
  const rows: JsonObject[] = [];
  for await (const page of pages(ask, call, options, under)) {
    if (!page.ok) return page;
    rows.push(...page.value);
  }
  return ok(rows);
}

/** `page` of the link to the next page (RFC 8288); the rest of that address is not followed. */
function nextPage(header: string | string[] | undefined): string | undefined {
  const links = (first(header) ?? '').split(/,\s*(?=<)/);
  const next = links.find((link) => /;\s*rel="?next"?/i.test(link));
  const address = next === undefined ? undefined : /^\s*<([^>]*)>/.exec(next)?.[1];
  return URL.parse(address ?? '', 'https://github.invalid')?.searchParams.get('page') ?? undefined;
}
