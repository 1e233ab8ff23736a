import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals';
import {startKafka} from '../../scripts/services/index.ts';
import {createKafka, type ClientConfig} from '../../src/stages/source/client.ts';
import {listenerTls, makeCertificates} from '../support/certificates.ts';

const silent = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined};
const users = {reader: 'right'};

let folder = '';
let broker: Awaited<ReturnType<typeof startKafka>>;
let tokens: Server;
const pem = (name: string) => readFileSync(join(folder, name), 'utf8');

const modules = 'org.apache.kafka.common.security';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'avro-scim-client-'));
  makeCertificates(folder);
  broker = await startKafka({
    log: () => undefined,
    listeners: {SASL: 'SASL_PLAINTEXT', TLS: 'SSL'},
    scramUsers: users,
    properties: {
      'listener.name.sasl.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
      'listener.name.sasl.plain.sasl.jaas.config': `${modules}.plain.PlainLoginModule required user_reader="right";`,
      'listener.name.sasl.scram-sha-256.sasl.jaas.config': `${modules}.scram.ScramLoginModule required;`,
      'listener.name.sasl.scram-sha-512.sasl.jaas.config': `${modules}.scram.ScramLoginModule required;`,
      'listener.name.sasl.oauthbearer.sasl.jaas.config': `${modules}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
      ...listenerTls(folder, 'tls'),
    },
  });
  tokens = createServer((request, response) => {
    const basic = `Basic ${Buffer.from('reader:right').toString('base64')}`;
    if (request.headers.authorization !== basic) response.writeHead(401).end();
    else response.end(JSON.stringify({access_token: unsecuredToken(), expires_in: 600}));
  });
  await new Promise<void>((resolve) => tokens.listen(0, '127.0.0.1', resolve));
}, 120_000);

afterAll(async () => {
  tokens.closeAllConnections();
  await new Promise((resolve) => tokens.close(resolve));
  rmSync(folder, {recursive: true, force: true});
  await broker.remove();
});

/** What Kafka's unsecured validator takes (RFC 7515 appendix A.5): a token without a signature. */
function unsecuredToken(): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (body: object) => Buffer.from(JSON.stringify(body)).toString('base64url');
  return `${part({alg: 'none'})}.${part({sub: 'reader', iat: now, exp: now + 600})}.`;
}

async function connect(
  config: Omit<ClientConfig, 'brokers' | 'clientId'>,
  listener: 'SASL' | 'TLS',
): Promise<number> {
  const address = broker.listeners[listener];
  if (address === undefined) throw new Error(`the broker has no listener ${listener}`);
  const kafka = createKafka({brokers: [address], clientId: 'test', ...config}, {log: silent, retries: 1});
  const admin = kafka.admin({retry: {retries: 0}});
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length;
  } finally {
    await admin.disconnect();
  }
}

const oauth = (clientSecret: string) => ({
  mechanism: 'oauthbearer' as const,
  tokenUrl: `http://127.0.0.1:${(tokens.address() as AddressInfo).port}/token`,
  clientId: 'reader',
  clientSecret,
});

describe('SASL', () => {
  test.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    '%s',
    async (mechanism) => {
      const sasl = (password: string) => ({sasl: {mechanism, username: 'reader', password}});
      expect(await connect(sasl('right'), 'SASL')).toBe(1);
      await expect(connect(sasl('wrong'), 'SASL')).rejects.toThrow(/SASL/);
    },
    60_000,
  );

  test('oauthbearer', async () => {
    expect(await connect({sasl: oauth('right')}, 'SASL')).toBe(1);
    await expect(connect({sasl: oauth('wrong')}, 'SASL')).rejects.toThrow(/answers 401/);
  }, 60_000);
});

describe('TLS', () => {
  test('with a client certificate, and not without one', async () => {
    const tls = {ca: pem('ca.pem'), cert: pem('client.pem'), key: pem('client.key')};
    expect(await connect({tls}, 'TLS')).toBe(1);
    expect(await connect({tls: {...tls, serverName: 'broker.example'}}, 'TLS')).toBe(1);
    await expect(connect({tls: {ca: tls.ca}}, 'TLS')).rejects.toThrow();
  }, 120_000);

  test('a broker whose authority is not known is refused', async () => {
    await expect(connect({tls: true}, 'TLS')).rejects.toThrow(/certificate|self-signed/);
  }, 120_000);
});
