import type {FastifyInstance} from 'fastify';
import {refuse} from './problem.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;

/** Notes the routes that come after it; the function that it returns has their addresses answer 405 to any other method. */
export function otherMethods(scope: FastifyInstance): () => void {
  const known = new Map<string, Set<string>>();
  scope.addHook('onRoute', ({url, method}) => {
    const seen = known.get(url) ?? new Set();
    for (const one of [method].flat()) seen.add(one);
    known.set(url, seen);
  });
  return () => {
    for (const [url, seen] of [...known]) {
      const allowed = [...seen].sort();
      scope.route({
        method: methods.filter((one) => !allowed.includes(one)),
        url,
        config: {role: 'open'},
        schema: {hide: true},
        handler: (_, reply) =>
          refuse(reply.header('allow', allowed.join(', ')), {
            kind: 'method',
            detail: `Expected ${allowed.join(' or ')}.`,
          }),
      });
    }
  };
}
