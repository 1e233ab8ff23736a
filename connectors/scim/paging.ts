import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {isObject, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Ask} from './client.ts';
import {notScim} from './errors.ts';
import type {Profile} from './profile.ts';

export interface Page {
  /** Resources whose id was on no page before. */
  fresh: JsonObject[];
  /** The server says that this is all, and nothing speaks against it. */
  complete: boolean;
}

interface Place {
  startIndex: number;
  cursor?: string;
}

/**
 * Every page of a list, by index (RFC 7644 section 3.4.2.4) or cursor (RFC 9865). The end by index is an empty page or
 * one without a new id: totals, page sizes and a startIndex beyond the end can not be trusted. A failure is the last item.
 */
export async function* pages(
  ask: Ask,
  list: {path: string; query: Record<string, string>; operation: string; profile: Profile},
  options: CallOptions,
): AsyncGenerator<Result<Page>> {
  const {pageSize, maxPages, paging} = list.profile;
  const ids = new Set<string>();
  const cursors = new Set<string>();
  let place: Place = {startIndex: 1, ...(paging === 'cursor' ? {cursor: ''} : {})};
  for (let number = 1; number <= maxPages; number++) {
    const answered = await readPage(ask, list, place, options);
    if (!answered.ok) {
      yield answered;
      return;
    }
    const {rows, total, nextCursor} = answered.value;
    const fresh = rows.filter((row) => isNew(ids, row));
    const following = paging !== 'index' && nextCursor !== undefined;
    const complete =
      paging === 'none' || (!following && rows.length < pageSize && (total ?? 0) <= rows.length);
    yield ok({fresh, complete});

    if (paging === 'none') return;
    if (following) {
      if (cursors.has(nextCursor)) break;
      cursors.add(nextCursor);
      place = {startIndex: place.startIndex + rows.length, cursor: nextCursor};
    } else if (place.cursor !== undefined) return;
    else if (fresh.length > 0) place = {startIndex: place.startIndex + rows.length};
    // Some cut the page out first and filter it then: an empty page in the middle is not the end.
    else if (rows.length === 0 && (total ?? 0) >= place.startIndex + pageSize)
      place = {startIndex: place.startIndex + pageSize};
    else return;
  }
  yield failed(endless);
}

const endless: Failure = {
  kind: 'rejected',
  message: 'the list of the target does not end',
  cause: 'endless list',
};

function pageOf({paging, pageSize}: Profile, {cursor, startIndex}: Place): Record<string, string> {
  if (paging === 'none') return {};
  return {
    ...(cursor === undefined ? {startIndex: String(startIndex)} : {cursor}),
    count: String(pageSize),
  };
}

function isNew(ids: Set<string>, row: JsonObject): boolean {
  const id = JSON.stringify(row['id'] ?? null);
  if (ids.has(id)) return false;
  ids.add(id);
  return true;
}

async function readPage(
  ask: Ask,
  list: {path: string; query: Record<string, string>; operation: string; profile: Profile},
  place: Place,
  options: CallOptions,
): Promise<Result<{rows: JsonObject[]; total?: number; nextCursor?: string}>> {
  const call = {
    method: 'GET',
    path: list.path,
    query: {...list.query, ...pageOf(list.profile, place)},
    operation: list.operation,
  } as const;
  const answered = await ask(call, options);
  if (!answered.ok) return answered;
  const {body = {}, exchange, status} = answered.value;
  const {Resources: resources = [], totalResults, nextCursor} = body;
  // No result may come without Resources (section 3.4.2), but then with a total.
  const says = body['Resources'] !== undefined || totalResults !== undefined || nextCursor !== undefined;
  if (!says || !Array.isArray(resources)) return notScim(exchange, status);
  const total = Number(totalResults ?? Number.NaN);
  return ok({
    rows: resources.filter((row) => isObject(row)),
    ...(Number.isFinite(total) ? {total} : {}),
    ...(typeof nextCursor === 'string' && nextCursor !== '' ? {nextCursor} : {}),
  });
}
