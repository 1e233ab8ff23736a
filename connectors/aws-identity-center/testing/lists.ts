import {textOf, type JsonObject} from '../../../src/core/json.ts';
import type {Json} from '../../../src/core/resource.ts';
import {invalid, rowOf, type Reply, type Store} from './store.ts';

/** "Supported filter combinations" of ListUsers and ListGroups. */
const filters = {
  user: ['userName', 'externalId', 'groups.value', 'id', 'id manager', 'manager id'],
  group: ['displayName', 'externalId', 'id', 'id members', 'members id'],
};

interface Term {
  path: string;
  value: string;
}

/** Only `eq`, joined by `and`. */
function parseFilter(text: string): Term[] | undefined {
  const terms: Term[] = [];
  let rest = text;
  for (;;) {
    const match = /^([A-Za-z][\w.]*) eq ("(?:[^"\\]|\\.)*")(?: and (?=.)|$)/.exec(rest);
    if (!match) return undefined;
    const [whole, path = '', value = ''] = match;
    terms.push({path, value: JSON.parse(value) as string});
    rest = rest.slice(whole.length);
    if (rest === '') return terms;
  }
}

/** GET /Users and GET /Groups. */
export function list(store: Store, kind: 'user' | 'group', query: URLSearchParams): Reply {
  const count = Number(query.get('count') ?? 100);
  if (!Number.isInteger(count) || count < 1 || count > 100) return invalid();
  const filter = query.get('filter');
  const terms = filter === null ? [] : parseFilter(filter);
  if (!terms || (filter !== null && !filters[kind].includes(terms.map(({path}) => path).join(' '))))
    return invalid();
  const stored = kind === 'user' ? [...store.users.values()] : [...store.groups.values()];
  const rows = stored
    .filter(({id, body}) => terms.every((term) => fits(store, id, body, term)))
    .map((one) => rowOf(kind, one));
  return page(store, rows, query, Math.min(count, store.pageSize));
}

function fits(store: Store, id: string, body: JsonObject, {path, value}: Term): boolean {
  if (path === 'id') return id === value;
  if (path === 'members') return store.groups.get(id)?.members.has(value) ?? false;
  if (path === 'groups.value') return store.groups.get(value)?.members.has(id) ?? false;
  const found = textOf(body[path]);
  return path === 'userName' ? found?.toLowerCase() === value.toLowerCase() : found === value;
}

/** A cursor in the request, be it empty, turns the answer into the form with a cursor. */
function page(store: Store, rows: JsonObject[], query: URLSearchParams, size: number): Reply {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:ListResponse'];
  const cursor = store.paging === 'cursor' ? query.get('cursor') : null;
  if (cursor === null) {
    const startIndex = store.paging === 'index' ? Math.max(1, Number(query.get('startIndex') ?? 1)) : 1;
    const most = store.paging === 'first-50' ? Math.min(size, 50) : size;
    const resources = rows.slice(startIndex - 1, startIndex - 1 + most);
    const totals = {totalResults: rows.length, itemsPerPage: resources.length, startIndex};
    return {status: 200, body: {...totals, schemas, Resources: resources}};
  }
  const from = cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64').toString());
  if (!Number.isInteger(from) || (cursor !== '' && from === 0)) return invalid();
  const resources = rows.slice(from, from + size);
  const next: Record<string, Json> =
    from + size < rows.length ? {nextCursor: Buffer.from(String(from + size)).toString('base64')} : {};
  return {status: 200, body: {itemsPerPage: resources.length, ...next, schemas, Resources: resources}};
}
