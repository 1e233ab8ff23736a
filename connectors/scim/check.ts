import {clearTextWarnings, clockWarnings} from '../../src/core/check-warnings.ts';
import type {ConnectorContext} from '../../src/core/connector.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {dateOf} from '../../src/core/headers.ts';
import type {JsonObject} from '../../src/core/json.ts';
import type {CallOptions, CheckReport} from '../../src/core/port.ts';
import {bearerTimes} from './auth.ts';
import type {Answer} from './client.ts';
import {isList, notScim} from './errors.ts';
import type {ScimConfig} from './manifest.ts';
import {supports, type Service} from './service.ts';

/**
 * Whether the service answers and takes the credential, for users and for groups, and the clock. ServiceProviderConfig alone
 * does not tell: it may be open to all (RFC 7644 section 4), so one of each is asked for too.
 */
export async function check(
  context: ConnectorContext<ScimConfig>,
  service: Service,
  signal: AbortSignal,
): Promise<Result<CheckReport>> {
  const {baseUrl, auth} = context.config();
  const described = await service.describe({signal});
  if (!described.ok) return failed(explained(described.failure, 'users', auth));
  const {usersPath, groupsPath, groups: hasGroups} = service.profile();
  const users = await probe(service, usersPath, {signal});
  if (!users.ok) return failed(explained(users.failure, 'users', auth));
  const groups = hasGroups ? await probe(service, groupsPath, {signal}) : undefined;
  const isWithout = groups?.ok === false && [404, 405, 501].includes(groups.failure.status ?? 0);
  if (groups?.ok === false && !isWithout) return failed(explained(groups.failure, 'groups', auth));
  const now = context.now();
  return ok({
    summary: `${new URL(baseUrl).host} answers as a SCIM service, ${identity(auth)}`,
    ...bearerTimes(auth),
    warnings: [
      ...vendorWarnings(new URL(baseUrl)),
      ...abilityWarnings(described.value, service),
      ...(isWithout
        ? [`it has no groups at ${groupsPath}: a profile with groups: false leaves them out`]
        : []),
      ...clockWarnings(now - (dateOf(users.value.headers) ?? now), 'the service'),
      ...clearTextWarnings(baseUrl),
    ],
  });
}

async function probe({ask}: Service, path: string, options: CallOptions): Promise<Result<Answer>> {
  const answered = await ask({method: 'GET', path, query: {count: '1'}, operation: 'probe'}, options);
  if (!answered.ok) return answered;
  const {body, status, exchange} = answered.value;
  return isList(body) ? answered : notScim(exchange, status);
}

/** The failure with what is to be done about it. */
function explained(failure: Failure, what: 'users' | 'groups', auth: ScimConfig['auth']): Failure {
  if (failure.status === 404 || /^[23].* (not SCIM|redirect)$/.test(failure.cause))
    return {
      ...failure,
      message: `what answers at baseUrl is not a SCIM service (${failure.message}): expected its address up to where /Users begins`,
    };
  // The token endpoint has its own words.
  if (failure.cause.startsWith('token')) return failure;
  if (failure.status === 401)
    return {
      ...failure,
      message: `the service refuses the credential at ${placeOf(auth)}: make one where it lets SCIM (user provisioning) in`,
    };
  if (failure.status !== 403) return failure;
  const isForeign = failure.cause.endsWith('not JSON');
  return {
    ...failure,
    message:
      `the credential may not read ${what}: give it, or the account that made it, the right that administers ${what} at the service` +
      (isForeign ? '; the answer is not JSON, so baseUrl may be the address of something else' : ''),
  };
}

/** Services whose SCIM has limits, or a cut-off, that a profile can not say. */
const vendors: readonly [RegExp, string][] = [
  [/^scim\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|api\.aws)$/, 'aws-identity-center'],
  [/\.okta(preview|-emea)?\.com$/, 'okta'],
  [/^api\.(github\.com|[a-z0-9-]+\.ghe\.com)$/, 'github-organization, or github-enterprise'],
];

function vendorWarnings({hostname}: URL): string[] {
  const [, connector] = vendors.find(([host]) => host.test(hostname)) ?? [];
  if (connector === undefined) return [];
  return [
    `${hostname} has a connector of its own, ${connector}: by scim its limits are not kept, and a cut-off ends less`,
  ];
}

const placeOf = ({basic, oauth2}: ScimConfig['auth']): string =>
  basic ? 'auth.basic' : oauth2 ? 'auth.oauth2' : 'auth.bearer';

function identity(auth: ScimConfig['auth']): string {
  if (auth.basic) return 'with a user name and password';
  return auth.oauth2 ? 'with an OAuth client' : 'with a bearer token';
}

function abilityWarnings(described: JsonObject | undefined, service: Service): string[] {
  const {update} = service.profile();
  const found: string[] = [];
  if (!described) found.push('it has no ServiceProviderConfig: what it can do is taken from the profile');
  if (supports(described, 'patch') === false && update !== 'put')
    found.push(
      update === 'patch'
        ? 'it says that it does not support PATCH, and the profile says patch'
        : 'it does not support PATCH: every update reads the resource and puts it back whole',
    );
  if (supports(described, 'filter') === false)
    found.push('it does not support filters: a look-up reads the whole list');
  return found;
}
