import {decodeJwt, importPKCS8, SignJWT, type JWTPayload} from 'jose';
import type {ConnectorContext} from '../../src/core/connector.ts';
import {
  authorizerOf,
  createTokenKeeper,
  createTurns,
  noToken,
  secretsOf,
  type AccessToken,
  type Authorizer,
} from '../../src/core/credential.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {jsonObject} from './errors.ts';
import type {ScimAuth, ScimConfig} from './manifest.ts';

type OAuth2 = NonNullable<ScimAuth['oauth2']>;

/** Bearer tokens or passwords in turn, or an OAuth 2.0 token (RFC 6749 section 4.4) that is fetched once for all who wait. */
export function createAuthorizer(context: ConnectorContext<ScimConfig>): Authorizer {
  const bearers = createTurns('Bearer');
  const passwords = createTurns('Basic');
  return authorizerOf(
    createTokenKeeper(context.now),
    () => {
      const {bearer, basic, oauth2} = context.config().auth;
      if (bearer !== undefined) return ok({tokens: bearer, turns: bearers});
      if (basic) {
        const tokens = secretsOf(basic.password).map((password) => basicOf(basic.username, password));
        return ok({tokens, turns: passwords});
      }
      if (!oauth2) return failed(misconfigured('no credential in the config', 'no credential'));
      return ok({
        madeFrom: oauth2,
        keys: oauth2.clientSecret ?? oauth2.privateKey,
        fetch: (place, options) => requestToken(context, oauth2, place, options),
      });
    },
    () => context.log.debug({target: context.target}, 'access token fetched'),
  );
}

/**
 * When a bearer token that is a JWT was made and when it ends, in ms since the epoch; nothing for any other. Of two, what
 * the one says that ends last.
 */
export function bearerTimes(auth: ScimAuth): {credentialCreatedAt?: number; credentialExpiresAt?: number} {
  const times = secretsOf(auth.bearer).map((bearer) => timesOf(bearer.trim()));
  const endOf = ({exp}: JWTPayload): number => exp ?? 0;
  const {iat, exp} = times.sort((one, other) => endOf(other) - endOf(one))[0] ?? {};
  return {
    ...(iat === undefined ? {} : {credentialCreatedAt: iat * 1000}),
    ...(exp === undefined ? {} : {credentialExpiresAt: exp * 1000}),
  };
}

function timesOf(bearer: string): JWTPayload {
  try {
    return decodeJwt(bearer);
  } catch {
    return {};
  }
}

const basicOf = (user: string, password: string): string =>
  Buffer.from(`${user}:${password}`).toString('base64');

const misconfigured = (message: string, cause: string): Failure => ({kind: 'unauthorized', message, cause});

async function requestToken(
  context: ConnectorContext<ScimConfig>,
  oauth2: OAuth2,
  place: number,
  options: CallOptions,
): Promise<Result<AccessToken>> {
  const form = await tokenForm(oauth2, place, context.now());
  if (!form.ok) return form;
  const answered = await context.send({
    method: 'POST',
    url: new URL(oauth2.tokenUrl),
    operation: 'fetch token',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...form.value.headers,
    },
    body: form.value.body,
    accept: [400, 401, 403],
    ...options,
  });
  return answered.ok
    ? readToken(answered.value.status, answered.value.text)
    : failed(noToken(answered.failure, 'token endpoint'));
}

function readToken(status: number, text: string): Result<AccessToken> {
  const body = jsonObject(text);
  if (status >= 400) {
    const error = body?.['error'];
    const code = typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? ` ${error}` : '';
    return failed({
      ...misconfigured('the token endpoint refuses the client', `token ${status}${code}`),
      status,
    });
  }
  const accessToken = body?.['access_token'];
  if (typeof accessToken !== 'string')
    return failed({kind: 'transient', message: 'the token endpoint gave no token', cause: 'token missing'});
  const seconds = Number(body?.['expires_in'] ?? Number.NaN);
  // Without a life it is used until the target refuses it.
  return ok({
    header: `Bearer ${accessToken}`,
    lifeMs: seconds > 0 ? seconds * 1000 : Number.MAX_SAFE_INTEGER,
  });
}

async function tokenForm(
  oauth2: OAuth2,
  place: number,
  now: number,
): Promise<Result<{body: string; headers: Record<string, string>}>> {
  const {clientId, clientSecretIn, scope} = oauth2;
  const clientSecret = secretsOf(oauth2.clientSecret)[place];
  const form = new URLSearchParams({grant_type: 'client_credentials'});
  if (scope !== undefined) form.set('scope', scope);
  const headers: Record<string, string> = {};
  if (clientSecret === undefined) {
    const assertion = await signAssertion(oauth2, place, now);
    if (!assertion.ok) return assertion;
    form.set('client_id', clientId);
    form.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    form.set('client_assertion', assertion.value);
  } else if (clientSecretIn === 'body') {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  } else {
    headers['authorization'] =
      `Basic ${basicOf(encodeURIComponent(clientId), encodeURIComponent(clientSecret))}`;
  }
  return ok({body: form.toString(), headers});
}

/** RFC 7523 section 3: signed with the private key, for one use within five minutes. */
async function signAssertion(oauth2: OAuth2, place: number, now: number): Promise<Result<string>> {
  const {alg, clientId, audience, tokenUrl} = oauth2;
  const keyId = secretsOf(oauth2.keyId)[place];
  const seconds = Math.floor(now / 1000);
  try {
    const jwt = await new SignJWT({jti: crypto.randomUUID()})
      .setProtectedHeader({alg, ...(keyId === undefined ? {} : {kid: keyId})})
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(audience ?? tokenUrl)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 300)
      .sign(await importPKCS8((secretsOf(oauth2.privateKey)[place] ?? '').trim(), alg));
    return ok(jwt);
  } catch {
    // jose's message may quote the key.
    return failed(misconfigured('the private key is not one for this algorithm', 'private key'));
  }
}
