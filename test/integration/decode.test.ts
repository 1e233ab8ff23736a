import {execFileSync} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {TLSSocket} from 'node:tls';
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals';
import avro, {type Schema} from 'avsc';
import {
  createDecoder,
  createEncoder,
  createRegistry,
  readCanonicalSchema,
} from '../../src/stages/decode/index.ts';
import {services} from '../support/services.ts';

const readerSchema = JSON.parse(readCanonicalSchema()) as Schema;
const meta = {eventId: '2f1f7d5a-4f0b-4a3c-9a53-0d8a3f1c9f11', occurredAt: 1_790_000_000_000, source: 'hr'};
const user = {id: 'u1', userName: 'ada', active: true};

const registry = createRegistry({url: services().registryUrl, timeoutMs: 5_000});
const decoder = createDecoder({registry, readerSchema, maxBytes: 100_000});
afterAll(() => registry.close());

const recordOf = (value: Buffer | null, key = 'u1') => ({
  topic: 't',
  partition: 0,
  offset: 0,
  timestamp: 1,
  key: Buffer.from(key),
  value,
  headers: {},
});
function framed(id: number, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(id, 1);
  return Buffer.concat([head, body]);
}
async function post(path: string, body: object): Promise<{id: number}> {
  const headers = {'content-type': 'application/vnd.schemaregistry.v1+json'};
  const answer = await fetch(services().registryUrl + path, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as {id: number};
}

describe('at a real registry', () => {
  test('the canonical schema, registered twice under one id', async () => {
    const subject = `test-${randomUUID()}-value`;
    const id = await registry.register(subject, readCanonicalSchema());
    expect(id.ok).toBe(true);
    expect(await registry.register(subject, readCanonicalSchema())).toEqual(id);
    const encoder = createEncoder(readerSchema);
    const event = encoder.read({...meta, user});
    if (!event.ok || !id.ok) throw new Error('expected an event and an id');
    expect(await decoder.decode(recordOf(encoder.frame(event.value, id.value)))).toMatchObject({
      ok: true,
      value: {kind: 'user', subject: 'u1', user: {...user, title: null, emails: []}, meta},
    });
  });

  test("a writer's schema in three parts that refer to each other", async () => {
    const [name, person] = [`n${randomUUID().replaceAll('-', '')}`, `p${randomUUID().replaceAll('-', '')}`];
    const field = (fieldName: string, type: unknown) => ({name: fieldName, type});
    const nameSchema = {
      type: 'record',
      name: 'Name',
      namespace: name,
      fields: [field('familyName', 'string')],
    };
    const personFields = [field('id', 'string'), field('userName', 'string'), field('active', 'boolean')];
    const personSchema = {
      type: 'record',
      name: 'Person',
      namespace: person,
      fields: [...personFields, field('name', `${name}.Name`)],
    };
    const eventSchema = {
      type: 'record',
      name: 'Event',
      fields: [
        field('eventId', {type: 'string', logicalType: 'uuid'}),
        field('occurredAt', {type: 'long', logicalType: 'timestamp-micros'}),
        field('source', 'string'),
        field('user', ['null', `${person}.Person`]),
      ],
    };
    const refer = (to: string, subject: string) => ({name: to, subject, version: 1});
    await post(`/subjects/${name}/versions`, {schema: JSON.stringify(nameSchema)});
    await post(`/subjects/${person}/versions`, {
      schema: JSON.stringify(personSchema),
      references: [refer(`${name}.Name`, name)],
    });
    const {id} = await post(`/subjects/test-${randomUUID()}/versions`, {
      schema: JSON.stringify(eventSchema),
      references: [refer(`${person}.Person`, person)],
    });
    const known = {registry: {}};
    for (const part of [nameSchema, personSchema]) avro.Type.forSchema(part as Schema, known);
    const writer = avro.Type.forSchema(eventSchema as Schema, known);
    const occurredAt = meta.occurredAt * 1000;
    const body = writer.toBuffer({...meta, occurredAt, user: {...user, name: {familyName: 'Byron'}}});
    const decoded = await decoder.decode(recordOf(framed(id, body)));
    expect(decoded).toMatchObject({ok: true, value: {kind: 'user', meta}});
    expect(
      decoded.ok && decoded.value.kind === 'user' && JSON.parse(JSON.stringify(decoded.value.user)),
    ).toEqual({
      ...user,
      name: {familyName: 'Byron'},
    });
  });

  test('an id that it does not know, and a schema that is not Avro', async () => {
    const unknown = await decoder.decode(recordOf(framed(0x7fffffff, Buffer.alloc(4))));
    expect(unknown).toMatchObject({failure: {kind: 'undecodable', cause: 'undecodable: unknown schema'}});
    const {id} = await post(`/subjects/test-${randomUUID()}/versions`, {
      schemaType: 'JSON',
      schema: '{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}',
    });
    const json = await decoder.decode(recordOf(framed(id, Buffer.from('{}'))));
    expect(json).toMatchObject({failure: {kind: 'undecodable', cause: 'undecodable: not Avro'}});
  });
});

describe('a registry that wants a client certificate', () => {
  let folder = '';
  const openssl = (...args: string[]) => execFileSync('openssl', args, {cwd: folder, stdio: 'ignore'});
  const pem = (name: string) => readFileSync(join(folder, name), 'utf8');

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'avro-scim-tls-'));
    writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1\n');
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    openssl('req', '-x509', ...key, '-days', '2', '-subj', '/CN=ca', '-keyout', 'ca.key', '-out', 'ca.pem');
    for (const name of ['server', 'client', 'renewed']) {
      openssl('req', ...key, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
      const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
      openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`);
    }
  });
  afterAll(() => rmSync(folder, {recursive: true, force: true}));

  test('is shown the one that the files hold by then, on a connection of its own', async () => {
    const shown: string[] = [];
    const server = createServer(
      {cert: pem('server.pem'), key: pem('server.key'), ca: pem('ca.pem'), requestCert: true},
      ({socket}, response) => {
        if (socket instanceof TLSSocket) shown.push(String(socket.getPeerCertificate().subject.CN));
        response.end(JSON.stringify({schema: '"string"'}));
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    let name = 'client';
    const registry = createRegistry(() => ({
      url,
      tls: {ca: pem('ca.pem'), cert: pem(`${name}.pem`), key: pem(`${name}.key`)},
      timeoutMs: 5_000,
    }));
    try {
      for (const id of [1, 2]) expect((await registry.schema(id)).ok).toBe(true);
      name = 'renewed';
      for (const id of [3, 4]) expect((await registry.schema(id)).ok).toBe(true);
      expect(shown).toEqual(['client', 'client', 'renewed', 'renewed']);
    } finally {
      registry.close();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    }
  });

  test('answers who has one, and no other', async () => {
    const server = createServer(
      {cert: pem('server.pem'), key: pem('server.key'), ca: pem('ca.pem'), requestCert: true},
      (_request, response) => response.end(JSON.stringify({schema: '"string"'})),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const withOne = {ca: pem('ca.pem'), cert: pem('client.pem'), key: pem('client.key')};
    const ask = async (tls: object) => {
      const client = createRegistry({url, tls, timeoutMs: 5_000});
      const found = await client.schema(1);
      client.close();
      return found;
    };
    try {
      expect((await ask(withOne)).ok).toBe(true);
      expect(await ask({ca: pem('ca.pem')})).toMatchObject({ok: false, failure: {kind: 'unavailable'}});
      expect(await ask({})).toMatchObject({ok: false, failure: {kind: 'unavailable'}});
    } finally {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    }
  });
});
