import {Agent as HttpAgent} from 'node:http';
import {Agent as HttpsAgent, type AgentOptions as TlsOptions} from 'node:https';
import {COMPATIBILITY, SchemaRegistry, SchemaType} from '@kafkajs/confluent-schema-registry';
import avro, {type Type} from 'avsc';
import {failed, ok, type Failure, type Result} from '../../core/failure.ts';
import {writerOptions} from './kinds.ts';

interface Tls {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
  passphrase?: string | undefined;
  serverName?: string | undefined;
}

export interface RegistryConfig {
  url: string;
  auth?: {basic: {username: string; password: string}} | {bearer: string} | undefined;
  /** PEM texts. */
  tls?: boolean | Tls | undefined;
  timeoutMs: number;
}

export interface Registry {
  /** The schema of an id. Failures: `undecodable` (no such schema, not Avro, not valid), `unavailable` (anything else). */
  schema(id: number): Promise<Result<Type>>;
  /** The newest schema under a subject; `undefined` when there is none. Failures as those of `schema`. */
  latest(subject: string): Promise<Result<Type | undefined>>;
  /** The id of a schema under a subject, registered when it is not there; the subject's settings stay as they are. */
  register(subject: string, schema: string): Promise<Result<number>>;
  /** Whether it answers, and lets us in: one cheap read. */
  check(): Promise<Result<true>>;
  close(): void;
}

type Middleware = NonNullable<ConstructorParameters<typeof SchemaRegistry>[0]['middlewares']>[number];

/** A registry with the Confluent API. `config` is read at each request, so that a changed secret counts at once. */
export function createRegistry(config: RegistryConfig | (() => RegistryConfig)): Registry {
  const read = typeof config === 'function' ? config : () => config;
  const agent = createAgent(read());
  const client = new SchemaRegistry(
    {
      host: read().url.replace(/\/+$/, ''),
      clientId: 'avro-scim',
      agent,
      /** The caller asks again, and says so; a retry in here would only hide it. */
      retry: {retries: 0},
      middlewares: [refresh(agent, read), sign(read)],
    },
    {[SchemaType.AVRO]: writerOptions()},
  );
  return {
    schema: (id) => findSchema(client, id),
    latest: (subject) => findLatest(client, subject),
    register: (subject, schema) => register(client, subject, schema),
    async check() {
      try {
        await client.getLatestSchemaId('avro-scim-check');
      } catch (error) {
        const failure = unavailable(error);
        if (isRefused(error)) return failed({...failure, kind: 'unauthorized'});
        if (!isNotFound(error)) return failed(failure);
      }
      return ok(true);
    },
    close: () => agent.destroy(),
  };
}

async function findSchema(client: SchemaRegistry, id: number): Promise<Result<Type>> {
  try {
    const schema = await client.getSchema(id);
    if (avro.Type.isType(schema)) return ok(schema as Type);
    return failed(undecodable(`schema ${id} is not an Avro schema`, 'not Avro'));
  } catch (error) {
    const status = statusOf(error);
    if (isNotFound(error)) return failed(undecodable(`the registry has no schema ${id}`, 'unknown schema'));
    if (status === undefined)
      return failed(undecodable(`schema ${id} is not valid: ${textOf(error)}`, 'invalid schema'));
    return failed(unavailable(error));
  }
}

async function findLatest(client: SchemaRegistry, subject: string): Promise<Result<Type | undefined>> {
  let id: number;
  try {
    id = await client.getLatestSchemaId(subject);
  } catch (error) {
    return isNotFound(error) ? ok(undefined) : failed(unavailable(error));
  }
  return findSchema(client, id);
}

async function register(client: SchemaRegistry, subject: string, schema: string): Promise<Result<number>> {
  const wanted = {type: SchemaType.AVRO as const, schema};
  try {
    return ok(await client.getRegistryIdBySchema(subject, wanted));
  } catch {
    // Not there yet, or not reachable: the request below tells which.
  }
  try {
    return ok(await registerAs(client, subject, wanted, COMPATIBILITY.BACKWARD));
  } catch (error) {
    const status = statusOf(error);
    if (status !== 409 && status !== 422) return failed(unavailable(error));
    return failed({
      kind: 'rejected',
      message: `the registry refuses the schema: ${textOf(error)}`,
      cause: `registry ${status}`,
    });
  }
}

type AvroText = {type: SchemaType.AVRO; schema: string};

/** The client insists on knowing the subject's compatibility level; when it is another one, its error says which. */
async function registerAs(
  client: SchemaRegistry,
  subject: string,
  wanted: AvroText,
  compatibility: COMPATIBILITY,
): Promise<number> {
  try {
    const {id} = await client.register(wanted, {subject, compatibility, updateConfig: false});
    return id;
  } catch (error) {
    const named = /\(\w+ != (\w+)\)$/.exec(textOf(error))?.[1];
    const levels: Record<string, COMPATIBILITY> = COMPATIBILITY;
    const level = levels[named ?? ''];
    if (level === undefined || level === compatibility) throw error;
    return registerAs(client, subject, wanted, level);
  }
}

function sign(config: () => RegistryConfig): Middleware {
  return () => ({
    prepareRequest: async (next) => {
      const {auth, timeoutMs} = config();
      const request = await next();
      const authorization =
        auth && ('bearer' in auth ? `Bearer ${auth.bearer}` : `Basic ${base64(auth.basic)}`);
      return request.enhance({
        headers: authorization === undefined ? {} : {Authorization: authorization},
        timeout: timeoutMs,
      });
    },
  });
}

function createAgent({url, tls}: RegistryConfig): HttpAgent {
  if (!url.startsWith('https:')) return new HttpAgent({keepAlive: true});
  return new HttpsAgent({keepAlive: true, ...tlsOptions(tls)});
}

function tlsOptions(tls: RegistryConfig['tls']): TlsOptions {
  const {serverName, ...pem} = typeof tls === 'object' ? tls : {};
  return {...pem, ...(serverName !== undefined && {servername: serverName})};
}

/** The agent makes each connection by its options as they are then; what was made before is not used again. */
function refresh(agent: HttpAgent, config: () => RegistryConfig): Middleware {
  let seen = JSON.stringify(tlsOptions(config().tls));
  return () => ({
    prepareRequest: (next) => {
      const options = tlsOptions(config().tls);
      const now = JSON.stringify(options);
      if (agent instanceof HttpsAgent && now !== seen) {
        seen = now;
        Object.assign(agent.options, options);
        for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
      }
      return next();
    },
  });
}

const base64 = ({username, password}: {username: string; password: string}) =>
  Buffer.from(`${username}:${password}`).toString('base64');

/** The status that the client reports; a registry that is not reachable comes as a 400. */
function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined;
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown error');

/**
 * Whether it is the registry that has no such thing. A proxy before a registry that is away says 404 too, without the
 * message that the registry's API has in its errors; the client then makes up this one.
 */
const isNotFound = (error: unknown): boolean =>
  statusOf(error) === 404 && !/^\S+ - Error, status 404/.test(textOf(error));

const isRefused = (error: unknown): boolean => [401, 403].includes(statusOf(error) ?? 0);

function unavailable(error: unknown): Failure {
  const refused = isRefused(error);
  const reason = textOf(error).replace(/^\S+ - (Error, status 400: )?/, '');
  const message = refused ? 'the registry refuses the credential' : 'the registry does not answer';
  return {
    kind: 'unavailable',
    message: `${message}: ${reason}`,
    cause: refused ? 'registry refuses the credential' : 'registry unavailable',
  };
}

const undecodable = (message: string, cause: string): Failure => ({
  kind: 'undecodable',
  message,
  cause: `undecodable: ${cause}`,
});
