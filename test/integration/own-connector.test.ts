import {spawn, type ChildProcess} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, jest, test} from '@jest/globals';
import {startDouble, type Double, type DoubleRequest} from '../../connectors/testing/double.ts';
import {eventually} from '../support/eventually.ts';
import {openKafka, type TestKafka} from '../support/kafka.ts';
import {openRedis, type TestRedis} from '../support/redis.ts';
import {services} from '../support/services.ts';

jest.setTimeout(120_000);

const main = join(import.meta.dirname, '../../src/main.ts');
const connector = join(import.meta.dirname, '../../templates/connector');

let folder: string;
let kafka: TestKafka;
let redis: TestRedis;
let double: Double;
let program: ChildProcess | undefined;
const requests: DoubleRequest[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'avro-scim-own-run-'));
  redis = openRedis();
  [kafka, double] = await Promise.all([
    openKafka(),
    startDouble((request) => {
      requests.push(request);
      const {method, path, body} = request;
      if (path === '/v1/me') return {status: 200, body: {login: 'robot', admin: true}};
      if (method === 'GET') return {status: 200, body: {items: [], next: null}};
      return {status: 201, body: {...(body as object), id: String(requests.length)}};
    }),
  ]);
});
afterAll(async () => {
  if (program?.exitCode === null) {
    program.kill('SIGTERM');
    await once(program, 'exit');
  }
  await Promise.allSettled([kafka.close(), double.close(), redis.close()]);
  rmSync(folder, {recursive: true});
});

const run = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [main, ...args, '--config', join(folder, 'config.yaml')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });

/** Publishes a person, and resolves to the credential with which Deskbook was asked to make them. */
async function made(topic: string, id: string): Promise<string | undefined> {
  const file = join(folder, `${id}.jsonl`);
  const user = {id, userName: `${id}@example.com`, active: true};
  const value = {eventId: randomUUID(), occurredAt: Date.now(), source: 'hr', user};
  writeFileSync(file, `${JSON.stringify({key: id, value})}\n`);
  const [code] = (await once(run('publish', file, '--topic', topic), 'exit')) as [number];
  expect(code).toBe(0);
  const found = await eventually(
    () => requests.find(({method, body}) => method === 'POST' && (body as {ref?: string}).ref === id),
    {what: `${id} is made`, deadlineMs: 60_000},
  );
  return found.headers.authorization;
}

test('a connector by its path does the work of a target, and takes a secret that changes', async () => {
  const topic = await kafka.newTopic();
  const {brokers, registryUrl, redisUrl} = services();
  const token = join(folder, 'token');
  writeFileSync(token, 'the-first-token');
  const config = {
    kafka: {brokers, topics: [topic], groupPrefix: redis.prefix},
    registry: {url: registryUrl},
    redis: {url: redisUrl, prefix: redis.prefix},
    admin: {port: 0},
    targets: {desks: {connector, config: {baseUrl: double.url, token: `\${file:${token}}`}}},
  };
  writeFileSync(join(folder, 'config.yaml'), JSON.stringify(config));
  program = run('run');
  expect(await made(topic, 'ada')).toBe('Bearer the-first-token');
  const isAsked = () =>
    requests.some(({path, headers}) => path === '/v1/me' && headers.authorization?.endsWith('second-token'));
  writeFileSync(token, 'the-second-token');
  await eventually(isAsked, {what: 'the connector looks with the second token', deadlineMs: 30_000});
  expect(await made(topic, 'bob')).toBe('Bearer the-second-token');
});
