import {clearTextWarnings, clockWarnings} from '../../src/core/check-warnings.ts';
import type {ConnectorContext, HttpAnswer} from '../../src/core/connector.ts';
import {withEitherKey} from '../../src/core/credential.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {dateOf, first} from '../../src/core/headers.ts';
import {isObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {requestToken} from './app-token.ts';
import type {Answer, Ask, Call} from './client.ts';
import type {GithubConfig} from './config.ts';

const nearEndMs = 14 * 24 * 3_600_000;

/** One read of a check, with what is to be done where it is refused. */
export async function tried(
  ask: Ask,
  call: Call,
  advice: string,
  options: CallOptions,
): Promise<Result<Answer>> {
  const answered = await ask(call, options);
  if (answered.ok) return answered;
  const {failure} = answered;
  if (failure.cause.endsWith('not GitHub') || failure.cause.endsWith('not SCIM'))
    return failed(elsewhere(failure));
  if (failure.status === 401 && !failure.cause.startsWith('token'))
    return failed({...failure, message: 'GitHub refuses the credential: it was revoked, or it has ended'});
  const isRight = (failure.status === 403 && failure.kind === 'unauthorized') || failure.status === 404;
  return isRight && !failure.cause.startsWith('token') ? failed({...failure, message: advice}) : answered;
}

/** The SCIM list that a check begins with; what answers otherwise is another vendor's service. */
export async function triedScim(
  ask: Ask,
  call: Call,
  advice: string,
  options: CallOptions,
): Promise<Result<Answer>> {
  const answered = await tried(ask, call, advice, options);
  if (!answered.ok) return answered;
  const {body, exchange, status, headers} = answered.value;
  const isGithub = first(headers['x-github-request-id']) !== undefined;
  if (isGithub && isObject(body) && Array.isArray(body['Resources'])) return answered;
  return failed(elsewhere({kind: 'rejected', message: '', cause: `${status} not GitHub`, status, exchange}));
}

const elsewhere = (failure: Failure): Failure => ({
  ...failure,
  message:
    'what answers at apiUrl is not the GitHub API: expected https://api.github.com, or https://api.SUBDOMAIN.ghe.com',
});

/** A classic token tells its scopes with each answer; other credentials do not. */
export function checkScopes({headers}: Answer, needed: readonly (readonly string[])[]): Result<undefined> {
  const said = first(headers['x-oauth-scopes']);
  if (said === undefined) return ok(undefined);
  const held = said.split(',').map((scope) => scope.trim());
  const lacking = needed.find((alternatives) => !alternatives.some((scope) => held.includes(scope)));
  if (!lacking) return ok(undefined);
  return failed({
    kind: 'unauthorized',
    message: `the token lacks the scope ${lacking[0] ?? ''}: add it under Settings > Developer settings > Personal access tokens (classic)`,
    cause: 'scope missing',
  });
}

/** What an App is installed with, against the permissions that are needed: their names at GitHub, and in its settings. */
export async function checkPermissions(
  context: ConnectorContext<GithubConfig>,
  needed: Readonly<Record<string, string>>,
  options: CallOptions,
): Promise<Result<undefined>> {
  const {app} = context.config().auth;
  if (!app) return ok(undefined);
  const token = await withEitherKey(app.privateKey, (place) => requestToken(context, app, place, options));
  if (!token.ok) return token;
  const {permissions} = token.value;
  if (permissions === undefined) return ok(undefined);
  const lacking = Object.keys(needed).filter((name) => permissions[name] !== 'write');
  if (lacking.length === 0) return ok(undefined);
  const names = lacking.map((name) => needed[name] ?? name).join(', ');
  return failed({
    kind: 'unauthorized',
    message:
      `the App may not write ${names}: set it to read and write under the App's settings > Permissions & events > Organization ` +
      'permissions, and let an owner of the organization accept that',
    cause: 'permission missing',
  });
}

/** When the token ends, where GitHub tells: `2026-12-01 10:00:00 UTC`. */
export function expiryOf(headers: HttpAnswer['headers']): number | undefined {
  const said = first(headers['github-authentication-token-expiration']);
  const ms = Date.parse(said ?? '');
  return Number.isFinite(ms) ? ms : undefined;
}

/** As whom a check was made. */
export const identityOf = ({token, app}: GithubConfig['auth']): string =>
  [...(app ? [`as the App ${app.id}`] : []), ...(token === undefined ? [] : ['with a token'])].join(' and ');

/** What is no failure, and should be known. */
export function warningsOf(apiUrl: string, {headers}: Answer, now: number): string[] {
  const endsAt = expiryOf(headers);
  const isNear = endsAt !== undefined && endsAt - now < nearEndMs;
  return [
    ...clockWarnings(now - (dateOf(headers) ?? now), 'GitHub'),
    ...(isNear
      ? [
          `the token ends on ${new Date(endsAt).toISOString().slice(0, 10)}: put a new one beside it in auth.token`,
        ]
      : []),
    ...clearTextWarnings(apiUrl),
  ];
}
