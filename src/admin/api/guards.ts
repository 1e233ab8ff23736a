import rateLimit from '@fastify/rate-limit';
import type {FastifyInstance} from 'fastify';
import {crossSite, foreignHost} from './auth/browser.ts';
import type {AuthSettings} from './auth/principal.ts';
import {refuse} from './problem.ts';

/** More at once would wait for nothing but each other. */
const mostInFlight = 64;

/** What is refused before anybody is asked who they are: other sites' pages, too much at once, too often. */
export async function addGuards(
  scope: FastifyInstance,
  {auth, requestsPerMinute}: {auth: () => AuthSettings | undefined; requestsPerMinute: number},
): Promise<void> {
  let inFlight = 0;
  // What is shown is of now, and for who has asked.
  scope.addHook('onSend', async (_, reply) => void reply.header('cache-control', 'no-store'));
  scope.addHook('onRequest', async (request, reply) => {
    const refusal = (auth() === undefined ? foreignHost(request) : undefined) ?? crossSite(request);
    if (refusal) return refuse(reply, refusal);
    if (inFlight >= mostInFlight)
      return refuse(reply, {kind: 'unavailable', detail: `More than ${mostInFlight} requests at once.`});
    inFlight += 1;
    reply.raw.once('close', () => (inFlight -= 1));
    return undefined;
  });
  await scope.register(rateLimit, {global: false});
  const limit = scope.createRateLimit({max: requestsPerMinute, timeWindow: 60_000});
  scope.addHook('onRequest', async (request, reply) => {
    const counted = await limit(request);
    if (counted.isAllowed || !counted.isExceeded) return undefined;
    void reply.header('retry-after', String(counted.ttlInSeconds));
    const detail = `More than ${requestsPerMinute} requests in a minute.`;
    return refuse(reply, {kind: 'too-many-requests', detail});
  });
}
