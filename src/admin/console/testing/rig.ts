import type {FastifyInstance} from 'fastify';
import type {Role} from '../../../core/role.ts';
import {hashToken} from '../../../core/token-lines.ts';
import type {ApiPorts} from '../../api/ports.ts';
import type {AuthSettings} from '../../api/auth/principal.ts';
import {fakePorts, tokenOf, type Call} from '../../api/testing/rig.ts';
import {createServer} from '../../server.ts';
import {silent} from '../../testing/log.ts';
import {csrfOf} from '../csrf.ts';
import {createHistory} from '../history.ts';
import type {ConsolePorts} from '../ports.ts';

/** Ports that know a subject that still has access. */
export const fakeConsolePorts = (): ConsolePorts => ({
  standings: () =>
    Promise.resolve({
      ok: true,
      value: [
        {
          ...{target: 'wiki', isGroup: false},
          standing: {
            access: 'yes',
            isLate: true,
            why: 'its cut-off needs a person',
            next: 'nothing by itself',
          },
        },
      ],
    }),
  outlook: () => Promise.resolve({ok: true, value: {advice: 'Correct it.', does: 'cut off', reason: 'left'}}),
});

export interface ConsoleRig {
  app: FastifyInstance;
  calls: Call[];
  errors: object[];
  /** Reads a page as a role, or as nobody. */
  get: (url: string, role?: Role) => Promise<Shown>;
  /** Sends a form of that role's session. */
  post: (url: string, fields: Readonly<Record<string, string>>, role?: Role) => Promise<Shown>;
}

interface Shown {
  status: number;
  text: string;
  headers: Readonly<Record<string, unknown>>;
}

export interface ConsoleRigOptions {
  /** `null` for none. */
  auth?: AuthSettings | null;
  host?: string;
  api?: (calls: Call[]) => Partial<ApiPorts>;
  own?: () => Partial<ConsolePorts>;
  metrics?: string;
}

const entries = (['viewer', 'operator', 'approver'] as const).map((role) => ({
  ...{name: `the ${role}`, role, sha256: hashToken(tokenOf(role))},
}));

/** The server with the console over fake ports. */
export async function consoleRig(options: ConsoleRigOptions = {}): Promise<ConsoleRig> {
  const {auth = {tokens: entries}, host = '127.0.0.1', api, own, metrics = ''} = options;
  const calls: Call[] = [];
  const log = silent();
  const history = createHistory({metrics: () => Promise.resolve(metrics)});
  const app = createServer({
    ...{host, port: 0, log},
    readiness: () => ({dependencies: {}, targets: {}}),
    metrics: () => Promise.resolve(metrics),
    api: {
      ports: {...fakePorts(calls), ...api?.(calls)},
      ...{version: '0.0.0', requestsPerMinute: 1000, auth: () => auth ?? undefined},
    },
    console: {ports: {...fakeConsolePorts(), ...own?.()}, history},
  });
  await app.ready();
  const cookie = (role?: Role) => (role ? {cookie: `avro-scim-session=${tokenOf(role)}`} : {});
  const told = ({statusCode, body, headers}: Awaited<ReturnType<typeof app.inject>>): Shown => ({
    ...{status: statusCode, text: body, headers},
  });
  return {
    ...{app, calls, errors: log.errors},
    get: async (url, role) => told(await app.inject({url, headers: {host: 'localhost', ...cookie(role)}})),
    post: async (url, fields, role) =>
      told(
        await app.inject({
          ...{method: 'POST', url},
          headers: {
            ...{host: 'localhost', 'content-type': 'application/x-www-form-urlencoded', ...cookie(role)},
          },
          payload: new URLSearchParams({csrf: csrfOf(role && tokenOf(role)), ...fields}).toString(),
        }),
      ),
  };
}
