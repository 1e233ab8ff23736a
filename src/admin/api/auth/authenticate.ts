import type {FastifyRequest} from 'fastify';
import {refused, type Answer} from '../problem.ts';
import type {OidcVerifier} from './oidc.ts';
import type {AuthSettings, Principal} from './principal.ts';
import {sessionToken} from './session-cookie.ts';
import {findToken} from './tokens.ts';

/** Who is asking while no sign-in is configured. */
export const nobody: Principal = {name: 'nobody', role: 'viewer', via: 'nobody'};

/** Who a token is for. */
export async function signIn(
  token: string,
  {tokens = [], oidc}: AuthSettings,
  verifier: OidcVerifier,
): Promise<Answer<Principal>> {
  const found = findToken(tokens, token);
  if (found) return {ok: true, value: found};
  if (oidc && token.split('.').length === 3) return verifier.verify(token, oidc);
  return refused({kind: 'not-signed-in', detail: 'The token is not known here.'});
}

/** Who asks, by the header `Authorization: Bearer`, else by the session's cookie. */
export async function authenticate(
  request: FastifyRequest,
  settings: AuthSettings | undefined,
  verifier: OidcVerifier,
): Promise<Answer<Principal>> {
  if (settings === undefined) return {ok: true, value: nobody};
  const {authorization, cookie} = request.headers;
  const token = authorization === undefined ? sessionToken(cookie) : bearerOf(authorization);
  if (token === undefined || token === '')
    return refused({
      kind: 'not-signed-in',
      detail: 'Expected the header `Authorization: Bearer …`, or a session.',
    });
  return signIn(token, settings, verifier);
}

const bearerOf = (header: string): string | undefined => /^Bearer +([^\s]+) *$/i.exec(header)?.[1];
