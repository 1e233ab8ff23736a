import {jwtVerify, type CryptoKey} from 'jose';
import type {Operation} from './openapi.ts';
import {badToken, forbidden, type Reply} from './refusals.ts';

export interface Credentials {
  /** API tokens that are good now. */
  tokens: Set<string>;
  client: {id: string; keys: Map<string, CryptoKey>; grantedScopes: string[]; demandsDpop: boolean};
  /** Access tokens that were given out, with their scopes. */
  accessTokens: Map<string, string[]>;
  usedAssertions: Set<string>;
}

/** An error of the token endpoint (RFC 6749 section 5.2). */
const oauthError = (status: number, error: string, description: string): Reply => ({
  status,
  body: {error, error_description: description},
});

/** POST /oauth2/v1/token: client credentials with private_key_jwt alone, as Okta demands it for its own scopes. */
export async function giveToken(
  credentials: Credentials,
  form: URLSearchParams,
  audience: string,
): Promise<Reply> {
  const {client, usedAssertions, accessTokens} = credentials;
  if (form.get('grant_type') !== 'client_credentials')
    return oauthError(400, 'unsupported_grant_type', 'not allowed');
  if (form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    return oauthError(401, 'invalid_client', 'Client authentication failed.');
  try {
    const {payload} = await jwtVerify(
      form.get('client_assertion') ?? '',
      ({kid}) => {
        const key = client.keys.get(kid ?? '');
        if (!key) throw new Error('no such key');
        return key;
      },
      {audience, issuer: client.id, subject: client.id, requiredClaims: ['exp', 'jti']},
    );
    if ((payload.exp ?? 0) > Date.now() / 1000 + 3600) throw new Error('lives too long');
    if (usedAssertions.has(payload.jti ?? '')) throw new Error('used before');
    usedAssertions.add(payload.jti ?? '');
  } catch {
    return oauthError(401, 'invalid_client', 'The client_assertion token is not valid.');
  }
  if (client.demandsDpop)
    return oauthError(400, 'invalid_dpop_proof', 'The DPoP proof JWT header is missing.');
  const scopes = (form.get('scope') ?? '').split(' ');
  if (scopes.some((scope) => !client.grantedScopes.includes(scope)))
    return oauthError(400, 'invalid_scope', 'One or more scopes are not configured for the client.');
  const token = `eyJ${crypto.randomUUID()}`;
  accessTokens.set(token, scopes);
  return {
    status: 200,
    body: {token_type: 'Bearer', expires_in: 3600, access_token: token, scope: scopes.join(' ')},
  };
}

/** Nothing when the credential may do this. */
export function refuseAccess(
  credentials: Credentials,
  header: string | undefined,
  operation: Operation,
): Reply | undefined {
  const [scheme, secret = ''] = (header ?? '').split(' ');
  if (scheme === 'SSWS') return credentials.tokens.has(secret) ? undefined : badToken();
  const scopes = scheme === 'Bearer' ? credentials.accessTokens.get(secret) : undefined;
  if (!scopes) return badToken();
  // `manage` includes `read`.
  const held = scopes.flatMap((scope) => [scope, scope.replace(/\.manage$/, '.read')]);
  if (operation.scopes.some((scope) => held.includes(scope))) return undefined;
  return {...forbidden(), headers: {'www-authenticate': 'Bearer error="insufficient_scope"'}};
}
