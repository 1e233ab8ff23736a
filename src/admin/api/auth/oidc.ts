import {createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey} from 'jose';
import {z} from 'zod';
import {roles} from '../../../core/role.ts';
import {refused, type Answer} from '../problem.ts';
import type {OidcSettings, Principal} from './principal.ts';

/** Signatures with a public key alone: with a shared one (HS…) whoever can check a token could make one. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

const timeoutMs = 5000;
/** A provider that does not answer is not asked for each token anew. */
const askAgainMs = 10_000;
/** Nor is it asked for its keys more often because of tokens whose key nobody knows. */
const cooldownMs = 10_000;
const clockToleranceSeconds = 60;
const longestName = 255;

const metadata = z.object({issuer: z.string(), jwks_uri: z.url({protocol: /^https?$/})});

/** Checks JWTs of one OpenID provider (OpenID Connect Discovery 1.0, RFC 7519, RFC 8725). */
export interface OidcVerifier {
  verify(jwt: string, settings: OidcSettings): Promise<Answer<Principal>>;
}

interface Keys {
  issuer: string;
  get: Promise<JWTVerifyGetKey>;
  failedAt?: number;
}

/** Its keys are fetched when the first JWT comes, and again when one is signed with a key that is new. */
export function createOidcVerifier(options: {now?: () => number; cooldownMs?: number} = {}): OidcVerifier {
  const {now = Date.now, cooldownMs: coolMs = cooldownMs} = options;
  let keys: Keys | undefined;
  const keysOf = (issuer: string): Promise<JWTVerifyGetKey> => {
    const isStale = keys?.failedAt !== undefined && now() - keys.failedAt >= askAgainMs;
    if (keys?.issuer === issuer && !isStale) return keys.get;
    const asked: Keys = {issuer, get: discover(issuer, coolMs)};
    keys = asked;
    asked.get.catch(() => (asked.failedAt = now()));
    return asked.get;
  };
  return {
    async verify(jwt, settings) {
      let getKey: JWTVerifyGetKey;
      try {
        getKey = await keysOf(settings.issuer);
      } catch {
        return awayOf(settings.issuer);
      }
      try {
        const {issuer, audience} = settings;
        const {payload} = await jwtVerify(jwt, getKey, {
          ...{issuer, audience, algorithms, clockTolerance: clockToleranceSeconds},
          currentDate: new Date(now()),
          requiredClaims: ['exp', 'sub'],
        });
        return principalOf(payload, settings);
      } catch (error) {
        return isTokensFault(error) ? refused(wrongToken(error)) : awayOf(settings.issuer);
      }
    },
  };
}

async function discover(issuer: string, cooldownDuration: number): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, {redirect: 'error', signal: AbortSignal.timeout(timeoutMs)});
  if (!response.ok) throw new Error(`discovery was answered ${response.status}`);
  const found = metadata.parse(await response.json());
  if (found.issuer !== issuer) throw new Error('the discovery document is of another issuer');
  const keys = new URL(found.jwks_uri);
  // Whoever could change the keys on their way could sign for anybody.
  if (new URL(issuer).protocol === 'https:' && keys.protocol !== 'https:')
    throw new Error('the discovery document names keys without TLS');
  return createRemoteJWKSet(keys, {timeoutDuration: timeoutMs, cooldownDuration});
}

const awayOf = (issuer: string) =>
  refused({
    kind: 'unavailable',
    service: 'oidc',
    detail: `The OpenID provider ${issuer} does not answer with its keys; a token of the file signs in meanwhile.`,
  });

/** What is wrong with the token itself; that the keys can not be fetched is not its fault. */
const isTokensFault = (error: unknown): error is errors.JOSEError =>
  error instanceof errors.JOSEError &&
  !(error instanceof errors.JWKSTimeout) &&
  !(error instanceof errors.JWKSInvalid) &&
  error.code !== 'ERR_JOSE_GENERIC';

const wrongToken = (error: errors.JOSEError) => {
  const detail =
    error instanceof errors.JWTExpired
      ? 'The token has expired.'
      : error instanceof errors.JWTClaimValidationFailed
        ? `The token is not for this API: its claim ${error.claim} is not as expected.`
        : 'The token is not one of the OpenID provider.';
  return {kind: 'not-signed-in', detail} as const;
};

function principalOf(payload: JWTPayload, settings: OidcSettings): Answer<Principal> {
  const {roleClaim} = settings;
  const role = roles.findLast((one) =>
    valuesAt(payload, roleClaim).some((value) => roleOf(value, settings) === one),
  );
  const {sub} = payload;
  if (typeof sub !== 'string' || sub === '' || sub.length > longestName)
    return refused({kind: 'not-signed-in', detail: 'The token says not in `sub` whom it is for.'});
  if (role === undefined)
    return refused({
      kind: 'not-allowed',
      detail: `The token is good, and gives no role: no value of its claim ${roleClaim} stands in admin.auth.oidc.roles.`,
      role: 'viewer',
    });
  return {ok: true, value: {name: sub, role, via: 'oidc'}};
}

const roleOf = (value: string, settings: OidcSettings) =>
  Object.hasOwn(settings.roles, value) ? settings.roles[value] : undefined;

/** A claim's texts: by its whole name, as those that are addresses have dots, else by the way that dots tell. */
function valuesAt(payload: JWTPayload, claim: string): string[] {
  const found = Object.hasOwn(payload, claim)
    ? payload[claim]
    : claim
        .split('.')
        .reduce<unknown>(
          (at, part) => (isRecord(at) && Object.hasOwn(at, part) ? at[part] : undefined),
          payload,
        );
  return [found].flat().filter((value) => typeof value === 'string');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
