import {Cluster, Redis, type RedisOptions as AllOptions} from 'ioredis';

type RedisOptions = Omit<AllOptions, 'replyMapping'>;

/** Where Redis is and how to sign in: `cluster` and `sentinel` take the place of `url`. TLS texts are PEM. */
export interface RedisSettings {
  url: string;
  sentinel?:
    | {
        name: string;
        nodes: string[];
        username?: string | undefined;
        password?: string | undefined;
        sentinelPassword?: string | undefined;
        database: number;
      }
    | undefined;
  cluster?: {nodes: string[]; username?: string | undefined; password?: string | undefined} | undefined;
  tls?: boolean | Tls | undefined;
}

interface Tls {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
  passphrase?: string | undefined;
  serverName?: string | undefined;
}

/** A client that is not connected yet (`lazyConnect`); `options` are ioredis's own and stand over ours. */
export const createRedis = (settings: RedisSettings, options: RedisOptions = {}): Redis | Cluster => {
  const tls = tlsOptions(settings.tls);
  const common: RedisOptions = {lazyConnect: true, ...(tls && {tls}), ...options};
  if (settings.cluster) {
    const {nodes, ...account} = settings.cluster;
    return new Cluster(nodes.map(nodeOf), {
      lazyConnect: true,
      redisOptions: {...common, ...present(account)},
    });
  }
  if (settings.sentinel) {
    const {name, nodes, database, ...account} = settings.sentinel;
    return new Redis({
      ...common,
      ...present(account),
      name,
      sentinels: nodes.map(nodeOf),
      db: database,
      ...(tls && {sentinelTLS: tls, enableTLSForSentinelMode: true}),
    });
  }
  return new Redis(settings.url, common);
};

const nodeOf = (node: string): {host: string; port: number} => {
  const colon = node.lastIndexOf(':');
  return {host: node.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(node.slice(colon + 1))};
};

const tlsOptions = (tls: RedisSettings['tls']): NonNullable<RedisOptions['tls']> | undefined => {
  if (tls === undefined || tls === false) return undefined;
  if (tls === true) return {};
  const {serverName, ...own} = tls;
  return {...present(own), ...(serverName !== undefined && {servername: serverName})};
};

/** Without the settings that are absent: a library takes `undefined` for a value. */
const present = <T extends object>(from: T): {[Key in keyof T]?: Exclude<T[Key], undefined>} =>
  Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };

/** What a Redis says of itself. */
export interface RedisFacts {
  version: string;
  /** What it does when its memory is full: `noeviction` is wanted. */
  evictionPolicy: string;
  /** Whether each write goes to the append-only file. */
  isAppendOnly: boolean;
}

/** Asks every primary; rejects when one does not answer. */
export const readRedisFacts = async (redis: Redis | Cluster): Promise<RedisFacts[]> => {
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
  return Promise.all(nodes.map(async (node) => factsOf(await node.info())));
};

const factsOf = (info: string): RedisFacts => {
  const fields = new Map(
    info.split(/\r?\n/).map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, Math.max(colon, 0)), line.slice(colon + 1)];
    }),
  );
  return {
    version: fields.get('redis_version') ?? 'unknown',
    evictionPolicy: fields.get('maxmemory_policy') ?? 'unknown',
    isAppendOnly: fields.get('aof_enabled') === '1',
  };
};

const oldestVersion = [6, 2];

/** What stands against this Redis, in words; an empty list when nothing does. */
export const redisObjections = (facts: RedisFacts, allowVolatile: boolean): string[] => {
  const [major = 0, minor = 0] = facts.version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestVersion;
  const isOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  return [
    ...(isOld ? [`expected Redis ${oldestVersion.join('.')} or newer, found ${facts.version}`] : []),
    ...(facts.evictionPolicy === 'noeviction'
      ? []
      : [`expected maxmemory-policy noeviction, found ${facts.evictionPolicy}: it would forget changes`]),
    ...(facts.isAppendOnly || allowVolatile
      ? []
      : [
          'expected appendonly yes, found no: a restart would forget changes (or set redis.allowVolatile: true)',
        ]),
  ];
};
