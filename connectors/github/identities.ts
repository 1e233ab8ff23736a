import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {isObject, objectsOf, textOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Answer, Ask} from './client.ts';
import {unknownAnswer} from './errors.ts';
import {saysLimit, secondaryWaitMs, waitSaid} from './limits.ts';
import {endless} from './pages.ts';

/** Whose identity providers are asked: an organization's one, or an enterprise's two (SAML, and OIDC with Entra ID). */
export interface IdentityOwner {
  kind: 'organization' | 'enterprise';
  name: string;
}

const identities =
  'externalIdentities(first: 100, after: $after, userName: $userName) { totalCount nodes { guid scimIdentity { username } samlIdentity { nameId } user { login } } pageInfo { hasNextPage endCursor } }';

/** SCIM does not tell whose account an identity is linked with; GraphQL's `guid` is what SCIM calls the id. */
export const queries: Record<IdentityOwner['kind'], string> = {
  organization: `query ($name: String!, $userName: String, $after: String) { organization(login: $name) { samlIdentityProvider { ${identities} } } }`,
  enterprise: `query ($name: String!, $userName: String, $after: String) { enterprise(slug: $name) { ownerInfo { samlIdentityProvider { ${identities} } oidcProvider { ${identities} } } } }`,
};

/** The login that an identity is linked with, `unlinked` while nobody has signed in with it. */
export type Account = {login: string} | 'unlinked';

/** Nothing where GraphQL lists no such identity. */
export type Linked = Account | undefined;

const identitiesAPage = 100;

/** Whose account an identity is linked with. */
export async function loginOf(
  ask: Ask,
  owner: IdentityOwner,
  identity: {id: string; userName: string},
  options: CallOptions,
): Promise<Result<Linked>> {
  // By name first, which is one request; GitHub may hold the name in another form than it was told.
  for (const userName of [identity.userName, null]) {
    let after: string | null = null;
    do {
      const page: Result<Page> = await identitiesOf(ask, owner, {userName, after}, options);
      if (!page.ok) return page;
      const node = nodeOf(page.value.nodes, identity);
      if (node) return ok(accountIn(node));
      if (page.value.next === after && after !== null) return failed(endless);
      after = page.value.next;
    } while (after !== null);
  }
  return ok(undefined);
}

function accountIn({user}: JsonObject): Account {
  const login = isObject(user) ? textOf(user['login']) : undefined;
  return login === undefined ? 'unlinked' : {login};
}

/**
 * The account that has signed in by SAML under one of these names, in lower case. GitHub keeps such a sign-in as an identity of its
 * own where its name is not the SCIM one's userName, or where the member was there before
 * (https://docs.github.com/en/enterprise-cloud@latest/organizations/managing-saml-single-sign-on-for-your-organization/troubleshooting-identity-and-access-management-for-your-organization).
 */
export async function signedInAs(
  ask: Ask,
  owner: IdentityOwner,
  names: readonly string[],
  options: CallOptions,
): Promise<Result<Account>> {
  const isTheirs = ({samlIdentity, user}: JsonObject): boolean => {
    const nameId = isObject(samlIdentity) ? textOf(samlIdentity['nameId']) : undefined;
    return Boolean(nameId) && isObject(user) && names.includes(nameId?.toLowerCase() ?? '');
  };
  let after: string | null = null;
  do {
    const page: Result<Page> = await identitiesOf(ask, owner, {userName: null, after}, options);
    if (!page.ok) return page;
    const node = page.value.nodes.find(isTheirs);
    if (node) return ok(accountIn(node));
    if (page.value.next === after && after !== null) return failed(endless);
    after = page.value.next;
  } while (after !== null);
  return ok('unlinked');
}

/**
 * Whose accounts these identities are linked with, by their ids alone, from as many pages as it takes; who is not listed is
 * left out. Nothing where the list is longer than `mostPages`.
 */
export async function accountsOf(
  ask: Ask,
  owner: IdentityOwner,
  {ids, mostPages}: {ids: ReadonlySet<string>; mostPages: number},
  options: CallOptions,
): Promise<Result<Map<string, Account> | undefined>> {
  const found = new Map<string, Account>();
  let after: string | null = null;
  do {
    const page: Result<Page> = await identitiesOf(ask, owner, {userName: null, after}, options);
    if (!page.ok) return page;
    const {nodes, next, total} = page.value;
    if (total > mostPages * identitiesAPage) return ok(undefined);
    for (const node of nodes) {
      const guid = textOf(node['guid']) ?? '';
      if (ids.has(guid)) found.set(guid, accountIn(node));
    }
    if (next === after && after !== null) return failed(endless);
    after = next;
  } while (after !== null && found.size < ids.size);
  return ok(found);
}

/** By the id; that an enterprise's SCIM has the same ids is not said, so its own unique name counts too. */
function nodeOf(
  nodes: readonly JsonObject[],
  {id, userName}: {id: string; userName: string},
): JsonObject | undefined {
  const named = ({scimIdentity}: JsonObject): boolean =>
    userName !== '' &&
    isObject(scimIdentity) &&
    textOf(scimIdentity['username'])?.toLowerCase() === userName.toLowerCase();
  return nodes.find(({guid}) => guid === id) ?? nodes.find(named);
}

interface Page {
  nodes: JsonObject[];
  next: string | null;
  /** How many identities there are. */
  total: number;
}

/** One page of the identities; also the check of whether the credential may see them. */
export async function identitiesOf(
  ask: Ask,
  {kind, name}: IdentityOwner,
  variables: {userName: string | null; after: string | null},
  options: CallOptions,
): Promise<Result<Page>> {
  const answered = await ask(
    {
      use: 'app',
      method: 'POST',
      path: '/graphql',
      body: {query: queries[kind], variables: {name, ...variables}},
      operation: 'find login',
      isRead: true,
    },
    options,
  );
  if (!answered.ok) return answered;
  const {body, exchange, status} = answered.value;
  if (!isObject(body)) return unknownAnswer(exchange, status, true);
  const refused = refusalIn(body, answered.value);
  if (refused) return failed(refused);
  return readPage(body, kind, answered.value);
}

function readPage(body: JsonObject, kind: IdentityOwner['kind'], answer: Answer): Result<Page> {
  const data = isObject(body['data']) ? body['data'][kind] : undefined;
  const holder = kind === 'enterprise' && isObject(data) ? data['ownerInfo'] : data;
  if (!isObject(holder)) return failed(notSeen(kind, answer));
  const providers = [holder['samlIdentityProvider'], holder['oidcProvider']].filter((one) => isObject(one));
  if (providers.length === 0) return failed(notSeen(kind, answer));
  const page: Page = {nodes: [], next: null, total: 0};
  for (const {externalIdentities} of providers) {
    if (!isObject(externalIdentities)) return unknownAnswer(answer.exchange, answer.status, true);
    page.nodes.push(...objectsOf(externalIdentities['nodes']));
    page.total += Number(externalIdentities['totalCount'] ?? 0);
    const info = externalIdentities['pageInfo'];
    if (isObject(info) && info['hasNextPage'] === true) page.next = textOf(info['endCursor']) ?? null;
  }
  return ok(page);
}

const notSeen = (kind: IdentityOwner['kind'], {exchange, status}: Answer): Failure => ({
  kind: 'unauthorized',
  message:
    kind === 'organization'
      ? 'GitHub shows no SAML identity provider of the organization: single sign-on is off, or the credential is not an ' +
        "owner's with the scope admin:org, or the App lacks the organization permission Members"
      : 'GitHub shows no identity provider of the enterprise: the credential is not an enterprise owner with the scope ' +
        'admin:enterprise, or single sign-on is off',
  cause: `${status} identity provider not seen`,
  status,
  exchange,
});

/** GraphQL refuses with a 200 (https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api). */
function refusalIn(body: JsonObject, {exchange, status, headers}: Answer): Failure | undefined {
  // Where the query did not begin, the words may stand as in a refusal of REST.
  const isRest = body['data'] === undefined && textOf(body['message']) !== undefined;
  const [error = isRest ? body : undefined] = objectsOf(body['errors']);
  if (!error) return undefined;
  const type = textOf(error['type']) ?? '';
  const code = /^[A-Z_]{3,40}$/.test(type) ? type : 'error';
  const failure = {cause: `graphql ${code}`, status, exchange};
  const isLimit = ['RATE_LIMITED', 'RATE_LIMIT'].includes(code) || saysLimit(textOf(error['message']) ?? '');
  const message = 'GitHub asks for fewer requests';
  if (isLimit)
    return {...failure, kind: 'throttled', message, retryAfterMs: waitSaid(headers) ?? secondaryWaitMs};
  // What is wrong with a query has a type or a code; what went wrong while it ran has neither.
  const {extensions} = error;
  if (type === '' && !(isObject(extensions) && textOf(extensions['code'])))
    return {...failure, kind: 'transient', message: 'GitHub could not carry out the query'};
  switch (code) {
    case 'FORBIDDEN':
    case 'INSUFFICIENT_SCOPES':
    case 'NOT_FOUND':
      return {
        ...failure,
        kind: 'unauthorized',
        message: 'the credential may not read whose account an identity is: see the rights in the README',
      };
    case 'SERVICE_UNAVAILABLE':
      return {...failure, kind: 'unavailable', message: 'GitHub is not available'};
    default:
      return {
        ...failure,
        kind: 'rejected',
        message: 'GitHub refuses the query for whose account an identity is',
      };
  }
}
