import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {isObject, objectsOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions, LookUp, ResourcePort} from '../../src/core/port.ts';
import type {Remote} from '../../src/core/resource.ts';
import type {Ask, Call} from './client.ts';
import {isTaken, unknownAnswer} from './errors.ts';
import {endless} from './pages.ts';
import {toRemote} from './scim-mapping.ts';

/** One SCIM service of GitHub: an organization's users, or an enterprise's users and groups. */
export interface Scim {
  ask: Ask;
  /** `/scim/v2/organizations/acme`; paths are case-sensitive. */
  base: () => string;
}

export type Kind = 'user' | 'group';

const pageSize = 100;
/** A hundred thousand resources: more than GitHub lets an enterprise have. */
const maxPages = 1000;

const nameOf = (kind: Kind): string => (kind === 'user' ? 'Users' : 'Groups');
export const pathOf = (scim: Scim, kind: Kind, id?: string): string =>
  `${scim.base()}/${nameOf(kind)}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;

/** The cheapest read that shows that the service is there and lets itself be read. */
export const probe = (scim: Scim, kind: Kind = 'user'): Call => ({
  use: 'token',
  method: 'GET',
  path: pathOf(scim, kind),
  query: {startIndex: '1', count: '1', ...withoutMembers(kind)},
  operation: 'probe',
});

/** Groups are read without their members unless it is the members that are asked for. */
const withoutMembers = (kind: Kind): Record<string, string> =>
  kind === 'group' ? {excludedAttributes: 'members'} : {};

/** The resource with this id, as GitHub answered it. */
export async function read(
  scim: Scim,
  kind: Kind,
  id: string,
  options: CallOptions,
  whole = false,
): Promise<Result<JsonObject | undefined>> {
  const answered = await scim.ask(
    {
      use: 'token',
      method: 'GET',
      path: pathOf(scim, kind, id),
      query: whole ? {} : withoutMembers(kind),
      operation: `read ${kind}`,
      missing: probe(scim),
    },
    options,
  );
  if (!answered.ok) return answered;
  const {body, status, exchange} = answered.value;
  if (status === 404) return ok(undefined);
  return isObject(body) && body['id'] === id ? ok(body) : unknownAnswer(exchange, status);
}

/** Every page of a list (RFC 7644 section 3.4.2.4). The end is a page that shows nothing new: totals are not believed. */
export async function* scimPages(
  scim: Scim,
  kind: Kind,
  filter: string | undefined,
  options: CallOptions,
): AsyncGenerator<Result<JsonObject[]>> {
  const seen = new Set<unknown>();
  let startIndex = 1;
  for (let page = 0; page < maxPages; page++) {
    const query = {
      ...(filter === undefined ? {} : {filter}),
      ...withoutMembers(kind),
      startIndex: String(startIndex),
      count: String(pageSize),
    };
    const operation = filter === undefined ? `list ${kind}s` : `find ${kind}`;
    const call: Call = {use: 'token', method: 'GET', path: pathOf(scim, kind), query, operation};
    const answered = await scim.ask(call, options);
    if (!answered.ok) {
      yield answered;
      return;
    }
    const {body, exchange, status} = answered.value;
    if (!isObject(body) || !Array.isArray(body['Resources'])) {
      yield unknownAnswer(exchange, status);
      return;
    }
    const rows = objectsOf(body['Resources']);
    const fresh = rows.filter(({id}) => !seen.has(id));
    fresh.forEach(({id}) => seen.add(id));
    if (fresh.length > 0) yield ok(fresh);
    startIndex += rows.length;
    const isLast = rows.length < pageSize && Number(body['totalResults'] ?? 0) < startIndex;
    if (fresh.length === 0 || isLast) return;
  }
  yield failed(endless);
}

const ambiguous: Failure = {
  kind: 'conflict',
  message: 'more than one resource of GitHub matches the look-up',
  cause: 'ambiguous look-up',
};

/** The one resource that matches: the filter only makes the list short, what it lets through is compared here. */
export async function find(
  scim: Scim,
  kind: Kind,
  {by, value}: LookUp,
  options: CallOptions,
): Promise<Result<Remote | undefined>> {
  const matches = (row: JsonObject): boolean => {
    const found = row[by];
    if (typeof found !== 'string') return false;
    // `userName` is not case-exact (RFC 7643 section 4.1.1), the others are held to the letter.
    return by === 'userName' ? found.toLowerCase() === value.toLowerCase() : found === value;
  };
  let match: Remote | undefined;
  for await (const page of scimPages(scim, kind, `${by} eq ${JSON.stringify(value)}`, options)) {
    if (!page.ok) return page;
    for (const row of page.value.filter(matches)) {
      if (match) return failed(ambiguous);
      match = toRemote(row);
    }
  }
  return ok(match);
}

/** Creates a resource; `exists` for a 409. */
export async function create(
  scim: Scim,
  kind: Kind,
  body: JsonObject,
  options: CallOptions,
): Promise<Result<Remote | 'exists'>> {
  const call: Call = {
    use: 'token',
    method: 'POST',
    path: pathOf(scim, kind),
    body,
    operation: `create ${kind}`,
  };
  const answered = await scim.ask(call, options);
  if (!answered.ok) return isTaken(answered.failure) ? ok('exists') : answered;
  const {body: made, exchange, status} = answered.value;
  const remote = isObject(made) ? toRemote(made) : undefined;
  return remote ? ok(remote) : unknownAnswer(exchange, status);
}

/** One write to an existing resource. */
export async function write(
  scim: Scim,
  kind: Kind,
  id: string,
  request: {method: 'PUT' | 'PATCH'; body: JsonObject; operation?: string},
  options: CallOptions,
): Promise<Result<'updated' | 'missing' | 'exists'>> {
  const path = pathOf(scim, kind, id);
  const call: Call = {use: 'token', path, operation: `update ${kind}`, missing: probe(scim), ...request};
  const answered = await scim.ask(call, options);
  if (!answered.ok) return isTaken(answered.failure) ? ok('exists') : answered;
  return ok(answered.value.status === 404 ? 'missing' : 'updated');
}

/** What is the same for every kind of resource of GitHub's SCIM. */
export function reads(scim: Scim, kind: Kind): Pick<ResourcePort, 'find' | 'get' | 'list' | 'remove'> {
  return {
    find: (lookUp, options) => find(scim, kind, lookUp, options),
    get: async (id, options) => {
      const found = await read(scim, kind, id, options);
      return found.ok ? ok(found.value && toRemote(found.value)) : found;
    },
    async *list(options) {
      for await (const page of scimPages(scim, kind, undefined, options))
        yield page.ok ? ok(page.value.flatMap((row) => toRemote(row) ?? [])) : page;
    },
    remove: async (id, options) => {
      const path = pathOf(scim, kind, id);
      const call: Call = {
        use: 'token',
        method: 'DELETE',
        path,
        operation: `delete ${kind}`,
        missing: probe(scim),
      };
      const answered = await scim.ask(call, options);
      return answered.ok ? ok(answered.value.status === 404 ? 'missing' : 'removed') : answered;
    },
  };
}
