import {jwtVerify, type CryptoKey} from 'jose';
import {badCredentials, notAccessible, notFound, refusal, scimRefusal, type Reply} from './replies.ts';

export interface Credentials {
  /** Tokens (classic) that are good now, with their scopes. */
  tokens: Map<string, readonly string[]>;
  app: {id: string; installationId: number; keys: CryptoKey[]};
  /** Installation tokens that were given out, with when they end, in ms. */
  installationTokens: Map<string, number>;
  /** What the App was let do by the organization. */
  permissions: Record<string, string>;
  /** When the tokens (classic) end, as the header says it. */
  expires?: string;
}

export const newCredentials = (): Credentials => ({
  tokens: new Map(),
  app: {id: 'Iv1.contract', installationId: 7, keys: []},
  installationTokens: new Map(),
  permissions: {
    members: 'write',
    organization_administration: 'write',
    organization_personal_access_tokens: 'write',
  },
});

/** POST /app/installations/{id}/access_tokens, for a JWT of the App. */
export async function giveToken(
  {app, installationTokens, permissions}: Credentials,
  header: string | undefined,
  installationId: string,
  now: number,
): Promise<Reply> {
  const jwt = header?.split(' ')[1] ?? '';
  const verified = await Promise.any(
    app.keys.map((key) =>
      jwtVerify(jwt, key, {algorithms: ['RS256'], issuer: app.id, currentDate: new Date(now)}),
    ),
  ).catch(() => undefined);
  if (!verified) return refusal(401, 'A JSON web token could not be decoded');
  const {iat = Infinity, exp = Infinity} = verified.payload;
  if (exp > now / 1000 + 600) return refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  if (iat > now / 1000)
    return refusal(401, "'Issued at' claim ('iat') must be an Integer representing the time");
  if (installationId !== String(app.installationId)) return notFound();
  const token = `ghs_${crypto.randomUUID()}`;
  const endsAt = Math.floor(now / 1000) * 1000 + 3_600_000;
  installationTokens.set(token, endsAt);
  return {status: 201, body: {token, expires_at: new Date(endsAt).toISOString(), permissions}};
}

const appsOnly = ['orgs/list-pat-grants', 'orgs/update-pat-access'];
/** Enabled for no App by the document. */
const tokensOnly = ['teams/link-external-idp-group-to-team-for-org'];

/** The scopes of which one is enough; an operation that is not here needs admin:org. */
function scopesFor(operation: string, path: string): string[] {
  if (path.startsWith('/scim/v2/enterprises/')) return ['scim:enterprise', 'admin:enterprise'];
  return path.startsWith('/enterprises/') ? ['admin:enterprise'] : ['admin:org'];
}

/** An organization's SCIM has a form of its own for what is not there (the document's `scim_not_found`). */
export const nothingAt = (path: string): Reply =>
  path.startsWith('/scim/v2/organizations/') ? scimRefusal(404, 'Resource not found.') : notFound();

/** As whom a request is made; a refusal where it may not be. */
export function access(
  credentials: Credentials,
  header: string | undefined,
  {id, path}: {id: string; path: string},
  now: number,
): {scopes?: readonly string[]} | Reply {
  const token = header?.split(' ')[1] ?? '';
  const scopes = credentials.tokens.get(token);
  if (scopes) {
    if (appsOnly.includes(id)) return notAccessible('personal access token');
    const isHeld = scopesFor(id, path).some((scope) => scopes.includes(scope));
    // What a token may not see is not there.
    return isHeld || id === 'graphql' ? {scopes} : nothingAt(path);
  }
  if ((credentials.installationTokens.get(token) ?? 0) <= now) return badCredentials();
  return tokensOnly.includes(id) ? notAccessible('integration') : {};
}
