import type {FastifyInstance} from 'fastify';
import {serializerCompiler, validatorCompiler, type ZodTypeProvider} from 'fastify-type-provider-zod';
import {isLoopback} from './auth/browser.ts';
import {createOidcVerifier, type OidcVerifier} from './auth/oidc.ts';
import type {AuthSettings} from './auth/principal.ts';
import {addSignIn} from './auth/sign-in.ts';
import {addEmptyBodies} from './bodies.ts';
import type {Api, Routes} from './context.ts';
import {addGuards} from './guards.ts';
import {otherMethods} from './other-methods.ts';
import {addOpenApi, openApiRoute} from './openapi.ts';
import type {ApiPorts} from './ports.ts';
import {refuse, type Refusal} from './problem.ts';
import {groupRoutes} from './routes/groups.ts';
import {auditRoutes} from './routes/audit.ts';
import {holdRoutes} from './routes/holds.ts';
import {laneRoutes} from './routes/lanes.ts';
import {letterRoutes} from './routes/letters.ts';
import {sessionRoutes} from './routes/session.ts';
import {subjectRoutes} from './routes/subjects.ts';
import {targetRoutes} from './routes/targets.ts';

export interface ApiOptions {
  ports: ApiPorts;
  /** Who may sign in, as it is now; whether there is any sign-in never changes. */
  auth: () => AuthSettings | undefined;
  version: string;
  /** Of one address. */
  requestsPerMinute: number;
  verifier?: OidcVerifier;
}

/** The routes of the API, a file a concern. */
const concerns: readonly Routes[] = [
  auditRoutes,
  targetRoutes,
  subjectRoutes,
  laneRoutes,
  letterRoutes,
  groupRoutes,
  holdRoutes,
];

/**
 * The HTTP API, in a scope of its own: what it refuses, counts and waits for touches no other route of the server. Where
 * nobody signs in and others than this machine can ask, there is none.
 */
export function addApi(app: FastifyInstance, host: string, options: ApiOptions): void {
  if (options.auth() === undefined && !isLoopback(host)) {
    for (const url of ['/api/*', '/session']) app.all(url, (_, reply) => refuse(reply, off));
    return;
  }
  app.register(async (scope) => {
    const api: Api = scope.withTypeProvider<ZodTypeProvider>();
    api.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler);
    await addGuards(scope, options);
    await addOpenApi(scope, options.version);
    const refuseOthers = otherMethods(scope);
    const {auth, ports, verifier = createOidcVerifier()} = options;
    addSignIn(scope, auth, verifier);
    addEmptyBodies(scope);
    openApiRoute(api);
    sessionRoutes(api, auth, verifier);
    for (const add of concerns) add(api, ports);
    refuseOthers();
  });
}

const off: Refusal = {
  kind: 'not-allowed',
  detail: 'The API is off: set admin.auth, or let admin.host be 127.0.0.1.',
};
