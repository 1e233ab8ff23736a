import {generateKeyPairSync, randomUUID} from 'node:crypto';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Schema} from 'avsc';
import {freePort} from '../../scripts/services/ports.ts';
import {hashToken, tokenLine} from '../../src/core/token-lines.ts';
import {roles, type Role} from '../../src/core/role.ts';
import {createEncoder, createRegistry, readCanonicalSchema} from '../../src/stages/decode/index.ts';
import {startProgram} from '../faults/program.ts';
import {eventually} from '../support/eventually.ts';
import {openKafka} from '../support/kafka.ts';
import {startOtlpReceiver} from '../support/otlp.ts';
import {startRecordingTarget} from '../support/recording-target.ts';
import {openRedis} from '../support/redis.ts';
import {services} from '../support/services.ts';
import type {Answered} from './api-rig.ts';
import type {Kept} from './leaks.ts';

const {privateKey} = generateKeyPairSync('ed25519');
const signingKey = privateKey.export({type: 'pkcs8', format: 'pem'});

/** What nobody is told at all. */
export const secrets = {
  bearer: 'bearer-of-the-wiki-7f3a91',
  otlp: 'token-of-the-collector-55c2',
  hashKey: 'hash-key-of-the-audit-0123456789abcdef',
  signingKey: signingKey.split('\n')[1] ?? '',
  viewer: `viewer-${'v'.repeat(40)}`,
  operator: `operator-${'o'.repeat(40)}`,
  approver: `approver-${'a'.repeat(40)}`,
} as const satisfies Kept;

/** What is told of a person; their id is not counted as such. */
export const personOf = (id: string) => ({
  ...{id, userName: `${id}.quixworth@people.example`, active: true, displayName: `Zelda ${id} Quixworth`},
  ...{nickName: `Zee-${id}-ling`, title: `Keeper-${id} of Owls`},
  name: {familyName: 'Quixworth-Ampersand', givenName: `Zelda-${id}`},
  emails: [{value: `${id}@quixworth.example`, primary: true}],
  phoneNumbers: [{value: '+41-79-555-0199', type: 'mobile'}],
  addresses: [{streetAddress: '17 Hollyhock Crescent', locality: 'Wimblefordshire'}],
  enterprise: {employeeNumber: 'EMP-774411', department: 'Nocturnal Birds'},
  attributes: {badge: 'BADGE-90210-X'},
});

/** Everything personal in what is told of these. */
export const personal = (ids: readonly string[]): Kept => {
  const found: Record<string, string> = {headerOfARecord: 'header-of-zelda-4711'};
  const walk = (name: string, value: unknown): void => {
    if (typeof value === 'string' && value.length > 6) found[name] = value;
    if (typeof value === 'object' && value !== null)
      for (const [inner, one] of Object.entries(value)) walk(`${name}.${inner}`, one);
  };
  for (const id of ids) {
    const {phoneNumbers, ...rest} = personOf(id);
    walk(id, {...rest, id: undefined, phone: phoneNumbers[0]?.value});
  }
  return found;
};

/** The program as users run it, at its default log level, with Kafka, a registry, Redis, a target and a collector of traces. */
export async function startAll() {
  const folder = await mkdtemp(join(tmpdir(), 'leaks-'));
  const [kafka, target, otlp, port] = await Promise.all([
    ...([openKafka(), startRecordingTarget(), startOtlpReceiver(), freePort()] as const),
  ]);
  const redis = openRedis();
  const {brokers, registryUrl, redisUrl} = services();
  const [topic, auditTopic] = await Promise.all([kafka.newTopic(), kafka.newTopic()]);
  const lines = roles.map((role) => tokenLine({name: role, role, sha256: hashToken(secrets[role])}));
  const config = {
    kafka: {brokers, groupPrefix: redis.prefix, topics: [topic], sessionTimeoutMs: 6000},
    registry: {url: registryUrl},
    redis: {url: redisUrl, prefix: redis.prefix, fsyncIntervalMs: 1},
    admin: {port, requestsPerMinute: 1_000_000, auth: {tokens: `\${file:${join(folder, 'tokens')}}`}},
    audit: {
      topic: auditTopic,
      file: join(folder, 'audit.jsonl'),
      signingKey: `\${file:${join(folder, 'key')}}`,
      hashKey: '${env:HASH_KEY}',
    },
    traces: {endpoint: otlp.url, headers: {authorization: 'Bearer ${env:OTLP}'}},
    shutdown: {graceMs: 5000},
    targets: {
      wiki: {
        ...{connector: 'scim', config: {baseUrl: target.url, auth: {bearer: '${env:BEARER}'}}},
        ...{
          guard: {maxLeavers: 1, perMinutes: 60},
          gate: {failures: 1000},
          rate: {requests: 200, perSeconds: 1},
        },
      },
    },
  };
  await Promise.all([
    writeFile(join(folder, 'tokens'), `${lines.join('\n')}\n`),
    writeFile(join(folder, 'key'), signingKey),
    writeFile(join(folder, 'config.yaml'), JSON.stringify(config)),
  ]);
  const env = {BEARER: secrets.bearer, OTLP: secrets.otlp, HASH_KEY: secrets.hashKey};
  const program = startProgram(join(folder, 'config.yaml'), join(folder, 'log'), env);
  const url = `http://127.0.0.1:${port}`;
  const get = async (path: string, role: Role, body?: object): Promise<{status: number; text: string}> => {
    const response = await fetch(url + path, {
      redirect: 'manual',
      headers: {
        ...(path.startsWith('/api')
          ? {authorization: `Bearer ${secrets[role]}`}
          : {cookie: `avro-scim-session=${secrets[role]}`}),
        ...(body && {'content-type': 'application/json'}),
      },
      ...(body && {method: 'POST', body: JSON.stringify(body)}),
    });
    return {status: response.status, text: await response.text()};
  };
  const ask = async (path: string, role: Role, body?: object) => {
    const {status, text} = await get(path, role, body);
    return {status, body: JSON.parse(text) as Answered};
  };
  const say = await sayer(kafka, topic, registryUrl);
  await eventually(async () => (await ask('/api/v1/targets', 'viewer')).status === 200, {
    what: 'the API',
    deadlineMs: 60_000,
  });
  return {
    ...{target, otlp, topic, say, get, ask},
    log: () => readFile(join(folder, 'log')),
    auditFile: () => readFile(join(folder, 'audit.jsonl')),
    end: () => program.end('SIGTERM'),
    async close() {
      await program.end('SIGKILL');
      await Promise.allSettled([
        kafka.close(),
        redis.close(),
        target.close(),
        otlp.close(),
        rm(folder, {recursive: true}),
      ]);
    },
  };
}

/** Tells events; bytes for what is none. */
async function sayer(kafka: Awaited<ReturnType<typeof openKafka>>, topic: string, registryUrl: string) {
  const encoder = createEncoder(JSON.parse(readCanonicalSchema()) as Schema);
  const registry = createRegistry({url: registryUrl, timeoutMs: 10_000});
  const registered = await registry.register(`${topic}-value`, readCanonicalSchema());
  registry.close();
  if (!registered.ok) throw new Error(registered.failure.message);
  let clock = Date.now() - 60_000;
  return async (...said: (readonly [key: string, body: object | Buffer])[]): Promise<void> => {
    const records = said.map(([key, body]) => {
      const head = {eventId: randomUUID(), occurredAt: (clock += 1), source: 'hr'};
      const event = Buffer.isBuffer(body) ? undefined : encoder.read({...head, ...body});
      if (event && !event.ok) throw new Error(event.failure.message);
      const value = event ? encoder.frame(event.value, registered.value) : (body as Buffer);
      return {key, value, headers: {who: 'header-of-zelda-4711'}};
    });
    await kafka.produce(topic, records);
  };
}
