import {createPrivateKey} from 'node:crypto';
import {SignJWT} from 'jose';
import type {ConnectorContext, HttpAnswer} from '../../src/core/connector.ts';
import {noToken, secretsOf, type AccessToken} from '../../src/core/credential.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {dateOf} from '../../src/core/headers.ts';
import {isObject, parseJson, textOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {GithubConfig} from './config.ts';
import {baseHeaders} from './headers.ts';
import {askedToWait} from './limits.ts';

type App = NonNullable<GithubConfig['auth']['app']>;

/** The token, and what the installation may do, as far as GitHub says it: `{members: 'write'}`. */
export interface InstallationToken extends AccessToken {
  permissions: JsonObject | undefined;
}

/**
 * An installation access token, which lives an hour, asked for with the key at this place of the list
 * (https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app).
 */
export async function requestToken(
  context: ConnectorContext<GithubConfig>,
  app: App,
  place: number,
  options: CallOptions,
): Promise<Result<InstallationToken>> {
  const jwt = await signJwt(app, place, context.now());
  if (!jwt.ok) return jwt;
  const answered = await context.send({
    method: 'POST',
    url: new URL(`/app/installations/${app.installationId}/access_tokens`, context.config().apiUrl),
    operation: 'fetch token',
    headers: {...baseHeaders, authorization: `Bearer ${jwt.value}`},
    accept: [401, 403, 404, 422, 429],
    ...options,
  });
  return answered.ok
    ? readToken(answered.value, context.now())
    : failed(noToken(answered.failure, 'installation token'));
}

const refusals: Record<number, string> = {
  401: "GitHub refuses the App's key: compare auth.app.id and the private key, and the clock here",
  403: 'the installation may not be used: it is suspended, or the App may not come from this address',
  404: 'the App has no such installation: compare auth.app.installationId',
  422: 'GitHub refuses to make a token for the installation',
};

function readToken(answer: HttpAnswer, now: number): Result<InstallationToken> {
  const {status, text, headers} = answer;
  const waitMs = askedToWait(answer, now);
  if (waitMs !== undefined)
    return failed({
      kind: 'throttled',
      message: 'GitHub asks for fewer requests',
      cause: `token ${status} limit`,
      status,
      retryAfterMs: waitMs,
    });
  if (status >= 400) {
    const message = refusals[status] ?? 'GitHub gives no token for the installation';
    return failed({...refused(message, `token ${status}`), status});
  }
  const parsed = parseJson(text);
  const body = isObject(parsed) ? parsed : {};
  const token = textOf(body['token']);
  if (token === undefined)
    return failed({kind: 'transient', message: 'GitHub answered without a token', cause: 'token missing'});
  // By GitHub's clock, so that a clock here that is off does not keep a dead token.
  const lifeMs = Date.parse(textOf(body['expires_at']) ?? '') - (dateOf(headers) ?? now);
  const {permissions} = body;
  return ok({
    header: `Bearer ${token}`,
    lifeMs: lifeMs > 0 ? lifeMs : 3_600_000,
    permissions: isObject(permissions) ? permissions : undefined,
  });
}

const refused = (message: string, cause: string): Failure => ({kind: 'unauthorized', message, cause});

/** RS256, issued a minute ago against clocks that differ, for nine of the ten minutes that are allowed. */
async function signJwt(app: App, place: number, now: number): Promise<Result<string>> {
  const seconds = Math.floor(now / 1000);
  try {
    // GitHub's key files are PKCS #1, which jose does not read.
    const key = createPrivateKey((secretsOf(app.privateKey)[place] ?? '').trim());
    const jwt = await new SignJWT()
      .setProtectedHeader({alg: 'RS256'})
      .setIssuer(app.id)
      .setIssuedAt(seconds - 60)
      .setExpirationTime(seconds + 540)
      .sign(key);
    return ok(jwt);
  } catch {
    // The message may quote the key.
    return failed(refused('auth.app.privateKey is not an RSA private key (PEM)', 'private key'));
  }
}
