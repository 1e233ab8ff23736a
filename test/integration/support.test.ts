import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {eventually} from '../support/eventually.ts';
import {openKafka, type TestKafka} from '../support/kafka.ts';
import {openRedis} from '../support/redis.ts';
import {services} from '../support/services.ts';

let kafka: TestKafka;

beforeAll(async () => {
  kafka = await openKafka();
});
afterAll(() => kafka.close());

test('records are read as they were produced: bytes, tombstones, headers, time and partition', async () => {
  const topic = await kafka.newTopic({partitions: 2});
  await kafka.produce(topic, [
    {key: 'u1', value: Buffer.from([0, 255]), partition: 1, timestampMs: 1000, headers: {trace: 't'}},
    {key: 'u1', value: null, partition: 1},
  ]);
  const seen: unknown[] = [];
  const consumer = kafka.client.consumer({groupId: topic, allowAutoTopicCreation: false});
  try {
    await consumer.subscribe({topic, fromBeginning: true});
    await consumer.run({
      eachMessage: ({partition, message: {key, value, headers}}) => {
        seen.push([partition, key?.toString(), value, headers?.['trace']?.toString()]);
        return Promise.resolve();
      },
    });
    await eventually(() => seen.length === 2, {what: 'both records'});
  } finally {
    await consumer.disconnect();
  }
  expect(seen).toEqual([
    [1, 'u1', Buffer.from([0, 255]), 't'],
    [1, 'u1', null, undefined],
  ]);
});

test('Redis keeps what it is given and evicts nothing, and a closed prefix leaves no key', async () => {
  const {redis, prefix, close} = openRedis();
  const other = openRedis();
  try {
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    await redis.mset(`${prefix}:a`, '1', `{${prefix}:t}:b`, '2');
    await close();
    expect(await other.redis.exists(`${prefix}:a`, `{${prefix}:t}:b`)).toBe(0);
  } finally {
    await other.close();
  }
});

test('the registry asks for backward compatibility, as that of Confluent does', async () => {
  const answer = await fetch(`${services().registryUrl}/config`);
  expect(await answer.json()).toEqual({compatibilityLevel: 'BACKWARD'});
});
