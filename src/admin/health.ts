import type {FastifyInstance, FastifyReply} from 'fastify';
import {refuse} from './api/problem.ts';
import type {AdminOptions} from './server.ts';

/** GET /livez, /readyz and /metrics: open to whoever reaches the port, and neither counted nor made to wait for others. */
export function addHealth(app: FastifyInstance, {readiness, metrics}: AdminOptions): void {
  app.get('/livez', (_, reply) => json(reply, 200, {status: 'alive'}));
  app.get('/readyz', (_, reply) => {
    const state = readiness();
    const isReady = Object.values(state.dependencies).every(({up}) => up);
    return json(reply, isReady ? 200 : 503, {status: isReady ? 'ready' : 'not ready', ...state});
  });
  app.get('/metrics', async (_, reply) => {
    const text = await metrics().catch(() => undefined);
    if (text === undefined) return refuse(reply, {kind: 'bug', detail: 'The metrics could not be gathered.'});
    return reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(text);
  });
}

const json = (reply: FastifyReply, status: number, value: unknown): FastifyReply =>
  reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json')
    .send(`${JSON.stringify(value)}\n`);
