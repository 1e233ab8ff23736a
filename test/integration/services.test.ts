import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {Kafka, logLevel} from 'kafkajs';
import {
  startKafka,
  startRedis,
  type Extra,
  type KafkaControls,
  type RedisControls,
} from '../../scripts/services/index.ts';
import {openKafka} from '../support/kafka.ts';
import {openRedis} from '../support/redis.ts';

const log = (): void => undefined;
const login = 'listener.name.sasl.scram-sha-256.sasl.jaas.config';
const startMs = 120_000;

let kafka: Extra<KafkaControls> | undefined;
let redis: Extra<RedisControls> | undefined;

beforeAll(async () => {
  [kafka, redis] = await Promise.all([
    startKafka({
      log,
      listeners: {SASL: 'SASL_PLAINTEXT'},
      scramUsers: {reader: 'a-test'},
      properties: {
        'sasl.enabled.mechanisms': 'SCRAM-SHA-256',
        [login]: 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
      },
    }),
    startRedis({log, args: ['--maxmemory', '50mb']}),
  ]);
}, startMs);
afterAll(() => Promise.all([kafka?.remove(), redis?.remove()]));

test(
  'a broker that is killed and started again has its topics, on the same address',
  async () => {
    if (kafka === undefined) throw new Error('no broker');
    const before = await openKafka(kafka.brokers);
    const topic = await before.newTopic();
    await before.produce(topic, [{key: 'k', value: 'v'}]);
    await before.close();
    await kafka.restart({signal: 'SIGKILL'});
    const after = await openKafka(kafka.brokers);
    const [partition] = await after.admin.fetchTopicOffsets(topic);
    await after.close();
    expect(partition?.high).toBe('1');
  },
  startMs,
);

test('a listener of its own lets in who knows the password', async () => {
  const brokers = [kafka?.listeners['SASL'] ?? ''];
  const admin = (password: string) =>
    new Kafka({
      brokers,
      logLevel: logLevel.NOTHING,
      retry: {retries: 0},
      sasl: {mechanism: 'scram-sha-256', username: 'reader', password},
    }).admin();
  const right = admin('a-test');
  await right.connect();
  expect((await right.describeCluster()).brokers).toHaveLength(1);
  await right.disconnect();
  await expect(admin('another').connect()).rejects.toThrow();
});

test('a Redis that is stopped and started again has its keys and its settings', async () => {
  const {redis: client, prefix, close} = openRedis(redis?.url);
  try {
    await client.set(prefix, 'kept');
    await redis?.restart();
    expect(await client.get(prefix)).toBe('kept');
    expect(await client.config('GET', 'maxmemory')).toEqual(['maxmemory', '52428800']);
  } finally {
    await close();
  }
});
