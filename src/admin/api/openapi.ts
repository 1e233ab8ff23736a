import swagger, {type FastifyDynamicSwaggerOptions} from '@fastify/swagger';
import type {FastifyInstance, RouteOptions} from 'fastify';
import {jsonSchemaTransform} from 'fastify-type-provider-zod';
import {z} from 'zod';
import {tellingEmptyBodies} from './bodies.ts';
import type {Api} from './context.ts';
import {problemSchema} from './problem.ts';

const about = `Everything that an operator sees and does. Every answer that is no success is a problem of RFC 9457.

Sign in with \`Authorization: Bearer <token>\`, or with a session. Roles: viewer, operator, approver; each may do what those
before it may. Personal data is masked unless \`unmask=true\` asks for it (operators), and every unmasking and every action is audited.
Lists are paged: \`next\` of a page is the \`cursor\` of the page after it.`;

/** Collects the routes that come after it into the OpenAPI 3.1 document, which is at /api/openapi.json. */
export async function addOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {title: 'avro-scim', version, description: about, license: {name: 'Apache-2.0'}},
      components: {
        securitySchemes: {
          bearer: {type: 'http', scheme: 'bearer'},
          session: {type: 'apiKey', in: 'cookie', name: 'avro-scim-session'},
        },
        schemas: {Problem: z.toJSONSchema(problemSchema) as object},
      },
    },
    transform,
    transformObject: tellingEmptyBodies,
  });
}

/** Serves the document. */
export function openApiRoute(api: Api): void {
  api.route({
    method: 'GET',
    url: '/api/openapi.json',
    config: {role: 'open'},
    schema: {hide: true},
    handler: (_, reply) => reply.type('application/json').send(JSON.stringify(api.swagger())),
  });
}

const transform: NonNullable<FastifyDynamicSwaggerOptions['transform']> = (route) => {
  const {schema, url} = jsonSchemaTransform(route);
  if (schema.hide === true || schema.operationId === undefined) return {schema: {...schema, hide: true}, url};
  return {
    schema: {...schema, ...ofRole(route.route, schema.description), response: withProblem(schema.response)},
    url,
  };
};

/** The role that a route needs stands in its description, and apart for programs. */
function ofRole({config}: RouteOptions, description = '') {
  const role = config?.role;
  if (role === undefined || role === 'open') return {security: []};
  const told = `Role: ${role}.${description === '' ? '' : ` ${description}`}`;
  return {description: told, security: [{bearer: []}, {session: []}], 'x-role': role};
}

const problem = {
  description: 'A problem',
  content: {'application/problem+json': {schema: {$ref: '#/components/schemas/Problem'}}},
};

const withProblem = (response: unknown): object => ({
  ...(response as object),
  '4XX': problem,
  '5XX': problem,
});
