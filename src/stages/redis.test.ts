import {describe, expect, test} from '@jest/globals';
import {Cluster, Redis} from 'ioredis';
import {createRedis, redisObjections, type RedisSettings} from './redis.ts';

const url = 'redis://127.0.0.1:6379/3';

describe('a client from settings', () => {
  const optionsOf = (settings: RedisSettings): Redis['options'] => {
    const redis = createRedis(settings);
    if (!(redis instanceof Redis)) throw new Error('expected a client of one Redis');
    return redis.options;
  };

  test('by address', () => {
    expect(optionsOf({url})).toMatchObject({host: '127.0.0.1', port: 6379, db: 3, lazyConnect: true});
    expect(optionsOf({url: 'rediss://r.example'}).tls).toBeTruthy();
  });

  test('gives up a silent connection, though not one that waits in a blocking call of BullMQ', () => {
    expect(optionsOf({url}).socketTimeout).toBeGreaterThan(10_000);
    const cluster = createRedis({url, cluster: {nodes: ['a.example:6379']}});
    expect(cluster instanceof Cluster && cluster.options.redisOptions?.socketTimeout).toBe(15_000);
  });

  test('with an authority of one’s own', () => {
    expect(optionsOf({url, tls: {ca: 'PEM', serverName: 'r.example', key: undefined}}).tls).toEqual({
      ca: 'PEM',
      servername: 'r.example',
    });
    expect(optionsOf({url, tls: false}).tls).toBeUndefined();
  });

  test('behind sentinels', () => {
    const sentinel = {name: 'main', nodes: ['a.example:26379', '[::1]:26380'], password: 'p', database: 2};
    expect(optionsOf({url, sentinel, tls: true})).toMatchObject({
      name: 'main',
      sentinels: [
        {host: 'a.example', port: 26379},
        {host: '::1', port: 26380},
      ],
      password: 'p',
      db: 2,
      enableTLSForSentinelMode: true,
    });
  });

  test('of a cluster', () => {
    const redis = createRedis({url, cluster: {nodes: ['a.example:6379'], username: 'u', password: 'p'}});
    if (!(redis instanceof Cluster)) throw new Error('expected a client of a cluster');
    expect(redis.options.redisOptions).toMatchObject({username: 'u', password: 'p'});
  });
});

describe('a secret that has changed', () => {
  const settings: RedisSettings = {url: 'redis://:first@127.0.0.1:1', tls: {ca: 'CA 1'}};
  const changed: RedisSettings = {url: 'redis://me:se%40cond@127.0.0.1:1', tls: {ca: 'CA 2'}};

  test('counts when the client, or a duplicate, connects again', async () => {
    let now = settings;
    const redis = createRedis(() => now, {retryStrategy: () => null});
    if (!(redis instanceof Redis)) throw new Error('expected a client of one Redis');
    const second = redis.duplicate().duplicate({db: 2});
    for (const client of [redis, second]) client.on('error', () => undefined);
    expect([redis.options.password, second.options.password]).toEqual(['first', 'first']);
    now = changed;
    await Promise.allSettled([redis.connect(), second.connect()]);
    for (const {options} of [redis, second]) {
      expect(options).toMatchObject({username: 'me', password: 'se@cond'});
      expect({...(options.tls as object)}).toEqual({ca: 'CA 2'});
    }
    expect(second.options.db).toBe(2);
  });

  test('counts at the nodes of a cluster and of its duplicates', () => {
    const nodes = ['127.0.0.1:1'];
    let password = 'first';
    const redis = createRedis(() => ({url, cluster: {nodes, password}}));
    const second = (redis as Cluster).duplicate([], {redisOptions: {maxRetriesPerRequest: null}});
    password = 'second';
    for (const cluster of [redis as Cluster, second]) {
      const node = new Redis({lazyConnect: true, password: 'first'});
      cluster.emit('+node', node);
      expect(node.options.password).toBe('second');
    }
  });
});

describe('what stands against a Redis', () => {
  const good = {version: '7.0.15', evictionPolicy: 'noeviction', isAppendOnly: true};
  test.each([
    ['nothing', good, false, []],
    ['nothing against 6.2', {...good, version: '6.2.0'}, false, []],
    ['its age', {...good, version: '6.0.16'}, false, ['expected Redis 6.2 or newer, found 6.0.16']],
    [
      'eviction',
      {...good, evictionPolicy: 'allkeys-lru'},
      true,
      [expect.stringContaining('found allkeys-lru')],
    ],
    ['no persistence', {...good, isAppendOnly: false}, false, [expect.stringContaining('appendonly yes')]],
    ['nothing when that is allowed', {...good, isAppendOnly: false}, true, []],
  ])('%s', (_name, facts, allowVolatile, objections) => {
    expect(redisObjections(facts, allowVolatile)).toEqual(objections);
  });
});
