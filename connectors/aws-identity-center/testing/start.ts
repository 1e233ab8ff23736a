import type {IncomingMessage, ServerResponse} from 'node:http';
import {setTimeout as delay} from 'node:timers/promises';
import {isObject, parseJson, type JsonObject} from '../../../src/core/json.ts';
import {listen} from '../../testing/listening.ts';
import {list} from './lists.ts';
import {patchGroup, patchUser} from './patch.ts';
import {isGroup, isTaken, isUser} from './rules.ts';
import {duplicate, invalid, notFound, refusal, rowOf, type Reply, type Store} from './store.ts';

export interface IdentityCenterDouble {
  /** The endpoint, with a slash at its end as the console shows it. */
  url: string;
  store: Store;
  /** The two token slots: those that are good now. */
  tokens: string[];
  /** `POST /Users`, `PATCH /Groups/*`, …: what was asked, in order. */
  asked: string[];
  /** Requests that are answered from now on; then 429, without a word on how long. */
  limit: number;
  /** How long each answer takes, in ms. */
  delayMs: number;
  close(): Promise<void>;
}

const tenant = 'd1e2f3a4b5c-0a1b-4c2d-8e3f-0123456789ab';

/** An Identity Center that keeps to AWS's documented rules, with one token. */
export async function startIdentityCenter(
  token: string,
  given: Partial<Store> = {},
  port = 0,
): Promise<IdentityCenterDouble> {
  const {url, close} = await listen(
    (request, response, text) => serve(double, request, response, text),
    port,
  );
  const double: IdentityCenterDouble = {
    url: `${url}/${tenant}/scim/v2/`,
    store: {
      users: new Map(),
      groups: new Map(),
      paging: 'cursor',
      pageSize: 100,
      refusesNoChange: false,
      now: Date.now,
      ...given,
    },
    tokens: [token],
    asked: [],
    limit: 100_000,
    delayMs: 0,
    close,
  };
  return double;
}

async function serve(
  double: IdentityCenterDouble,
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
): Promise<void> {
  if (double.delayMs > 0) await delay(double.delayMs);
  const {status, body} = answer(double, request, text);
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-amzn-requestid': crypto.randomUUID(),
    date: new Date(double.store.now()).toUTCString(),
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function answer(double: IdentityCenterDouble, request: IncomingMessage, text: string): Reply {
  const url = new URL(request.url ?? '', double.url);
  const method = request.method ?? '';
  const [, inTenant = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
  const path = rest.slice(2);
  // What the gateway in front says of an address that it does not know: no SCIM error.
  if (rest.slice(0, 2).join('/') !== 'scim/v2') return {status: 404, body: {message: 'Not Found'}};
  double.asked.push(`${method} /${path[0] ?? ''}${path.length > 1 ? '/*' : ''}`);
  if (double.asked.length > double.limit) return refusal(429, 'Too many requests exceeded the limits.');
  const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ');
  if (inTenant !== tenant || scheme !== 'Bearer' || !double.tokens.includes(token))
    return refusal(401, 'Authorization header is invalid or missing.');
  if (!request.headers['user-agent'])
    return refusal(403, "Operation isn't permitted based on the supplied authorization.");
  const body = parseJson(text);
  const isWrite = method === 'POST' || method === 'PATCH' || method === 'PUT';
  const isJson = /^application\/(scim\+)?json\b/.test(request.headers['content-type'] ?? '');
  if (isWrite && (!isObject(body) || !isJson)) return invalid();
  return route(double.store, method, path, url.searchParams, isObject(body) ? body : {});
}

function route(
  store: Store,
  method: string,
  path: string[],
  query: URLSearchParams,
  body: JsonObject,
): Reply {
  const [collection, id] = path;
  if (method === 'GET' && collection === 'ServiceProviderConfig') return {status: 200, body: capabilities};
  if (collection === 'Users')
    return id === undefined ? users(store, method, query, body) : user(store, method, id, body);
  if (collection === 'Groups')
    return id === undefined ? groups(store, method, query, body) : group(store, method, id, body);
  return invalid();
}

const supported = (is: boolean): JsonObject => ({supported: is});

const capabilities: JsonObject = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  documentationUri: 'https://docs.aws.amazon.com/singlesignon/latest/developerguide/what-is-scim.html',
  patch: supported(true),
  filter: {...supported(true), maxResults: 100},
  bulk: {...supported(false), maxOperations: 0, maxPayloadSize: 0},
  changePassword: supported(false),
  sort: supported(false),
  etag: supported(false),
};

function users(store: Store, method: string, query: URLSearchParams, body: JsonObject): Reply {
  if (method === 'GET') return list(store, 'user', query);
  if (method !== 'POST' || !isUser(store, body)) return invalid();
  if (isTaken(store, 'user', body)) return duplicate();
  const stored = {id: crypto.randomUUID(), body: {active: true, ...body}};
  store.users.set(stored.id, stored);
  return {status: 201, body: rowOf('user', stored)};
}

function user(store: Store, method: string, id: string, body: JsonObject): Reply {
  const stored = store.users.get(id);
  if (!stored) return notFound('USER', id);
  switch (method) {
    case 'GET':
      return {status: 200, body: rowOf('user', stored)};
    case 'PATCH':
      return patchUser(store, stored, body);
    case 'DELETE':
      store.users.delete(id);
      for (const {members} of store.groups.values()) members.delete(id);
      return {status: 204};
    default:
      return invalid();
  }
}

function groups(store: Store, method: string, query: URLSearchParams, body: JsonObject): Reply {
  if (method === 'GET') return list(store, 'group', query);
  if (method !== 'POST' || !isGroup(body)) return invalid();
  if (isTaken(store, 'group', body)) return duplicate();
  const stored = {id: crypto.randomUUID(), body, members: new Set<string>()};
  store.groups.set(stored.id, stored);
  return {status: 201, body: rowOf('group', stored)};
}

/** There is no PutGroup. */
function group(store: Store, method: string, id: string, body: JsonObject): Reply {
  const stored = store.groups.get(id);
  if (!stored) return notFound('GROUP', id);
  switch (method) {
    case 'GET':
      return {status: 200, body: rowOf('group', stored)};
    case 'PATCH':
      return patchGroup(store, stored, body);
    case 'DELETE':
      store.groups.delete(id);
      return {status: 204};
    default:
      return invalid();
  }
}
