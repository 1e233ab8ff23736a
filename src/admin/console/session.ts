import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {authenticate, signIn} from '../api/auth/authenticate.ts';
import {hostName, isLoopback} from '../api/auth/browser.ts';
import type {OidcVerifier} from '../api/auth/oidc.ts';
import type {AuthSettings} from '../api/auth/principal.ts';
import {fitsCookie, sessionToken, setCookie} from '../api/auth/session-cookie.ts';
import type {Refusal} from '../api/problem.ts';
import {address} from './html.ts';
import {fieldsOf} from './fields.ts';
import {signInView} from './pages/sign-in.ts';
import type {View} from './view.ts';

/** Sends a page to who is signed in, or is not. */
export type Send = (request: FastifyRequest, reply: FastifyReply, view: View) => FastifyReply;

export interface SessionParts {
  auth: () => AuthSettings | undefined;
  verifier: OidcVerifier;
  send: Send;
}

/** Signing in and out: the API's session, by forms. */
export function addSession(app: FastifyInstance, {auth, verifier, send}: SessionParts): void {
  app.get('/sign-in', {config: {role: 'open'}}, (request, reply) =>
    auth() ? send(request, reply, signInView(nextOf(request))) : reply.redirect('/', 303),
  );
  app.post('/sign-in', {config: {role: 'open'}}, async (request, reply) => {
    const settings = auth();
    if (settings === undefined) return reply.redirect('/', 303);
    const {token = ''} = fieldsOf(request.body);
    const signed = await signIn(token, settings, verifier);
    const next = nextOf(request);
    if (!signed.ok) return send(request, reply, signInView(next, signed.refusal));
    if (!fitsCookie(token)) return send(request, reply, signInView(next, unfit));
    return reply.header('set-cookie', setCookie(token, {isSecure: isSecure(request)})).redirect(next, 303);
  });
  app.post('/sign-out', {config: {role: 'open'}}, (request, reply) =>
    reply.header('set-cookie', setCookie('', {isSecure: isSecure(request)})).redirect('/sign-in', 303),
  );
}

const unfit: Refusal = {
  kind: 'bad-request',
  detail: 'The token has characters that can not stand in a cookie.',
};

/** Anywhere but on this machine a session travels over TLS alone; who ends the TLS is not known here. */
const isSecure = ({headers}: FastifyRequest): boolean => !isLoopback(hostName(headers.host));

/** Where to go from here: a place of the console, whatever the address says. */
function nextOf({query, body}: FastifyRequest): string {
  const {next = '/'} = fieldsOf(query, body);
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(next) && !next.startsWith('/sign-') ? next : '/';
}

/** Before each page: who looks. Who is not signed in is asked to, and then led on. */
export function addSignInFirst(app: FastifyInstance, {auth, verifier, send}: SessionParts): void {
  app.decorateRequest('principal', null);
  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.config.role === 'open') return undefined;
    const signed = await authenticate(request, auth(), verifier);
    if (signed.ok) {
      request.principal = signed.value;
      return undefined;
    }
    const isFirst = sessionToken(request.headers.cookie) === undefined && request.method === 'GET';
    if (isFirst) return reply.redirect(address('/sign-in', {next: request.url}), 303);
    return send(request, reply, signInView(request.method === 'GET' ? request.url : '/', signed.refusal));
  });
}
