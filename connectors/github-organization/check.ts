import {ok, type Result} from '../../src/core/failure.ts';
import type {CheckReport} from '../../src/core/port.ts';
import {
  checkPermissions,
  checkScopes,
  expiryOf,
  identityOf,
  tried,
  triedScim,
  warningsOf,
} from '../github/check.ts';
import {identitiesOf} from '../github/identities.ts';
import {probe} from '../github/scim.ts';
import {ownersRead, teamsRead, type Org} from './org.ts';

const scimAdvice =
  'GitHub shows no SCIM of the organization: it needs Enterprise Cloud with SAML single sign-on, and a token (classic) of an ' +
  'owner with the scope admin:org that is authorized for single sign-on (Configure SSO beside the token)';
const teamsAdvice =
  'GitHub shows no teams: give the token the scope admin:org, or the App the organization permission Members (read and write)';
const authorizationsAdvice =
  'GitHub shows no credential authorizations: the token has to be an owner’s with the scope admin:org; an App needs the ' +
  'organization permission Administration (read and write)';
const tokensAdvice =
  'GitHub shows no personal access tokens: give the App the organization permission Personal access tokens (read and write)';

/** What an App needs to write; reads of the same tell only half. */
const permissions = {
  members: 'Members',
  organization_administration: 'Administration',
  organization_personal_access_tokens: 'Personal access tokens',
};

/** Address, credentials, each right that is needed, and the clock. */
export async function check(org: Org, signal: AbortSignal): Promise<Result<CheckReport>> {
  const options = {signal};
  const {apiUrl, auth, organization} = org.context.config();
  const users = await triedScim(org.ask, probe(org.scim), scimAdvice, options);
  if (!users.ok) return users;
  const scopes = checkScopes(users.value, [['admin:org']]);
  if (!scopes.ok) return scopes;
  const teams = await tried(org.ask, teamsRead(org), teamsAdvice, options);
  if (!teams.ok) return teams;
  const owner = {kind: 'organization', name: organization} as const;
  const seen = await identitiesOf(org.ask, owner, {userName: null, after: null}, options);
  if (!seen.ok) return seen;
  const authorizations = await tried(org.ask, ownersRead(org), authorizationsAdvice, options);
  if (!authorizations.ok) return authorizations;
  const path = org.path('/personal-access-tokens');
  const call = {use: 'app', method: 'GET', path, query: {per_page: '1'}, operation: 'probe'} as const;
  const tokens = auth.app ? await tried(org.ask, call, tokensAdvice, options) : ok(undefined);
  if (!tokens.ok) return tokens;
  const written = await checkPermissions(org.context, permissions, options);
  if (!written.ok) return written;
  const endsAt = expiryOf(users.value.headers);
  return ok({
    summary: `${new URL(apiUrl).host} answers as GitHub for ${organization}, ${identityOf(auth)}`,
    ...(endsAt === undefined ? {} : {credentialExpiresAt: endsAt}),
    warnings: [
      ...warningsOf(apiUrl, users.value, org.context.now()),
      ...(auth.app
        ? []
        : ['without an App, fine-grained personal access tokens are neither seen nor revoked']),
    ],
  });
}
