import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {textOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {unknownAnswer} from './errors.ts';
import type {OktaConfig} from './manifest.ts';
import {userPath, type Org} from './org.ts';
import {objectOf, rowsOf} from './pages.ts';

/** Roles that may write users and groups (https://help.okta.com/okta_help.htm?id=ext-standard-admin-roles). */
const writingRoles = ['SUPER_ADMIN', 'ORG_ADMIN'];
/** Of these, and of what a group gives, the role's name does not tell. */
const unknownRoles = ['USER_ADMIN', 'CUSTOM'];

export interface Credential {
  as: string;
  createdAt?: number;
}

/** As whom, whether it may write, and for an API token its age where only one token can be meant. */
export async function checkCredential(org: Org, options: CallOptions): Promise<Result<Credential>> {
  const {oauth2} = org.context.config().auth;
  return oauth2 ? checkApp(org, oauth2, options) : checkToken(org, options);
}

async function checkToken(org: Org, options: CallOptions): Promise<Result<Credential>> {
  const call = {method: 'GET', path: userPath('me'), operation: 'read own account'} as const;
  const answered = await org.ask(call, options);
  if (!answered.ok) return answered;
  const me = objectOf(answered.value);
  if (!me.ok) return me;
  const id = textOf(me.value['id']) ?? '';
  const roles = await readIfAllowed(org, userPath(id, '/roles'), options);
  if (!roles.ok) return roles;
  const types = roles.value.flatMap((role) => textOf(role['type']) ?? []);
  if (!types.some((type) => writingRoles.includes(type))) {
    if (types.length > 0 && !types.some((type) => unknownRoles.includes(type)))
      return failed(readOnly(`its roles: ${types.join(', ')}`));
    const writes = await tryWriting(org, readOnly, options);
    if (!writes.ok) return writes;
  }
  const tokens = await readIfAllowed(org, '/api/v1/api-tokens', options);
  if (!tokens.ok) return tokens;
  const own = tokens.value.filter((token) => token['userId'] === id);
  const createdAt = own.length === 1 ? Date.parse(textOf(own[0]?.['created']) ?? '') : Number.NaN;
  return ok({as: `with an API token of user ${id}`, ...(Number.isFinite(createdAt) ? {createdAt} : {})});
}

/** Each scope that is asked for was granted, or there would be no access token; its admin roles are another matter. */
async function checkApp(
  org: Org,
  {clientId, scopes}: NonNullable<OktaConfig['auth']['oauth2']>,
  options: CallOptions,
): Promise<Result<Credential>> {
  const lacking = ['okta.users.manage', 'okta.groups.manage'].filter((scope) => !scopes.includes(scope));
  if (lacking.length > 0) return failed(readOnlyScopes(lacking));
  const writes = await tryWriting(org, appReadOnly, options);
  return writes.ok ? ok({as: `as the app ${clientId}`}) : writes;
}

/**
 * Asks for a user, and for a group, without the name that Okta demands: nothing can come of it, and whether it is refused for
 * what is lacking (400) or for the right (403) tells what no read does.
 */
async function tryWriting(
  org: Org,
  refused: (what: string) => Failure,
  options: CallOptions,
): Promise<Result<undefined>> {
  for (const what of ['users', 'groups']) {
    const query = what === 'users' ? {query: {activate: 'false'}} : {};
    const call = {
      method: 'POST',
      path: `/api/v1/${what}`,
      body: {profile: {}},
      operation: 'probe',
      ...query,
    } as const;
    const answered = await org.ask(call, options);
    if (answered.ok) return unknownAnswer(answered.value.exchange, answered.value.status);
    const {failure} = answered;
    if (failure.status === 403) return failed({...refused(`it may not write ${what}`), status: 403});
    if (failure.status !== 400) return answered;
  }
  return ok(undefined);
}

const readOnlyScopes = (lacking: readonly string[]): Failure => ({
  kind: 'unauthorized',
  message: `auth.oauth2.scopes lacks ${lacking.join(' and ')}: add it there, and grant it under Okta API Scopes`,
  cause: 'read-only scopes',
});

const readOnly = (found: string): Failure => ({
  kind: 'unauthorized',
  message:
    `the API token's account may not write users and groups (${found}): give it Organization Administrator, or a custom ` +
    'role with the permissions to manage users and groups, under Security > Administrators',
  cause: 'read-only role',
});

const appReadOnly = (found: string): Failure => ({
  kind: 'unauthorized',
  message:
    `the app has the scopes and no admin role that covers them (${found}): give it Organization Administrator, or a custom role ` +
    'with the permissions to manage users and groups, at the app under Admin roles',
  cause: 'read-only role',
});

/** Rows that not every credential may read: none then. */
async function readIfAllowed(org: Org, path: string, options: CallOptions): Promise<Result<JsonObject[]>> {
  const rows = await rowsOf(org.ask, {method: 'GET', path, operation: 'read credential'}, options);
  if (rows.ok) return ok(rows.value ?? []);
  return rows.failure.status === 403 ? ok([]) : rows;
}
