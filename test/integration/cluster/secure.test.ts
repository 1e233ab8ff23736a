import {afterAll, beforeAll, expect, jest, test} from '@jest/globals';
import {randomUUID} from 'node:crypto';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Redis} from 'ioredis';
import {freePort} from '../../../scripts/services/ports.ts';
import {startKafka} from '../../../scripts/services/index.ts';
import {createLed} from '../../../scripts/services/topic.ts';
import {startProgram} from '../../faults/program.ts';
import {listenerTls, makeCertificates} from '../../support/certificates.ts';
import {eventually} from '../../support/eventually.ts';
import {openKafka} from '../../support/kafka.ts';
import {startRecordingTarget, type RecordingTarget} from '../../support/recording-target.ts';
import {services} from '../../support/services.ts';
import {openTerminal} from '../../support/terminal.ts';
import {openNodes} from './nodes.ts';

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'avro-scim-secure-'));
const nodes = openNodes();
const passwords = {kafka: `k-${randomUUID()}`, redis: `r-${randomUUID()}`};
const topic = 'identity.events';
const prefix = 'avro-scim';
/** docs/cluster.md: all that the program asks of Redis, and of no other keys. */
const rights = [
  '~{avro-scim:*',
  '-@all',
  '+@read',
  '+@write',
  '+@connection',
  '+@transaction',
  '+@scripting',
  '+@blocking',
  '+info',
];

let broker: Awaited<ReturnType<typeof startKafka>>;
let target: RecordingTarget;
let tlsPort: number;
beforeAll(async () => {
  makeCertificates(folder);
  for (const [name, text] of Object.entries(passwords)) writeFileSync(join(folder, name), `${text}\n`);
  const jaas = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const file = (name: string): string => join(folder, name);
  tlsPort = await freePort();
  const tls = [
    '--tls-cert-file',
    file('server.pem'),
    '--tls-key-file',
    file('server.key'),
    '--tls-ca-cert-file',
    file('ca.pem'),
  ];
  const [started, store] = await Promise.all([
    startKafka({
      log: () => undefined,
      listeners: {SECURE: 'SASL_SSL'},
      scramUsers: {'avro-scim': passwords.kafka},
      properties: {
        ...listenerTls(folder, 'secure'),
        'listener.name.secure.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
        'listener.name.secure.scram-sha-512.sasl.jaas.config': jaas,
      },
    }),
    nodes.start(['--tls-port', String(tlsPort), ...tls, '--tls-auth-clients', 'yes']),
  ]);
  broker = started;
  await store.redis.call('ACL', 'SETUSER', 'avro-scim', 'on', `>${passwords.redis}`, ...rights);
  await store.redis.call('ACL', 'SETUSER', 'default', 'off');
  const kafka = await openKafka(broker.brokers);
  await createLed(kafka.admin, {topic, numPartitions: 1});
  await kafka.close();
  target = await startRecordingTarget();
}, 120_000);
afterAll(async () => {
  await target.close();
  await broker.remove();
  await nodes.close();
  rmSync(folder, {recursive: true, force: true});
});

/** The config, with secrets as `secret` writes them. */
const configOf = (secret: (name: string) => string): object => {
  const tls = {ca: secret('ca.pem'), cert: secret('client.pem'), key: secret('client.key')};
  const sasl = {mechanism: 'scram-sha-512', username: 'avro-scim', password: secret('kafka')};
  const account = {username: 'avro-scim', password: secret('redis')};
  return {
    kafka: {brokers: [broker.listeners['SECURE']], topics: [topic], tls, sasl},
    registry: {url: services().registryUrl},
    redis: {
      url: `rediss://${account.username}:${account.password}@127.0.0.1:${tlsPort}/0`,
      prefix,
      tls,
      fsyncIntervalMs: 1,
    },
    admin: {port: 0},
    targets: {
      here: {
        connector: 'scim',
        config: {baseUrl: target.url, auth: {bearer: 'of-a-test'}},
        rate: {requests: 100, perSeconds: 1},
      },
    },
  };
};

test('the whole program over TLS with client certificates, SCRAM at Kafka and a user of few rights at Redis', async () => {
  const command = openTerminal(configOf((name) => readFileSync(join(folder, name), 'utf8').trim()));
  const checked = await command('check', [], {}, false);
  expect(checked.printed.filter((line) => /^(wrong|unreachable)/i.test(line))).toEqual([]);
  expect(checked.code).toBe(0);

  const events = join(folder, 'events.jsonl');
  const lines = [
    {id: 'ada', active: true},
    {id: 'bob', active: true},
    {id: 'ada', active: false},
  ].map(({id, active}, i) => {
    const user = {id, userName: id, active};
    return JSON.stringify({
      key: id,
      value: {eventId: randomUUID(), occurredAt: 1_790_000_000_000 + i, source: 'hr', user},
    });
  });
  writeFileSync(events, `${lines.join('\n')}\n`);
  expect(await command('publish', [events], {topic})).toMatchObject({code: 0});

  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify(configOf((name) => `\${file:${join(folder, name)}}`)));
  const log = join(folder, 'log');
  const program = startProgram(config, log, {});
  try {
    const activeOf = (id: string): unknown =>
      [...target.users.values()].find(({externalId}) => externalId === id)?.['active'];
    await eventually(() => activeOf('bob') === true, {what: 'bob', deadlineMs: 40_000});
    expect(activeOf('ada')).not.toBe(true);
    expect(await program.end('SIGTERM')).toBe(0);
  } finally {
    await program.end('SIGKILL');
  }
  const said = readFileSync(log, 'utf8');
  expect(said.split('\n').filter((line) => line.includes('"level":"error"'))).toEqual([]);
  for (const password of Object.values(passwords)) expect(said).not.toContain(password);
});

test('Redis takes nobody without the certificate', async () => {
  const ca = readFileSync(join(folder, 'ca.pem'), 'utf8');
  const stranger = new Redis({
    host: '127.0.0.1',
    port: tlsPort,
    tls: {ca},
    lazyConnect: true,
    retryStrategy: () => null,
  });
  stranger.on('error', () => undefined);
  await expect(stranger.connect()).rejects.toThrow();
  stranger.disconnect();
});
