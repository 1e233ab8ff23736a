import {importJWK, importPKCS8, SignJWT, type CryptoKey, type JWK} from 'jose';
import type {ConnectorContext} from '../../src/core/connector.ts';
import {noToken, secretsOf, type AccessToken} from '../../src/core/credential.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {isObject, parseJson, textOf} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {OktaConfig} from './manifest.ts';

type OAuth2 = NonNullable<OktaConfig['auth']['oauth2']>;

/** OAuth errors of the token endpoint (RFC 6749 section 5.2, RFC 9449 section 8), in words that say what to do. */
const refusals: Record<string, string> = {
  invalid_client: 'Okta refuses the client: compare clientId, the public key at the app, and keyId',
  invalid_scope: 'a scope is not granted to the app: grant it there under Okta API Scopes',
  invalid_dpop_proof: 'the app demands proof of possession (DPoP): turn it off in its General Settings',
  use_dpop_nonce: 'the app demands proof of possession (DPoP): turn it off in its General Settings',
};

const refused = (message: string, cause: string): Failure => ({kind: 'unauthorized', message, cause});

/** An access token of the org authorization server: client credentials, proved by the key at this place of the list. */
export async function requestToken(
  context: ConnectorContext<OktaConfig>,
  oauth2: OAuth2,
  place: number,
  options: CallOptions,
): Promise<Result<AccessToken>> {
  const url = new URL('/oauth2/v1/token', context.config().orgUrl);
  const assertion = await signAssertion(oauth2, place, url.href, context.now());
  if (!assertion.ok) return assertion;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    scope: oauth2.scopes.join(' '),
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion.value,
  });
  const answered = await context.send({
    method: 'POST',
    url,
    operation: 'fetch token',
    headers: {accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded'},
    body: form.toString(),
    accept: [400, 401, 403],
    ...options,
  });
  return answered.ok
    ? readToken(answered.value.status, answered.value.text)
    : failed(noToken(answered.failure, 'token endpoint'));
}

function readToken(status: number, text: string): Result<AccessToken> {
  const parsed = parseJson(text);
  const body = isObject(parsed) ? parsed : {};
  if (status >= 400) {
    const said = textOf(body['error']) ?? textOf(body['errorCode']) ?? '';
    const code = /^[A-Za-z0-9_]{1,40}$/.test(said) ? said : 'unknown';
    const message = refusals[code] ?? 'the token endpoint refuses the client';
    return failed({...refused(message, `token ${status} ${code}`), status});
  }
  const token = textOf(body['access_token']);
  if (token === undefined)
    return failed({kind: 'transient', message: 'the token endpoint gave no token', cause: 'token missing'});
  const seconds = Number(body['expires_in'] ?? Number.NaN);
  return ok({header: `Bearer ${token}`, lifeMs: (seconds > 0 ? seconds : 3600) * 1000});
}

/** RFC 7523 section 3: for one use, within five minutes (Okta takes an hour at most). */
async function signAssertion(
  oauth2: OAuth2,
  place: number,
  audience: string,
  now: number,
): Promise<Result<string>> {
  const {privateKey, keyId, alg, clientId} = oauth2;
  const seconds = Math.floor(now / 1000);
  try {
    const {key, kid} = await importKey((secretsOf(privateKey)[place] ?? '').trim(), alg);
    const id = secretsOf(keyId)[place] ?? kid;
    const jwt = await new SignJWT({jti: crypto.randomUUID()})
      .setProtectedHeader({alg, ...(id === undefined ? {} : {kid: id})})
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(audience)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 300)
      .sign(key);
    return ok(jwt);
  } catch {
    // jose's message may quote the key.
    return failed(refused('the private key is not one for this algorithm', 'private key'));
  }
}

async function importKey(
  text: string,
  alg: string,
): Promise<{key: CryptoKey | Uint8Array; kid?: string | undefined}> {
  if (!text.startsWith('{')) return {key: await importPKCS8(text, alg)};
  const jwk = JSON.parse(text) as JWK;
  return {key: await importJWK(jwk, alg), kid: jwk.kid};
}
