import {afterAll, beforeAll, expect, jest, test} from '@jest/globals';
import {generateKeyPairSync} from 'node:crypto';
import {Partitioners, type Message} from 'kafkajs';
import {openAudit} from '../../src/commands/audit/open.ts';
import {loadConfig} from '../../src/config/load.ts';
import type {Config} from '../../src/config/schema.ts';
import type {AuditRecord} from '../../src/core/audit.ts';
import type {Verified} from '../../src/core/audit/finding.ts';
import {link} from '../../src/core/audit/chain.ts';
import type {Linked} from '../../src/core/audit/written.ts';
import {createLog, createRedactor} from '../../src/log.ts';
import {createHeads, type AuditStage, type FoundRecord} from '../../src/stages/audit/index.ts';
import {createFramer, readAuditSchema} from '../../src/stages/audit/codec.ts';
import {createRegistry} from '../../src/stages/decode/index.ts';
import {scim} from '../../connectors/scim/index.ts';
import {openKafka, type TestKafka} from '../support/kafka.ts';
import {openRedis} from '../support/redis.ts';
import {services} from '../support/services.ts';
import {openTerminal} from '../support/terminal.ts';

jest.setTimeout(120_000);

const store = openRedis();
let kafka: TestKafka;
let settings: {audit: {topic: string} & Record<string, unknown>} & Record<string, unknown>;
let config: Config;
beforeAll(async () => {
  kafka = await openKafka();
  const {brokers, registryUrl, redisUrl} = services();
  const {privateKey} = generateKeyPairSync('ed25519');
  const signingKey = privateKey.export({type: 'pkcs8', format: 'pem'});
  const checkpoint = {records: 10, seconds: 3600};
  const topic = await kafka.newTopic({partitions: 3});
  settings = {
    kafka: {brokers, topics: ['events']},
    registry: {url: registryUrl},
    redis: {url: redisUrl, prefix: store.prefix},
    audit: {topic, signingKey, checkpoint},
    targets: {t: {connector: 'scim', config: {baseUrl: 'https://wiki.example', auth: {bearer: 'made up'}}}},
  };
  const readFile = (): string => JSON.stringify(settings);
  const loaded = loadConfig({path: '/config.json', env: {}, manifests: [scim.manifest], readFile});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  ({config} = loaded);
});
afterAll(async () => {
  await died.close();
  await Promise.allSettled([kafka.close(), store.close()]);
});

const log = createLog({level: 'error', redactor: createRedactor(), destination: {write: () => undefined}});
const open = (): AuditStage => openAudit({config: () => config, redis: store.redis, log});
const record = (n: number): AuditRecord => ({
  ...{id: `t/e/0/${n}/applied`, at: 1_795_000_000_000 + n, target: 't', subject: `u${n % 5}`},
  outcome: n % 2 === 0 ? 'applied' : 'dead',
});
const from = (first: number, count: number): AuditRecord[] =>
  Array.from({length: count}, (_, n) => record(first + n));
const verify = async () => {
  const {result, ...told} = await openTerminal(settings)('audit verify');
  return {...told, result: result as unknown as Verified};
};
/** As somebody who may write to the topic, and has not the key. */
const forge = async (messages: Message[]): Promise<void> => {
  const producer = kafka.client.producer({createPartitioner: Partitioners.DefaultPartitioner});
  await producer.connect();
  await producer.send({topic: settings.audit.topic, messages});
  await producer.disconnect();
};

/** Its chain has no end when it is read. */
let died: AuditStage;
test('a topic: written by two processes, one of which died, searched by subject, verified; what is made up is found', async () => {
  const lives = open();
  died = open();
  await died.append(from(0, 25));
  await lives.append(from(25, 30));
  await lives.act([
    {
      id: 'a',
      at: 1,
      actor: {id: 'ada@desk', kind: 'human'},
      action: 'looked',
      subject: 'u1',
      about: {letter: 'e/0/7'},
    },
  ]);
  await lives.close();
  const {code, result, complaints} = await verify();
  expect(complaints).toEqual([]);
  expect(result).toMatchObject({findings: [], records: 28 + 36, duplicates: 0, isSignatureChecked: true});
  const ends = result.chains.map(({last, isClosed, unsigned}) => ({last, isClosed, unsigned}));
  expect(ends).toContainEqual({last: 27, isClosed: false, unsigned: 5});
  expect(ends).toContainEqual({last: 35, isClosed: true, unsigned: 0});
  expect(code).toBe(0);

  const search = openTerminal(settings);
  const found = await search('audit search', [], {subject: 'u1', outcome: 'dead', limit: '3'});
  const {records} = found.result as {records: FoundRecord[]};
  expect(records.map(({record: {id}}) => id)).toEqual([31, 41, 51].map((n) => `t/e/0/${n}/applied`));
  expect(new Set(records.map(({place: {lane}}) => lane)).size).toBe(1);
  const since = new Date(1_795_000_000_050).toISOString();
  const late = await search('audit search', [], {target: 't', since});
  expect(late.result).toMatchObject({count: 5});
  const done = await search('audit search', [], {outcome: 'action'});
  expect(done.result).toMatchObject({count: 1, records: [{record: {action: 'looked'}, isWhole: true}]});
  const {printed} = await search('audit search', [], {outcome: 'action'}, false);
  expect(printed.at(-1)).toMatch(
    /^1970-01-01T00:00:00.001Z +u1 +action +looked; letter e\/0\/7; by ada@desk +\S+ offset \d+$/,
  );

  await tamper(result.chains.find(({isClosed}) => isClosed)?.writer ?? '');
  const after = await verify();
  expect(after.code).toBe(1);
  // It may also be told that it stands behind later ones.
  const findings = after.result.findings.filter(({is}) => is !== 'reordered');
  expect(findings.map(({is, sequence}) => `${is} ${sequence}`).sort()).toEqual([
    'cut off 36',
    'doubled 7',
    'edited undefined',
    'misplaced 7',
  ]);
});

test('a record that the topic does not take is shortened, and a batch that it does not take is sent in parts', async () => {
  const configEntries = [{name: 'max.message.bytes', value: '20000'}];
  const topic = await kafka.newTopic({partitions: 1, configEntries});
  const audit = openAudit({
    ...{redis: store.redis, log},
    config: () => ({...config, audit: {...config.audit, topic}}),
  });
  const added = Array.from({length: 5000}, (_, n) => `member-${n}`);
  await audit.append([{...record(0), members: {added, removed: []}}, ...from(1, 200)]);
  await audit.close();
  const verified = await openTerminal({...settings, audit: {...settings.audit, topic}})('audit verify');
  expect(verified.result).toMatchObject({findings: [], chains: [{isClosed: true, isSigned: true}]});
  const found = await openTerminal(settings)('audit search', [], {topic, subject: 'u0', limit: '100'});
  const {records} = found.result as {records: FoundRecord[]};
  expect(records).toHaveLength(41);
  expect(records[0]?.record.shortened).toMatchObject({fields: ['members']});
});

/** A record that takes another's place, under another key; bytes that are none; and Redis knows of more than there is. */
async function tamper(writer: string): Promise<void> {
  const {registryUrl} = services();
  const registry = createRegistry({url: registryUrl, timeoutMs: 5000});
  const id = await registry.register(`${settings.audit.topic}-value`, readAuditSchema());
  registry.close();
  if (!id.ok) throw new Error(id.failure.message);
  const frame = createFramer(readAuditSchema());
  const false_: Linked = link(record(99), {writer, sequence: 7, previous: 'made up'}).linked;
  await forge([
    {key: 'u0', value: frame(false_, id.value)},
    {key: 'u0', value: 'no record'},
  ]);
  const heads = createHeads(store);
  const {topic} = settings.audit;
  await heads.keep({writer, sequence: 36, hash: 'h', at: Date.now(), topic});
}
