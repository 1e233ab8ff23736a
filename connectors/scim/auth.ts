import {decodeJwt, importPKCS8, SignJWT} from 'jose';
import type {ConnectorContext} from '../../src/core/connector.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {jsonObject} from './errors.ts';
import type {ScimAuth, ScimConfig} from './manifest.ts';

type OAuth2 = NonNullable<ScimAuth['oauth2']>;

export interface Authorizer {
  /** The `authorization` header as the config is now. */
  header(options: CallOptions): Promise<Result<string>>;
  /** The target refused this header: a token that was fetched is not used again. */
  refuse(header: string): void;
}

interface Token {
  /** The config that it was fetched with: changed credentials need another. */
  madeFrom: string;
  header: string;
  refreshAt: number;
}

/** A token is fetched again when a tenth of its life, at most a minute, is left. */
const refreshAheadMs = 60_000;

/** Bearer, basic, or an OAuth 2.0 token (RFC 6749 section 4.4) that is fetched once for all who wait for it. */
export function createAuthorizer(context: ConnectorContext<ScimConfig>): Authorizer {
  let token: Token | undefined;
  let pending: {madeFrom: string; result: Promise<Result<string>>} | undefined;

  async function fetchToken(oauth2: OAuth2, madeFrom: string, options: CallOptions): Promise<Result<string>> {
    const answered = await requestToken(context, oauth2, options);
    if (!answered.ok) return answered;
    const {header, lifeMs} = answered.value;
    const refreshAt = context.now() + lifeMs - Math.min(lifeMs / 10, refreshAheadMs);
    token = {madeFrom, header, refreshAt};
    context.log.debug({target: context.target}, 'access token fetched');
    return ok(header);
  }

  return {
    async header(options) {
      const {bearer, basic, oauth2} = context.config().auth;
      if (bearer !== undefined) return ok(`Bearer ${bearer.trim()}`);
      if (basic) return ok(basicHeader(basic.username, basic.password));
      if (!oauth2) return failed(misconfigured('no credential in the config', 'no credential'));
      const madeFrom = JSON.stringify(oauth2);
      if (token?.madeFrom === madeFrom && context.now() < token.refreshAt) return ok(token.header);
      if (pending?.madeFrom !== madeFrom) {
        const result = fetchToken(oauth2, madeFrom, options).finally(() => {
          if (pending?.result === result) pending = undefined;
        });
        pending = {madeFrom, result};
      }
      return pending.result;
    },
    refuse(header) {
      if (token?.header === header) token = undefined;
    },
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
): Promise<Result<{header: string; lifeMs: number}>> {
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
  if (!answered.ok) {
    const {kind, message, cause, status, retryAfterMs} = answered.failure;
    // Not its exchange, which is made of credentials; nor `maybeDone`: no change hangs on a token.
    return failed({
      kind,
      message: `token endpoint: ${message}`,
      cause: `token ${cause}`,
      ...(status === undefined ? {} : {status}),
      ...(retryAfterMs === undefined ? {} : {retryAfterMs}),
    });
  }
  return readToken(answered.value.status, answered.value.text);
}

function readToken(status: number, text: string): Result<{header: string; lifeMs: number}> {
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
