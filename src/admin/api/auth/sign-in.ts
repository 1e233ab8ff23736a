import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {mayAct, type Role} from '../../../core/role.ts';
import {refuse, type Refusal} from '../problem.ts';
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
    if (!signed.ok) return refuse(reply, withRole(signed.refusal, needed));
    request.principal = signed.value;
    if (needed !== undefined && mayAct(signed.value.role, needed)) return undefined;
    return refuseRole(request, reply);
  });
}

/** Who has no role at all is told which one this needs. */
const withRole = (refusal: Refusal, needed: Role | undefined): Refusal =>
  refusal.kind === 'not-allowed' && needed !== undefined ? {...refusal, role: needed} : refusal;

function refuseRole({principal, routeOptions}: FastifyRequest, reply: FastifyReply): FastifyReply {
  const {role} = routeOptions.config;
  const needed = role === 'open' || role === undefined ? 'approver' : role;
  const why =
    principal?.via === 'nobody'
      ? 'without admin.auth the API is read-only'
      : `${principal?.name ?? 'nobody'} is ${principal?.role ?? 'nothing'}`;
  return refuse(reply, {kind: 'not-allowed', detail: `This needs the role ${needed}; ${why}.`, role: needed});
}
