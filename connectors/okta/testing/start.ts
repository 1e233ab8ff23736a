import type {IncomingMessage, ServerResponse} from 'node:http';
import {setTimeout as delay} from 'node:timers/promises';
import {parseJson, textOf} from '../../../src/core/json.ts';
import type {Json} from '../../../src/core/resource.ts';
import {listen} from '../../testing/listening.ts';
import {giveToken, refuseAccess, type Credentials} from './credentials.ts';
import {answerFaults, operationOf, requestFaults} from './openapi.ts';
import {perform, type OrgRules} from './operations.ts';
import {refusal, tooMany, type Reply} from './refusals.ts';
import {arrive, createUser} from './users.ts';

export interface OktaDouble {
  url: string;
  rules: OrgRules;
  credentials: Credentials;
  /** `createUser`, `getUser`, …: the operations that were asked, in order. */
  asked: string[];
  /** What the published document does not allow, of requests and of the double's own answers. */
  faults: string[];
  /** Requests that one minute allows from now on; 0 stands for too many at once. */
  limit: number;
  /** What a person who signs in to an app leaves: a session, a consent, a refresh token. */
  signIn(userId: string): void;
  /** How long each answer takes, in ms. */
  delayMs: number;
  close(): Promise<void>;
}

/** An org that keeps Okta's documented rules, with one API token. */
export async function startOkta(token: string, given: Partial<OrgRules> = {}, port = 0): Promise<OktaDouble> {
  const store = {
    users: new Map(),
    groups: new Map(),
    requests: 0,
    searchLag: 0,
    index: new Map(),
    now: Date.now,
  };
  const rules: OrgRules = {
    store,
    customAttributes: ['externalId'],
    customGroupAttributes: ['externalId'],
    activatesTo: 'PROVISIONED',
    mailed: [],
    pageSize: 200,
    ownerId: '',
    ownerRoles: ['ORG_ADMIN'],
    mayReadSchema: true,
    mayReadTokens: true,
    mayReadRoles: true,
    mayWrite: true,
    refusesAccessIn: [],
    beyondRole: new Set(),
    transitionRequests: 0,
    ...given,
  };
  const profile = {
    login: 'service@example.com',
    email: 'service@example.com',
    firstName: 'Service',
    lastName: 'Account',
  };
  const owner = createUser(rules, {profile}, new URLSearchParams({activate: 'false'})).body;
  rules.ownerId = owner && !Array.isArray(owner) ? (textOf(owner['id']) ?? '') : '';
  const client = {id: 'client', keys: new Map(), grantedScopes: [], demandsDpop: false};
  const credentials: Credentials = {
    tokens: new Set([token]),
    client,
    accessTokens: new Map(),
    usedAssertions: new Set(),
  };
  const {url, close} = await listen(
    (request, response, text) => serve(double, request, response, text),
    port,
  );
  const double: OktaDouble = {
    url,
    rules,
    credentials,
    asked: [],
    faults: [],
    limit: 100_000,
    signIn(userId) {
      const user = rules.store.users.get(userId);
      if (!user) throw new Error(`there is no user ${userId}`);
      user.sessions += 1;
      user.grants.push('0oaWiki');
      user.refreshTokens.push('0oaWiki');
    },
    delayMs: 0,
    close,
  };
  return double;
}

async function serve(
  double: OktaDouble,
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
): Promise<void> {
  if (double.delayMs > 0) await delay(double.delayMs);
  const reply = limited(double) ?? (await answer(double, request, text));
  const resetAt = Math.floor(double.rules.store.now() / 1000) + 60;
  response.writeHead(reply.status, {
    'content-type': 'application/json',
    'x-okta-request-id': crypto.randomUUID(),
    'x-rate-limit-limit': String(double.limit),
    'x-rate-limit-remaining': String(Math.max(0, double.limit - double.asked.length)),
    'x-rate-limit-reset': String(resetAt),
    date: new Date(double.rules.store.now()).toUTCString(),
    ...reply.headers,
  });
  response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
}

function limited(double: OktaDouble): Reply | undefined {
  double.rules.store.requests += 1;
  arrive(double.rules);
  return double.asked.length >= double.limit ? tooMany() : undefined;
}

async function answer(double: OktaDouble, request: IncomingMessage, text: string): Promise<Reply> {
  const {credentials, faults, asked, rules} = double;
  const url = new URL(request.url ?? '', double.url);
  const method = request.method ?? '';
  // The token endpoint is not in the management document.
  if (method === 'POST' && url.pathname === '/oauth2/v1/token') {
    asked.push('token');
    return giveToken(credentials, new URLSearchParams(text), `${double.url}/oauth2/v1/token`);
  }
  const operation = operationOf(method, url.pathname);
  if (!operation) {
    faults.push(`${method} ${url.pathname}: not in the document`);
    return refusal(404, 'E0000008', 'The requested path was not found');
  }
  asked.push(operation.id);
  const refused = refuseAccess(credentials, request.headers.authorization, operation);
  if (refused) return refused;
  const body: Json | undefined = parseJson(text);
  const wrong = requestFaults(operation, url.searchParams, body);
  if (['POST', 'PUT'].includes(method) && request.headers['content-type'] !== 'application/json')
    wrong.push('content-type');
  faults.push(...wrong.map((fault) => `${operation.id}: ${fault}`));
  if (wrong.length > 0) return refusal(400, 'E0000003', 'The request body was not well-formed.');
  const path = url.pathname.split('/').map(decodeURIComponent);
  const reply = perform(rules, {operation: operation.id, path, url, body});
  faults.push(
    ...answerFaults(operation, reply.status, reply.body).map((fault) => `${operation.id} answered ${fault}`),
  );
  return reply;
}
