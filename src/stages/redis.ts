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

/**
 * A connection on which something was asked and nothing came for so long is given up, and made anew: a network that drops everything
 * breaks none, and the kernel goes on for a quarter of an hour. BullMQ's blocking calls last 10 s at the longest.
 */
const silentMs = 15_000;

/**
 * A client that is not connected yet (`lazyConnect`); `options` are ioredis's own and stand over ours. Given a function, it and
 * its duplicates read credentials and certificates at each connection, so that a changed secret counts without a restart.
 */
export const createRedis = (
  settings: RedisSettings | (() => RedisSettings),
  options: RedisOptions = {},
): Redis | Cluster => {
  const read = typeof settings === 'function' ? settings : () => settings;
  const {url, sentinel, cluster, tls: isTls} = read();
  const tls = isTls === undefined || isTls === false ? undefined : tlsOptions(() => read().tls);
  const common: RedisOptions = {lazyConnect: true, socketTimeout: silentMs, ...(tls && {tls}), ...options};
  const account = (): Account => accountOf(read());
  if (cluster) {
    const redisOptions = {...common, ...account()};
    return followCluster(new Cluster(cluster.nodes.map(nodeOf), {lazyConnect: true, redisOptions}), account);
  }
  if (sentinel) {
    return new (clientOf(account))({
      ...common,
      ...account(),
      name: sentinel.name,
      sentinels: sentinel.nodes.map(nodeOf),
      db: sentinel.database,
      ...(tls && {sentinelTLS: tls, enableTLSForSentinelMode: true}),
    });
  }
  return new (clientOf(account))(url, common);
};

type Account = Pick<RedisOptions, 'username' | 'password' | 'sentinelPassword'>;

const accountOf = ({url, sentinel, cluster}: RedisSettings): Account => {
  if (cluster) return present({username: cluster.username, password: cluster.password});
  if (sentinel) {
    const {username, password, sentinelPassword} = sentinel;
    return present({username, password, sentinelPassword});
  }
  const {username, password} = new URL(url);
  return {
    ...(username !== '' && {username: decodeURIComponent(username)}),
    ...(password !== '' && {password: decodeURIComponent(password)}),
  };
};

/** ioredis signs in by what its options say when it connects, and a duplicate is made of the options of the first. */
const clientOf = (account: () => Account): typeof Redis =>
  class Client extends Redis {
    override connect(callback?: Parameters<Redis['connect']>[0]): Promise<void> {
      Object.assign(this.options, account());
      return super.connect(callback);
    }

    override duplicate(override?: Partial<RedisOptions>): Redis {
      return new Client({...(this.options as RedisOptions), ...override});
    }
  };

/** A cluster makes a client for each node, and a new one when it has lost it; it tells of each before it connects. */
const followCluster = (cluster: Cluster, account: () => Account): Cluster => {
  cluster.on('+node', ({options}: Redis) => Object.assign(options, account()));
  const duplicate = cluster.duplicate.bind(cluster);
  cluster.duplicate = (...changes) => followCluster(duplicate(...changes), account);
  return cluster;
};

const nodeOf = (node: string): {host: string; port: number} => {
  const colon = node.lastIndexOf(':');
  return {host: node.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(node.slice(colon + 1))};
};

/** Node reads the properties at each connection: getters give it what they are by then. */
const tlsOptions = (read: () => RedisSettings['tls']): NonNullable<RedisOptions['tls']> => {
  const part = <K extends keyof Tls>(name: K): Tls[K] => {
    const tls = read();
    return typeof tls === 'object' ? tls[name] : undefined;
  };
  const live = (name: 'ca' | 'cert' | 'key' | 'passphrase') =>
    part(name) !== undefined && {[name]: {enumerable: true, get: () => part(name)}};
  const servername = part('serverName');
  return Object.defineProperties(servername === undefined ? {} : {servername}, {
    ...live('ca'),
    ...live('cert'),
    ...live('key'),
    ...live('passphrase'),
  });
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
