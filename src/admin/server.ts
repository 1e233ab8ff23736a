import helmet from '@fastify/helmet';
import fastify, {type FastifyInstance} from 'fastify';
import type {Logger} from '../core/connector.ts';
import {addErrors, tell, tellClient} from './api/errors.ts';
import {createOidcVerifier} from './api/auth/oidc.ts';
import {addApi, type ApiOptions} from './api/index.ts';
import {otherMethods} from './api/other-methods.ts';
import {addConsole, type ConsoleOptions} from './console/index.ts';
import {addHealth} from './health.ts';
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
  log: Logger;
  /** Absent: health and metrics alone. */
  api?: ApiOptions;
  /** Pages over the API. */
  console?: ConsoleOptions;
}

export interface Admin {
  /** Rejects when the address can not be had. */
  listen(): Promise<void>;
  close(): Promise<void>;
  /** `http://host:port` once it listens. */
  address(): string;
}

const bodyLimit = 256 * 1024;
/** For a whole request to come in. */
const requestTimeoutMs = 10_000;
const idleMs = 30_000;
/** Ids stand in addresses, percent-encoded: twelve characters for one of the longest. */
const maxParamLength = 12 * 1024;

/** Health, metrics, the API and the console. */
export const createAdmin = (options: AdminOptions): Admin => {
  const app = createServer(options);
  return {
    listen: async () => {
      await app.listen({host: options.host, port: options.port});
    },
    close: () => app.close(),
    address: () => {
      const at = app.server.address();
      if (at === null || typeof at === 'string') return '';
      return `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`;
    },
  };
};

/** The server, not listening yet. */
export function createServer(options: AdminOptions): FastifyInstance {
  const {log} = options;
  const app = fastify({
    bodyLimit,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: idleMs,
    keepAliveTimeout: idleMs,
    forceCloseConnections: true,
    routerOptions: {maxParamLength},
    clientErrorHandler: tellClient,
    frameworkErrors: (error, request, reply) => void tell(error, request, reply, log),
  });
  app.register(helmet, {
    // Whoever ends the TLS in front of it says for how long a name is to be asked over TLS alone.
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: {policy: 'no-referrer'},
  });
  addErrors(app, log);
  app.register((scope, _, done) => {
    const refuseOthers = otherMethods(scope);
    addHealth(scope, options);
    refuseOthers();
    done();
  });
  addParts(app, options);
  return app;
}

/** The API, and the pages over it; who signs in is known to both. */
function addParts(app: FastifyInstance, {host, api, console: pages}: AdminOptions): void {
  if (!api) return;
  const shared = {verifier: createOidcVerifier(), ...api};
  addApi(app, host, shared);
  if (pages) addConsole(app, host, {...pages, api: shared});
}
