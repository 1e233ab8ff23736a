import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {mayAct} from '../../../core/role.ts';
import {refuse} from '../problem.ts';
import {authenticate} from './authenticate.ts';
import type {OidcVerifier} from './oidc.ts';
import type {AuthSettings} from './principal.ts';

/** Before each handler: who asks, and whether their role is enough. A route that names no role can not be added. */
export function addSignIn(
  scope: FastifyInstance,
  auth: () => AuthSettings | undefined,
  verifier: OidcVerifier,
): void {
  scope.decorateRequest('principal', null);
  scope.addHook('onRoute', ({url, config}) => {
    if (config?.role === undefined) throw new Error(`the route ${url} says not which role it needs`);
  });
  scope.addHook('onRequest', async (request, reply) => {
    const needed = request.routeOptions.config.role;
    if (needed === 'open') return undefined;
    const signed = await authenticate(request, auth(), verifier);
    if (!signed.ok) return refuse(reply, signed.refusal);
    request.principal = signed.value;
    if (needed !== undefined && mayAct(signed.value.role, needed)) return undefined;
    return refuseRole(request, reply);
  });
}

function refuseRole({principal, routeOptions}: FastifyRequest, reply: FastifyReply): FastifyReply {
  const {role} = routeOptions.config;
  const needed = role === 'open' || role === undefined ? 'approver' : role;
  const why =
    principal?.via === 'nobody'
      ? 'without admin.auth the API is read-only'
      : `${principal?.name ?? 'nobody'} is ${principal?.role ?? 'nothing'}`;
  return refuse(reply, {kind: 'not-allowed', detail: `This needs the role ${needed}; ${why}.`, role: needed});
}
