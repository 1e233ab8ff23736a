import {decodeJwt, importPKCS8, SignJWT} from 'jose';
import type {ConnectorContext} from '../../src/core/connector.ts';
import {createTokenKeeper, noToken, type AccessToken, type Authorizer} from '../../src/core/credential.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {jsonObject} from './errors.ts';
import type {ScimAuth, ScimConfig} from './manifest.ts';

type OAuth2 = NonNullable<ScimAuth['oauth2']>;

/** Bearer, basic, or an OAuth 2.0 token (RFC 6749 section 4.4) that is fetched once for all who wait for it. */
export function createAuthorizer(context: ConnectorContext<ScimConfig>): Authorizer {
  const kept = createTokenKeeper(context.now);
  return {
    async header(options) {
      const {bearer, basic, oauth2} = context.config().auth;
      if (bearer !== undefined) return ok(`Bearer ${bearer.trim()}`);
      if (basic) return ok(basicHeader(basic.username, basic.password));
      if (!oauth2) return failed(misconfigured('no credential in the config', 'no credential'));
      return kept.header(JSON.stringify(oauth2), async () => {
        const fetched = await requestToken(context, oauth2, options);
        if (fetched.ok) context.log.debug({target: context.target}, 'access token fetched');
        return fetched;
      });
    },
    refuse: (header) => kept.refuse(header),
  };
}

/** When a bearer token that is a JWT was made and when it ends, in ms since the epoch; nothing for any other. */
export function bearerTimes(auth: ScimAuth): {credentialCreatedAt?: number; credentialExpiresAt?: number} {
  if (auth.bearer?.split('.').length !== 3) return {};
  try {
    const {iat, exp} = decodeJwt(auth.bearer.trim());
    return {
      ...(iat === undefined ? {} : {credentialCreatedAt: iat * 1000}),
      ...(exp === undefined ? {} : {credentialExpiresAt: exp * 1000}),
    };
  } catch {
    // Three parts and no JWT: an opaque token that happens to hold dots.
    return {};
  }
}

const basicHeader = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const misconfigured = (message: string, cause: string): Failure => ({kind: 'unauthorized', message, cause});

async function requestToken(
  context: ConnectorContext<ScimConfig>,
  oauth2: OAuth2,
  options: CallOptions,
): Promise<Result<AccessToken>> {
  const form = await tokenForm(oauth2, context.now());
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
  now: number,
): Promise<Result<{body: string; headers: Record<string, string>}>> {
  const {clientId, clientSecret, clientSecretIn, scope} = oauth2;
  const form = new URLSearchParams({grant_type: 'client_credentials'});
  if (scope !== undefined) form.set('scope', scope);
  const headers: Record<string, string> = {};
  if (clientSecret === undefined) {
    const assertion = await signAssertion(oauth2, now);
    if (!assertion.ok) return assertion;
    form.set('client_id', clientId);
    form.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    form.set('client_assertion', assertion.value);
  } else if (clientSecretIn === 'body') {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  } else {
    headers['authorization'] = basicHeader(encodeURIComponent(clientId), encodeURIComponent(clientSecret));
  }
  return ok({body: form.toString(), headers});
}

/** RFC 7523 section 3: signed with the private key, for one use within five minutes. */
async function signAssertion(oauth2: OAuth2, now: number): Promise<Result<string>> {
  const {privateKey = '', alg, keyId, clientId, audience, tokenUrl} = oauth2;
  const seconds = Math.floor(now / 1000);
  try {
    const jwt = await new SignJWT({jti: crypto.randomUUID()})
      .setProtectedHeader({alg, ...(keyId === undefined ? {} : {kid: keyId})})
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(audience ?? tokenUrl)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 300)
      .sign(await importPKCS8(privateKey, alg));
    return ok(jwt);
  } catch {
    // jose's message may quote the key.
    return failed(misconfigured('the private key is not one for this algorithm', 'private key'));
  }
}
