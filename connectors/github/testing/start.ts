import type {IncomingMessage, ServerResponse} from 'node:http';
import {setTimeout as delay} from 'node:timers/promises';
import {isObject, parseJson, type JsonObject} from '../../../src/core/json.ts';
import {listen} from '../../testing/listening.ts';
import {access, giveToken, newCredentials, type Credentials} from './credentials.ts';
import {enterpriseScim} from './enterprise-scim.ts';
import {answerGraphql} from './graphql.ts';
import {bySlug, exampleOf, isDocumented, operationOf, requestFaults, type Operation} from './openapi.ts';
import {orgHandlers} from './orgs.ts';
import {orgScim} from './org-scim.ts';
import {notFound, primaryLimit, refusal, secondaryLimit, validationFailed, type Reply} from './replies.ts';
import {newStore, runQueue, type Store} from './store.ts';
import {teamHandlers} from './teams.ts';
import type {Asked, Handler, Rules} from './world.ts';

const handlers: Record<string, Handler> = {...orgScim, ...enterpriseScim, ...teamHandlers, ...orgHandlers};

export interface GithubDouble {
  url: string;
  store: Store;
  rules: Rules;
  credentials: Credentials;
  /** `scim/delete-user-from-org`, …: the operations that were asked, in order. */
  asked: string[];
  /** What the published document does not allow. */
  faults: string[];
  /** Requests that are left of the hour's budget. */
  left: number;
  /** Answers the next requests in place of what they would be answered. */
  next: Reply[];
  /** Answers this operation in place of what it would be answered, where it returns something. */
  instead: (operation: string) => Reply | undefined;
  /** When writes came, in ms. */
  wroteAt: number[];
  /** How long each answer takes, in ms. */
  delayMs: number;
  close(): Promise<void>;
}

/** A GitHub with the organizations acme and acme-dev and the enterprise acme-inc, that keeps its documented rules. */
export async function startGithub(given: Partial<Rules> = {}, port = 0): Promise<GithubDouble> {
  const {url, close} = await listen(
    (request, response, text) => serve(double, request, response, text),
    port,
  );
  const double: GithubDouble = {
    url,
    store: newStore(Date.now),
    rules: {
      pageSize: 100,
      usersAnHour: 1000,
      memberFilters: 'work',
      absentMembers: 'ignored',
      jobs: 'at once',
      invitations: 'accepted at once',
      leavesMembership: false,
      leavingUnlinks: false,
      writesAMinute: Infinity,
      writeGapMs: 0,
      ...given,
    },
    credentials: newCredentials(),
    asked: [],
    faults: [],
    left: 100_000,
    next: [],
    instead: () => undefined,
    wroteAt: [],
    delayMs: 0,
    close,
  };
  return double;
}

async function serve(
  double: GithubDouble,
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
): Promise<void> {
  if (double.delayMs > 0) await delay(double.delayMs);
  const {store, rules} = double;
  const now = store.now();
  if (rules.jobs === 'at once') runQueue(store);
  const limited = double.left <= 0 ? primaryLimit() : (double.next.shift() ?? tooManyWrites(double, request));
  double.left = Math.max(0, double.left - 1);
  const reply = limited ?? (await answer(double, request, text));
  const token = request.headers.authorization?.split(' ')[1] ?? '';
  const scopes = double.credentials.tokens.get(token);
  response.writeHead(reply.status, {
    'content-type': 'application/json; charset=utf-8',
    'x-github-request-id': crypto.randomUUID(),
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': String(double.left),
    'x-ratelimit-reset': String(Math.floor(now / 1000) + 1800),
    date: new Date(now).toUTCString(),
    ...(scopes ? {'x-oauth-scopes': scopes.join(', ')} : {}),
    ...(scopes && double.credentials.expires
      ? {'github-authentication-token-expiration': double.credentials.expires}
      : {}),
    ...reply.headers,
  });
  response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api, "About secondary rate limits" */
function tooManyWrites({rules, wroteAt, store}: GithubDouble, request: IncomingMessage): Reply | undefined {
  if (request.method === 'GET' || request.url === '/graphql') return undefined;
  const now = store.now();
  const lately = wroteAt.filter((at) => at > now - 60_000).length;
  if (lately >= rules.writesAMinute || now - (wroteAt.at(-1) ?? -Infinity) < rules.writeGapMs)
    return secondaryLimit();
  wroteAt.push(now);
  return undefined;
}

async function answer(double: GithubDouble, request: IncomingMessage, text: string): Promise<Reply> {
  const {credentials, faults, asked, store, rules} = double;
  const {method = '', headers} = request;
  const url = new URL(request.url ?? '', double.url);
  if (!headers['user-agent'])
    return refusal(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
    );
  if (headers['x-github-api-version'] !== '2022-11-28') faults.push(`${url.pathname}: another API version`);
  const parsed = parseJson(text);
  const body: JsonObject = isObject(parsed) ? parsed : {};
  if (url.pathname === '/graphql') {
    asked.push('graphql');
    const instead = double.instead('graphql');
    if (instead) return instead;
    const as = access(credentials, headers.authorization, {id: 'graphql', path: url.pathname}, store.now());
    if ('status' in as) return as;
    const needed = text.includes('enterprise(slug') ? 'admin:enterprise' : 'admin:org';
    return answerGraphql({body, store, rules}, as.scopes?.includes(needed) ?? true);
  }
  const operation = operationOf(method, url.pathname);
  if (!operation) {
    faults.push(`${method} ${url.pathname}: not in the document`);
    return notFound();
  }
  asked.push(operation.id);
  const instead = double.instead(operation.id);
  if (instead) return instead;
  const wrong = requestFaults(operation, url.searchParams, parsed);
  if (parsed !== undefined && headers['content-type'] !== 'application/json') wrong.push('content-type');
  faults.push(...wrong.map((fault) => `${operation.id}: ${fault}`));
  if (operation.id === 'apps/create-installation-access-token')
    return giveToken(credentials, headers.authorization, url.pathname.split('/')[3] ?? '', store.now());
  const as = access(credentials, headers.authorization, {id: operation.id, path: url.pathname}, store.now());
  if ('status' in as) return as;
  if (wrong.length > 0) return validationFailed(wrong.map((message) => ({code: 'invalid', message})));
  const reply = handlers[operation.id]?.(askedOf(double, operation, url, body)) ?? notFound();
  if (reply.status < 300 && !isDocumented(operation, reply.status))
    faults.push(`${operation.id} answered ${reply.status}: undocumented`);
  return reply;
}

function askedOf(
  {store, rules, url: base}: GithubDouble,
  operation: Operation,
  url: URL,
  body: JsonObject,
): Asked {
  return {
    store,
    rules,
    operation: operation.id,
    path: bySlug(url.pathname).split('/').map(decodeURIComponent),
    query: url.searchParams,
    body,
    like: (status, known) => ({...exampleOf(operation, status), ...known}),
    rows(all, under) {
      const size = Math.min(rules.pageSize, Number(url.searchParams.get('per_page') ?? 30));
      const page = Number(url.searchParams.get('page') ?? 1);
      const shown = all.slice((page - 1) * size, page * size);
      const next = new URL(url.pathname + url.search, base);
      next.searchParams.set('page', String(page + 1));
      return {
        status: 200,
        body: under === undefined ? [...shown] : {[under]: [...shown]},
        ...(page * size < all.length ? {headers: {link: `<${next.href}>; rel="next"`}} : {}),
      };
    },
  };
}
