import {applyOperation, PatchRefused, type Operation} from './patch.ts';
import type {Json, Resource, Store} from './store.ts';

/** What a request is answered with; no body for 204. */
export interface Answer {
  status: number;
  body?: unknown;
  /** What was written, when that is not the body. */
  written?: Resource;
}

const listSchema = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const errorSchema = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** A SCIM error (RFC 7644 section 3.12). */
export const refuse = (status: number, detail: string, scimType?: string): Answer => ({
  status,
  body: {
    schemas: [errorSchema],
    status: String(status),
    detail,
    ...(scimType === undefined ? {} : {scimType}),
  },
});

/** What this server can do (RFC 7643 section 5). */
export const providerConfig: Answer = {
  status: 200,
  body: {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: {supported: true},
    bulk: {supported: false, maxOperations: 0, maxPayloadSize: 0},
    filter: {supported: true, maxResults: 200},
    changePassword: {supported: false},
    sort: {supported: false},
    etag: {supported: false},
    authenticationSchemes: [],
  },
};

const comparison = /^\s*([\w.]+)\s+eq\s+"((?:[^"\\]|\\.)*)"\s*$/i;

/** `attribute eq "value"`, joined by `and`; the first attribute must be one that the store finds by. */
function search(store: Store, filter: string): Resource[] | undefined {
  const terms = filter.split(/\s+and\s+/i).map((term) => comparison.exec(term));
  let found: Resource[] | undefined;
  for (const term of terms) {
    if (term === null) return undefined;
    const value = JSON.parse(`"${term[2] ?? ''}"`) as string;
    const hits = store.find(term[1] ?? '', value);
    if (hits === undefined) return undefined;
    found = found === undefined ? hits : found.filter((resource) => hits.includes(resource));
  }
  return found;
}

function list(store: Store, query: URLSearchParams): Answer {
  const filter = query.get('filter');
  const found = filter === null ? [...store.all.values()] : search(store, filter);
  if (found === undefined) return refuse(400, 'the filter is not understood', 'invalidFilter');
  const startIndex = Math.max(1, Number(query.get('startIndex') ?? 1));
  const count = Math.min(200, Math.max(0, Number(query.get('count') ?? 100)));
  const page = found.slice(startIndex - 1, startIndex - 1 + count);
  const totals = {totalResults: found.length, startIndex, itemsPerPage: page.length};
  return {status: 200, body: {schemas: [listSchema], ...totals, Resources: page}};
}

function write(store: Store, id: string, attributes: Json, status: number): Answer {
  const resource = store.put(id, attributes);
  if (resource === undefined) return refuse(409, 'the name is taken', 'uniqueness');
  return {status, body: resource};
}

function patch(store: Store, resource: Resource, body: Json): Answer {
  const operations = body['Operations'];
  if (!Array.isArray(operations)) return refuse(400, 'Operations is missing', 'invalidSyntax');
  try {
    const after = (operations as Operation[]).reduce<Json>(applyOperation, resource);
    return write(store, resource.id, after, 200);
  } catch (error) {
    if (error instanceof PatchRefused) return refuse(400, 'the operation can not be applied', error.scimType);
    throw error;
  }
}

function read(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

/** Carries out one request on the users or groups: `id` is what follows the endpoint in the path, if anything. */
export function carryOut(
  store: Store,
  method: string,
  id: string | undefined,
  query: string,
  text: string,
): Answer {
  if (method === 'GET' && id === undefined) return list(store, new URLSearchParams(query));
  if (method === 'POST' && id === undefined) {
    const body = read(text);
    return body === undefined
      ? refuse(400, 'not a JSON object', 'invalidSyntax')
      : write(store, store.nextId(), body, 201);
  }
  const resource = id === undefined ? undefined : store.all.get(id);
  if (resource === undefined)
    return id === undefined ? refuse(405, 'no such method here') : refuse(404, 'not found');
  if (method === 'GET') return {status: 200, body: resource};
  if (method === 'DELETE') {
    store.remove(resource.id);
    return {status: 204};
  }
  const body = read(text);
  if (body === undefined) return refuse(400, 'not a JSON object', 'invalidSyntax');
  if (method === 'PUT') return write(store, resource.id, body, 200);
  if (method === 'PATCH') return patch(store, resource, body);
  return refuse(405, 'no such method here');
}
