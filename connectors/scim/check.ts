import {clearTextWarnings} from '../../src/core/check-warnings.ts';
import type {ConnectorContext} from '../../src/core/connector.ts';
import {ok, type Result} from '../../src/core/failure.ts';
import type {JsonObject} from '../../src/core/json.ts';
import type {CheckReport} from '../../src/core/port.ts';
import {bearerTimes} from './auth.ts';
import {isList, notScim} from './errors.ts';
import type {ScimConfig} from './manifest.ts';
import {supports, type Service} from './service.ts';

/**
 * Whether the service answers and takes the credential. ServiceProviderConfig alone does not tell: it may be open to all
 * (RFC 7644 section 4), so one user is asked for too.
 */
export async function check(
  context: ConnectorContext<ScimConfig>,
  service: Service,
  signal: AbortSignal,
): Promise<Result<CheckReport>> {
  const described = await service.describe({signal});
  if (!described.ok) return described;
  const {usersPath} = service.profile();
  const call = {method: 'GET', path: usersPath, query: {count: '1'}, operation: 'probe'} as const;
  const listed = await service.ask(call, {signal});
  if (!listed.ok) return listed;
  if (!isList(listed.value.body)) return notScim(listed.value.exchange, listed.value.status);
  const {baseUrl, auth} = context.config();
  return ok({
    summary: `${new URL(baseUrl).host} answers as a SCIM service, ${identity(auth)}`,
    ...bearerTimes(auth),
    warnings: warnings(described.value, service, baseUrl),
  });
}

function identity(auth: ScimConfig['auth']): string {
  if (auth.basic) return 'with a user name and password';
  return auth.oauth2 ? 'with an OAuth client' : 'with a bearer token';
}

function warnings(described: JsonObject | undefined, service: Service, baseUrl: string): string[] {
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
  return [...found, ...clearTextWarnings(baseUrl)];
}
