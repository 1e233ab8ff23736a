import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {isObject, textOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {type Answer, type Ask} from './client.ts';
import {unknownAnswer} from './errors.ts';

/** The most that a page may hold (developer guide, ListUsers and ListGroups). */
const pageSize = '100';

const endless: Failure = {
  kind: 'rejected',
  message: 'the list of AWS does not end',
  cause: 'endless list',
};

/** Better none than a part: what is not in a list would be taken for gone. */
const cutShort: Failure = {
  kind: 'rejected',
  message: 'this endpoint shows only a part of its list, and gives no way to the rest',
  cause: 'list cut short',
};

/**
 * Every resource once, page by page; a failure is the last item. By cursor (RFC 9865); an endpoint that knows none answers
 * in the older form, by index, and may not go beyond its first page.
 */
export async function* pages(
  ask: Ask,
  list: {path: string; operation: string},
  options: CallOptions,
): AsyncGenerator<Result<JsonObject[]>> {
  const ids = new Set<string>();
  const cursors = new Set<string>();
  let place: Record<string, string> = {cursor: ''};
  for (;;) {
    const answered = await ask({...list, method: 'GET', query: {...place, count: pageSize}}, options);
    const rows = answered.ok ? rowsOf(answered.value) : answered;
    if (!answered.ok || !rows.ok) {
      yield rows;
      return;
    }
    const fresh = rows.value.filter((row) => isNew(ids, row));
    yield ok(fresh);
    const {nextCursor, totalResults} = answered.value.body ?? {};
    if (textOf(nextCursor)) {
      const cursor = textOf(nextCursor) ?? '';
      if (cursors.has(cursor)) break;
      cursors.add(cursor);
      place = {cursor};
    } else if (typeof totalResults !== 'number' || totalResults <= ids.size) return;
    else if (fresh.length > 0) place = {startIndex: String(ids.size + 1)};
    else {
      yield failed(cutShort);
      return;
    }
  }
  yield failed(endless);
}

function isNew(ids: Set<string>, row: JsonObject): boolean {
  const id = textOf(row['id']) ?? '';
  return !ids.has(id) && Boolean(ids.add(id));
}

/** The resources of a list's answer (RFC 7644 section 3.4.2: without results they may be left out, but not the schema). */
export function rowsOf({body, status, exchange}: Answer): Result<JsonObject[]> {
  const rows = body?.['Resources'] ?? [];
  const isList = Array.isArray(body?.['schemas'])
    ? body['schemas'].includes('urn:ietf:params:scim:api:messages:2.0:ListResponse')
    : body?.['Resources'] !== undefined;
  if (!isList || !Array.isArray(rows) || !rows.every((row) => isObject(row) && textOf(row['id'])))
    return unknownAnswer(exchange, status);
  return ok(rows.filter((row) => isObject(row)));
}
