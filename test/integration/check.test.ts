import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import {afterAll, beforeAll, expect, jest, test} from '@jest/globals';
import {startRedis, type Extra, type RedisControls} from '../../scripts/services/index.ts';
import {readCanonicalSchema} from '../../src/stages/decode/index.ts';
import {openKafka, type TestKafka} from '../support/kafka.ts';
import {startRecordingTarget, type RecordingTarget} from '../support/recording-target.ts';
import {services} from '../support/services.ts';

jest.setTimeout(120_000);

interface Line {
  check: string;
  verdict: string;
  detail: string;
}

let folder: string;
let kafka: TestKafka;
let target: RecordingTarget;
let volatile: Extra<RedisControls>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'avro-scim-check-'));
  const args = ['--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru'];
  [kafka, target, volatile] = await Promise.all([
    openKafka(),
    startRecordingTarget(),
    startRedis({log: () => undefined, args}),
  ]);
});
afterAll(async () => {
  await Promise.allSettled([kafka.close(), target.close(), volatile.remove()]);
  rmSync(folder, {recursive: true});
});

/** What `check --json` says of a config with these topics and this Redis. */
const check = async (
  topics: string[],
  redisUrl: string,
  event: object = {},
): Promise<{code: number | null; lines: Line[]}> => {
  const {brokers, registryUrl} = services();
  const path = join(folder, 'check.yaml');
  const config = {
    kafka: {brokers, topics},
    event,
    registry: {url: registryUrl},
    redis: {url: redisUrl},
    targets: {here: {connector: 'scim', config: {baseUrl: target.url, auth: {bearer: 'a-test'}}}},
  };
  writeFileSync(path, JSON.stringify(config));
  const main = join(import.meta.dirname, '../../src/main.ts');
  const child = spawn(process.execPath, [main, 'check', '--json', '--config', path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [out] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return {code: child.exitCode, lines: (JSON.parse(out) as {checks: Line[]}).checks};
};

const verdictsOf = (lines: Line[]) => Object.fromEntries(lines.map((line) => [line.check, line.verdict]));

test('everything that answers is a line, and 0', async () => {
  const topic = await kafka.newTopic({partitions: 2});
  const {code, lines} = await check([topic], services().redisUrl);
  expect(verdictsOf(lines)).toEqual({
    config: 'ok',
    schema: 'ok',
    kafka: 'ok',
    [`topic ${topic}`]: 'ok',
    registry: 'ok',
    redis: 'ok',
    'target here': 'ok',
  });
  expect(lines.find((line) => line.check.startsWith('topic'))?.detail).toBe('2 partition(s)');
  expect(code).toBe(0);
});

test('what is wrong does not hide the rest, and ends with 1', async () => {
  const {code, lines} = await check(['no.such.topic', '/^no-match/'], volatile.url);
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.objectContaining({check: 'topic no.such.topic', verdict: 'wrong'}),
      expect.objectContaining({check: 'topic /^no-match/', verdict: 'warning'}),
      expect.objectContaining({check: 'redis', detail: expect.stringContaining('found allkeys-lru')}),
      expect.objectContaining({check: 'redis', detail: expect.stringContaining('appendonly')}),
      expect.objectContaining({check: 'registry', verdict: 'ok'}),
      expect.objectContaining({check: 'target here', verdict: 'ok'}),
    ]),
  );
  expect(code).toBe(1);
});

test('a compacted topic is refused, found by its pattern, unless no event can be a delta', async () => {
  const topic = await kafka.newTopic({configEntries: [{name: 'cleanup.policy', value: 'compact'}]});
  const pattern = `/^${topic.replaceAll('.', '\\.')}$/`;
  const {code, lines} = await check([pattern], services().redisUrl);
  const detail: unknown = expect.stringContaining('compacted');
  expect(lines).toContainEqual({check: `topic ${topic}`, verdict: 'wrong', detail});
  expect(code).toBe(1);

  const schema = JSON.parse(readCanonicalSchema()) as {fields: {name: string}[]};
  const fields = schema.fields.filter(({name}) => name !== 'membership');
  const path = join(folder, 'whole-groups.avsc');
  writeFileSync(path, JSON.stringify({...schema, fields}));
  const without = await check([pattern], services().redisUrl, {schema: path});
  expect(verdictsOf(without.lines)).toMatchObject({[`topic ${topic}`]: 'ok', schema: 'ok'});
  expect(without.code).toBe(0);
});

test('a target that refuses the credential is wrong, one that is down unreachable', async () => {
  const topic = await kafka.newTopic();
  let unhook = target.hook(() => ({kind: 'answer', status: 401}));
  const refused = await check([topic], services().redisUrl);
  unhook();
  unhook = target.hook(() => ({kind: 'answer', status: 503}));
  const down = await check([topic], services().redisUrl);
  unhook();
  expect([verdictsOf(refused.lines)['target here'], refused.code]).toEqual(['wrong', 1]);
  expect([verdictsOf(down.lines)['target here'], down.code]).toEqual(['unreachable', 3]);
});
