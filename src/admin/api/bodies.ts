import type {FastifyDynamicSwaggerOptions} from '@fastify/swagger';
import type {FastifyInstance} from 'fastify';

/** What is sent without a body, and says of none what it would be, counts as `{}`: an action whose fields may all be absent needs none. */
export function addEmptyBodies(scope: FastifyInstance): void {
  scope.addHook('preValidation', (request, _, done) => {
    const {method, headers, body} = request;
    if (method === 'POST' && headers['content-type'] === undefined) request.body = body ?? {};
    done();
  });
}

type TransformObject = NonNullable<FastifyDynamicSwaggerOptions['transformObject']>;
interface Body {
  required?: boolean;
  content: {'application/json'?: {schema: {type?: string; required?: readonly string[]}}};
}

/** Says of each such body that it may be absent. */
export const tellingEmptyBodies: TransformObject = (documented) => {
  if (!('openapiObject' in documented)) return documented.swaggerObject;
  const {openapiObject} = documented;
  for (const path of Object.values(openapiObject.paths ?? {})) {
    const body = path?.post?.requestBody as Body | undefined;
    const schema = body?.content['application/json']?.schema;
    if (body && schema?.type === 'object' && (schema.required ?? []).length === 0) body.required = false;
  }
  return openapiObject;
};
