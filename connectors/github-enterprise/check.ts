import {ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions, CheckReport} from '../../src/core/port.ts';
import {checkScopes, expiryOf, identityOf, tried, triedScim, warningsOf} from '../github/check.ts';
import {identitiesOf} from '../github/identities.ts';
import {probe} from '../github/scim.ts';
import {authorizationsOf} from './cut-off.ts';
import type {Enterprise} from './enterprise.ts';
import {linkOf} from './team-links.ts';

const scimAdvice =
  'GitHub shows no SCIM of the enterprise: it needs managed users with open SCIM configuration, and a token (classic) of the ' +
  'setup user (SHORTCODE_admin) with the scope scim:enterprise';
const organizationAdvice = (name: string): string =>
  `GitHub shows no credential authorizations of ${name}: the credential has to be an owner of it, with the scope admin:org`;
const teamAdvice = (organization: string, team: string): string =>
  `GitHub shows no team ${team} of ${organization}: make it, and make the credential's account an owner of the organization`;

/** Address, credentials, each right that is needed, and the clock. */
export async function check(enterprise: Enterprise, signal: AbortSignal): Promise<Result<CheckReport>> {
  const options = {signal};
  const {ask, scim, context} = enterprise;
  const {apiUrl, auth, enterprise: name, credentials} = context.config();
  const users = await triedScim(ask, probe(scim), scimAdvice, options);
  if (!users.ok) return users;
  const isEnder = credentials !== 'keep';
  const isAlone = auth.token === undefined || auth.app === undefined;
  const scopes = checkScopes(users.value, [
    ['scim:enterprise', 'admin:enterprise'],
    ...(isEnder && isAlone ? [['admin:enterprise']] : []),
  ]);
  if (!scopes.ok) return scopes;
  const groups = await triedScim(ask, probe(scim, 'group'), scimAdvice, options);
  if (!groups.ok) return groups;
  const owner = {kind: 'enterprise', name} as const;
  const seen = isEnder
    ? await identitiesOf(ask, owner, {userName: null, after: null}, options)
    : ok(undefined);
  if (!seen.ok) return seen;
  const rest = await checkOrganizations(enterprise, options);
  if (!rest.ok) return rest;
  const endsAt = expiryOf(users.value.headers);
  return ok({
    summary: `${new URL(apiUrl).host} answers as GitHub for the enterprise ${name}, ${identityOf(auth)}`,
    ...(endsAt === undefined ? {} : {credentialExpiresAt: endsAt}),
    warnings: warningsOf(apiUrl, users.value, context.now()),
  });
}

async function checkOrganizations(
  {ask, context}: Enterprise,
  options: CallOptions,
): Promise<Result<undefined>> {
  const {organizations, teams} = context.config();
  const calls = [
    ...organizations.map((name) => ({
      call: authorizationsOf(name, 'avro-scim'),
      advice: organizationAdvice(name),
    })),
    ...teams.map((link) => ({call: linkOf(link), advice: teamAdvice(link.organization, link.team)})),
  ];
  for (const {call, advice} of calls) {
    const answered = await tried(ask, {...call, operation: 'probe'}, advice, options);
    if (!answered.ok) return answered;
  }
  return ok(undefined);
}
