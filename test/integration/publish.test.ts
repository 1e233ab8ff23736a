import {randomUUID} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals';
import type {Schema} from 'avsc';
import {connectors} from '../../connectors/index.ts';
import {publish} from '../../src/commands/publish.ts';
import {loadConfig} from '../../src/config/load.ts';
import {createDecoder, createRegistry, readCanonicalSchema} from '../../src/stages/decode/index.ts';
import {openKafka, type TestKafka} from '../support/kafka.ts';
import {services} from '../support/services.ts';

const manifests = connectors.map(({manifest}) => manifest);
const meta = {eventId: '2f1f7d5a-4f0b-4a3c-9a53-0d8a3f1c9f11', occurredAt: 1_790_000_000_000, source: 'hr'};
const user = {id: 'u1', userName: 'ada', active: true};

const registry = createRegistry({url: services().registryUrl, timeoutMs: 5_000});
const readerSchema = JSON.parse(readCanonicalSchema()) as Schema;
const decoder = createDecoder({registry, readerSchema, maxBytes: 100_000});
afterAll(() => registry.close());

describe('publish', () => {
  let kafka: TestKafka;
  let folder = '';
  beforeAll(async () => {
    kafka = await openKafka();
    folder = mkdtempSync(join(tmpdir(), 'avro-scim-publish-'));
  });
  afterAll(async () => {
    rmSync(folder, {recursive: true, force: true});
    await kafka.close();
  });

  async function run(lines: object[], topic: string) {
    const file = join(folder, `${randomUUID()}.jsonl`);
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const {brokers, registryUrl} = services();
    const config = join(folder, 'config.yaml');
    writeFileSync(
      config,
      JSON.stringify({
        kafka: {brokers},
        registry: {url: registryUrl},
        targets: {
          t: {connector: 'scim', config: {baseUrl: 'http://127.0.0.1:1/scim', auth: {bearer: 'none'}}},
        },
      }),
    );
    const said: string[] = [];
    const exitCode = await publish.run({
      arguments: [file],
      options: {topic},
      json: false,
      configPath: config,
      env: {},
      signal: new AbortController().signal,
      print: (line) => said.push(line),
      complain: (line) => said.push(line),
      load: () => {
        const loaded = loadConfig({path: config, env: {}, manifests});
        return Promise.resolve(loaded.ok ? loaded : undefined);
      },
    });
    return {exitCode, said};
  }

  const valuesOf = async (topic: string) => {
    const offsets = await kafka.admin.fetchTopicOffsets(topic);
    return offsets.reduce((sum, {high, low}) => sum + Number(high) - Number(low), 0);
  };

  test('sends events that decode to what they said, each with its key', async () => {
    const topic = await kafka.newTopic({partitions: 3});
    const lines = [
      {key: 'u1', value: {...meta, user}},
      {key: 'u1', value: null},
    ];
    expect(await run(lines, topic)).toMatchObject({
      exitCode: 0,
      said: [expect.stringContaining('sent 2 event(s)')],
    });
    const consumer = kafka.client.consumer({groupId: topic});
    await consumer.connect();
    await consumer.subscribe({topics: [topic], fromBeginning: true});
    const kinds: unknown[] = [];
    const done = Promise.withResolvers<undefined>();
    await consumer.run({
      eachMessage: async ({message, partition}) => {
        const decoded = await decoder.decode({
          topic,
          partition,
          offset: Number(message.offset),
          timestamp: Number(message.timestamp),
          key: message.key,
          value: message.value,
          headers: {},
        });
        kinds.push(decoded.ok ? decoded.value.kind : decoded.failure);
        if (kinds.length === 2) done.resolve(undefined);
      },
    });
    await done.promise;
    await consumer.disconnect();
    expect(kinds).toEqual(['user', 'deletion']);
  });

  test('sends nothing when one line is bad', async () => {
    const topic = await kafka.newTopic();
    const result = await run(
      [
        {key: 'u1', value: {...meta, user}},
        {key: 'u2', value: {...meta, user}},
      ],
      topic,
    );
    expect(result.exitCode).toBe(1);
    expect(result.said[0]).toMatch(/:2: user\.id differs from the record's key$/);
    expect(await valuesOf(topic)).toBe(0);
  });

  test('a topic that is not there is named', async () => {
    const result = await run([{key: 'u1', value: null}], 'test.nowhere');
    expect(result).toEqual({exitCode: 1, said: ['publish: there is no topic test.nowhere: create it first']});
  });
});
