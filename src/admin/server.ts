import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {GateState} from './metrics.ts';

/** Whether the program can do its work: each service it needs, and each target's gate. */
export interface Readiness {
  /** Kafka, registry, Redis: `detail` says in words why one is down. */
  dependencies: Record<string, {up: boolean; detail?: string}>;
  /** A shut gate does not make the program unready: its backlog waits in Kafka. */
  targets: Record<string, {gate: GateState; detail?: string}>;
}

export interface AdminOptions {
  host: string;
  port: number;
  readiness: () => Readiness;
  /** Prometheus text. */
  metrics: () => Promise<string>;
}

export interface Admin {
  /** Rejects when the address can not be had. */
  listen(): Promise<void>;
  close(): Promise<void>;
  /** `http://host:port` once it listens. */
  address(): string;
}

type Answer = {status: number; type: string; body: string};

/** Health and metrics: GET /livez, /readyz, /metrics. */
export const createAdmin = (options: AdminOptions): Admin => {
  const server = createServer((request, response) => void respond(request, response, options));
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject).listen(options.port, options.host, () => {
          server.off('error', reject);
          resolve();
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    address: () => {
      const at = server.address();
      if (at === null || typeof at === 'string') return '';
      return `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`;
    },
  };
};

const respond = async (
  request: IncomingMessage,
  response: ServerResponse,
  options: AdminOptions,
): Promise<void> => {
  // An answer that can not be given must not end the process.
  const {status, type, body} = await answer(request, options).catch(() =>
    json(500, {error: 'an unexpected exception'}),
  );
  const headers = {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  };
  response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body);
};

const answer = async (
  {method, url}: IncomingMessage,
  {readiness, metrics}: AdminOptions,
): Promise<Answer> => {
  if (method !== 'GET' && method !== 'HEAD') return json(405, {error: 'expected GET'});
  const path = (url ?? '').split('?')[0];
  if (path === '/livez') return json(200, {status: 'alive'});
  if (path === '/readyz') {
    const state = readiness();
    const isReady = Object.values(state.dependencies).every(({up}) => up);
    return json(isReady ? 200 : 503, {status: isReady ? 'ready' : 'not ready', ...state});
  }
  if (path !== '/metrics') return json(404, {error: 'expected /livez, /readyz or /metrics'});
  try {
    return {status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: await metrics()};
  } catch {
    return json(500, {error: 'the metrics could not be gathered'});
  }
};

const json = (status: number, value: unknown): Answer => ({
  status,
  type: 'application/json',
  body: `${JSON.stringify(value)}\n`,
});
