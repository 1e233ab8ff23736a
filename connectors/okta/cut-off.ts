import {ok, type Result} from '../../src/core/failure.ts';
import {textOf} from '../../src/core/json.ts';
import type {CallOptions, CutOffMode, CutOffStep} from '../../src/core/port.ts';
import {shutOut, unlessDeactivated} from './lifecycle.ts';
import {act, readById, userPath, type Org} from './org.ts';
import {rowsOf} from './pages.ts';
import {createUsers, isShut} from './users.ts';

type Verified = Promise<Result<{ended: boolean; remains?: string}>>;

/** What no call to Okta ends (https://developer.okta.com/docs/api/openapi/okta-management/management/tags/usersessions). */
const remains =
  'sessions that apps opened by themselves, until each app ends them; access tokens of custom authorization servers ' +
  'that a service checks without asking Okta, until they expire (24 hours at most)';

/** What Okta refuses to show of an account that is deactivated, by its word for the account's status. */
const notShown =
  'consents and refresh tokens that Okta does not show of a deactivated account: none is of use while it is deactivated';

/** Okta says of them that they work for active people alone (https://developer.okta.com/docs/guides/create-an-api-token/main/). */
const apiTokens =
  'API tokens, where this person made some as an administrator: Okta does not say that suspending ends them; revoke them under ' +
  'Security > API > Tokens';

/**
 * The order that cuts access first: no new sign-in, then the sessions there are with the tokens that came of them, then the
 * consents by which apps could ask for new tokens, then refresh tokens that are still listed.
 */
export function cutOffSteps(org: Org, mode: CutOffMode): CutOffStep[] {
  const steps = [status(org), sessions(org), grants(org), refreshTokens(org)];
  return mode === 'delete' ? [...steps, deletion(org)] : steps;
}

type Shut = 'no' | 'suspended' | 'deactivated' | 'missing';

/** With `suspend` in the config, an account that can not be suspended is deactivated: each is an end. */
async function readShut(org: Org, id: string, options: CallOptions): Promise<Result<Shut>> {
  const user = await readById(org, 'user', id, options);
  if (!user.ok) return user;
  if (!user.value) return ok('missing');
  if (isShut(user.value, ['DEPROVISIONED'])) return ok('deactivated');
  const suspends = org.context.config().deactivation === 'suspend';
  return ok(suspends && isShut(user.value, ['SUSPENDED']) ? 'suspended' : 'no');
}

const status = (org: Org): CutOffStep => ({
  name: org.context.config().deactivation,
  act: (id, options) => shutOut(org, id, options),
  async verify(id, options): Verified {
    const shut = await readShut(org, id, options);
    if (!shut.ok) return shut;
    return ok({ended: shut.value !== 'no', ...(shut.value === 'suspended' ? {remains: apiTokens} : {})});
  },
});

/**
 * Okta lists no sessions. That they ended is read from the account where it is deactivated, which no session outlives, and
 * from its tokens; of a suspended one there is besides only Okta's answer, in this same cut-off.
 */
function sessions(org: Org): CutOffStep {
  const answered = new Set<string>();
  return {
    name: 'sessions',
    async act(id, options) {
      const query = {oauthTokens: 'true', forgetDevices: 'true'};
      const done = await revoke(org, id, '/sessions', 'end sessions', options, query);
      if (done.ok) answered.add(id);
      return done;
    },
    async verify(id, options) {
      const shut = await readShut(org, id, options);
      if (!shut.ok) return shut;
      if (shut.value === 'missing') return ok({ended: true});
      if (shut.value === 'no' || (shut.value === 'suspended' && !answered.has(id)))
        return ok({ended: false, remains});
      const left = await clientsWithTokens(org, id, options);
      if (!left.ok) return left;
      if (left.value === 'deactivated') return ok({ended: true, remains: `${remains}; ${notShown}`});
      return ok({ended: (left.value ?? []).length === 0, remains});
    },
  };
}

const grants = (org: Org): CutOffStep => ({
  name: 'OAuth grants',
  act: (id, options) => revoke(org, id, '/grants', 'revoke grants', options),
  async verify(id, options): Verified {
    const call = {
      method: 'GET',
      path: userPath(id, '/grants'),
      query: {limit: '200'},
      operation: 'read grants',
      missing: true,
    } as const;
    const left = await unlessDeactivated(org, id, rowsOf(org.ask, call, options), options);
    if (!left.ok) return left;
    if (left.value === 'deactivated') return ok({ended: true, remains: notShown});
    return ok({ended: (left.value ?? []).every(isRevoked)});
  },
});

const refreshTokens = (org: Org): CutOffStep => ({
  name: 'refresh tokens',
  async act(id, options) {
    const clients = await clientsWithTokens(org, id, options);
    if (!clients.ok) return clients;
    if (!clients.value) return ok('missing');
    if (clients.value === 'deactivated') return ok('done');
    for (const client of clients.value) {
      const revoked = await revoke(org, id, tokensPath(client), 'revoke tokens', options);
      if (!revoked.ok) return revoked;
    }
    return ok('done');
  },
  async verify(id, options) {
    const left = await clientsWithTokens(org, id, options);
    if (!left.ok) return left;
    if (left.value === 'deactivated') return ok({ended: true, remains: notShown});
    return ok({ended: (left.value ?? []).length === 0});
  },
});

const deletion = (org: Org): CutOffStep => ({
  name: 'delete',
  async act(id, options) {
    const removed = await createUsers(org).remove(id, options);
    return removed.ok ? ok(removed.value === 'missing' ? 'missing' : 'done') : removed;
  },
  async verify(id, options) {
    const user = await readById(org, 'user', id, options);
    return user.ok ? ok({ended: user.value === undefined}) : user;
  },
});

/** Where Okta refuses it of a deactivated account, it is done. */
async function revoke(
  org: Org,
  id: string,
  below: string,
  operation: string,
  options: CallOptions,
  query?: Record<string, string>,
): Promise<Result<'done' | 'missing'>> {
  const call = {method: 'DELETE', path: userPath(id, below), operation, ...(query ? {query} : {})} as const;
  const done = await unlessDeactivated(org, id, act(org, call, options), options);
  if (!done.ok) return done;
  return ok(done.value === 'missing' ? 'missing' : 'done');
}

const tokensPath = (client: string): string => `/clients/${encodeURIComponent(client)}/tokens`;
const isRevoked = (row: {status?: unknown}): boolean => row.status === 'REVOKED';

/** The apps that hold a refresh token of this person; nothing when there is no such person. */
const clientsWithTokens = (
  org: Org,
  id: string,
  options: CallOptions,
): Promise<Result<string[] | undefined | 'deactivated'>> =>
  unlessDeactivated(org, id, readClientsWithTokens(org, id, options), options);

async function readClientsWithTokens(
  org: Org,
  id: string,
  options: CallOptions,
): Promise<Result<string[] | undefined>> {
  const list = (below: string, query: Record<string, string>) =>
    rowsOf(
      org.ask,
      {method: 'GET', path: userPath(id, below), query, operation: 'read tokens', missing: true},
      options,
    );
  const clients = await list('/clients', {});
  if (!clients.ok || !clients.value) return clients.ok ? ok(undefined) : clients;
  const holding: string[] = [];
  for (const row of clients.value) {
    const client = textOf(row['client_id']);
    if (client === undefined) continue;
    const tokens = await list(tokensPath(client), {limit: '200'});
    if (!tokens.ok) return tokens;
    if (!(tokens.value ?? []).every(isRevoked)) holding.push(client);
  }
  return ok(holding);
}
