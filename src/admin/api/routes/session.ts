import type {FastifyRequest} from 'fastify';
import {z} from 'zod';
import {roles} from '../../../core/role.ts';
import {hostName, isLoopback} from '../auth/browser.ts';
import {signIn} from '../auth/authenticate.ts';
import type {OidcVerifier} from '../auth/oidc.ts';
import type {AuthSettings} from '../auth/principal.ts';
import {fitsCookie, longestSessionToken, setCookie} from '../auth/session-cookie.ts';
import {principalOf, type Api} from '../context.ts';
import {refuse} from '../problem.ts';

const whoSchema = z.object({name: z.string(), role: z.enum(roles), via: z.enum(['token', 'oidc', 'nobody'])});

/** A browser's session: the token in a cookie. */
export function sessionRoutes(api: Api, auth: () => AuthSettings | undefined, verifier: OidcVerifier): void {
  api.route({
    method: 'GET',
    url: '/session',
    config: {role: 'viewer'},
    schema: {operationId: 'readSession', summary: 'Who I am, and what I may do', response: {200: whoSchema}},
    handler: (request) => principalOf(request),
  });
  addBegin(api, auth, verifier);
  api.route({
    method: 'DELETE',
    url: '/session',
    config: {role: 'open'},
    schema: {operationId: 'endSession', summary: 'Sign a browser out', response: {204: z.null()}},
    handler: async (request, reply) =>
      reply
        .header('set-cookie', setCookie('', {isSecure: isSecure(request)}))
        .code(204)
        .send(null),
  });
}

function addBegin(api: Api, auth: () => AuthSettings | undefined, verifier: OidcVerifier): void {
  api.route({
    method: 'POST',
    url: '/session',
    config: {role: 'open'},
    schema: {
      operationId: 'beginSession',
      summary: 'Sign a browser in: the token is kept in a cookie that no script can read',
      body: z.strictObject({token: z.string().min(1).max(longestSessionToken)}),
      response: {200: whoSchema},
    },
    handler: async (request, reply) => {
      const settings = auth();
      if (settings === undefined)
        return refuse(reply, {
          kind: 'wrong-state',
          state: 'no admin.auth',
          detail: 'Nobody signs in here: admin.auth is not set.',
        });
      const {token} = request.body;
      const signed = await signIn(token, settings, verifier);
      if (!signed.ok) return refuse(reply, signed.refusal);
      if (!fitsCookie(token))
        return refuse(reply, {
          kind: 'bad-request',
          detail: 'The token has characters that can not stand in a cookie.',
        });
      void reply.header('set-cookie', setCookie(token, {isSecure: isSecure(request)}));
      return signed.value;
    },
  });
}

/** Anywhere but on this machine a session travels over TLS alone; who ends the TLS is not known here. */
const isSecure = ({headers}: FastifyRequest): boolean => !isLoopback(hostName(headers.host));
