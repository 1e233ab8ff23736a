import {createServer, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {afterEach, describe, expect, test} from '@jest/globals';
import {createRegistry, type Registry, type RegistryConfig} from './registry.ts';

interface Seen {
  request: string;
  authorization: string | undefined;
}
let server: Server | undefined;
let registry: Registry | undefined;
let seen: Seen[] = [];

afterEach(async () => {
  registry?.close();
  const closing = server;
  if (closing) {
    await new Promise((resolve) => {
      closing.close(resolve);
      closing.closeAllConnections();
    });
  }
  [server, registry, seen] = [undefined, undefined, []];
});

/** A registry at a server that answers as told. */
async function registryAt(
  answer: (response: ServerResponse, request: string) => void,
  more: Partial<RegistryConfig> = {},
) {
  const listening = createServer((request, response) => {
    const line = `${request.method ?? ''} ${request.url ?? ''}`;
    seen.push({request: line, authorization: request.headers.authorization});
    answer(response, line);
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/api/`;
  const config = {url, timeoutMs: 2_000, ...more};
  registry = createRegistry(config);
  return {registry, config};
}

const json =
  (status: number, body: object) =>
  (response: ServerResponse): void =>
    void response
      .writeHead(status, {'content-type': 'application/vnd.schemaregistry.v1+json'})
      .end(JSON.stringify(body));
const html =
  (status: number) =>
  (response: ServerResponse): void =>
    void response.writeHead(status, {'content-type': 'text/html'}).end('<html>away</html>');

test('a schema by its id', async () => {
  const {registry} = await registryAt(json(200, {schema: '{"type":"record","name":"A","fields":[]}'}));
  const found = await registry.schema(7);
  expect(found.ok && found.value.name).toBe('A');
  expect(seen).toEqual([{request: 'GET /api/schemas/ids/7', authorization: undefined}]);
});

test.each([
  [
    'an unknown id',
    json(404, {error_code: 40403, message: 'Schema not found'}),
    'undecodable',
    'the registry has no schema 7',
  ],
  [
    'JSON Schema',
    json(200, {schemaType: 'JSON', schema: '{"type":"object"}'}),
    'undecodable',
    'schema 7 is not an Avro schema',
  ],
  ['nonsense', json(200, {schema: '{"type":"rekord"}'}), 'undecodable', 'schema 7 is not valid'],
  ['a proxy that knows no such path', html(404), 'unavailable', 'the registry does not answer'],
  [
    'an error',
    json(500, {error_code: 50001, message: 'store'}),
    'unavailable',
    'the registry does not answer: store',
  ],
  ['a page', html(503), 'unavailable', 'the registry does not answer'],
  ['401', json(401, {error_code: 401, message: 'no'}), 'unavailable', 'the registry refuses the credential'],
  ['silence', () => undefined, 'unavailable', 'the registry does not answer'],
  [
    'a broken connection',
    (response: ServerResponse) => response.destroy(),
    'unavailable',
    'the registry does not answer',
  ],
])('%s', async (_name, answer, kind, message) => {
  const {registry} = await registryAt(answer, {timeoutMs: 300});
  expect(await registry.schema(7)).toMatchObject({
    ok: false,
    failure: {kind, message: expect.stringContaining(message)},
  });
});

test('nobody listening', async () => {
  registry = createRegistry({url: 'http://127.0.0.1:1', timeoutMs: 1_000});
  const message = 'the registry does not answer: connect ECONNREFUSED 127.0.0.1:1';
  expect(await registry.schema(7)).toMatchObject({failure: {kind: 'unavailable', message}});
  expect(await registry.check()).toMatchObject({failure: {kind: 'unavailable', message}});
});

test('the credential is read at each request', async () => {
  const config: RegistryConfig = {url: '', timeoutMs: 1_000, auth: {bearer: 'first'}};
  const {config: made} = await registryAt(json(404, {error_code: 40403, message: 'x'}));
  const rotating = createRegistry(() => ({...config, url: made.url}));
  await rotating.schema(1);
  config.auth = {basic: {username: 'u', password: 'p'}};
  await rotating.schema(2);
  rotating.close();
  const basic = `Basic ${Buffer.from('u:p').toString('base64')}`;
  expect(seen.map(({authorization}) => authorization)).toEqual(['Bearer first', basic]);
});

describe('check', () => {
  test.each([
    ['no such subject', json(404, {error_code: 40401, message: 'Subject not found'}), {ok: true}],
    ['refused', json(403, {message: 'no'}), {ok: false, failure: {kind: 'unauthorized'}}],
    ['another web server', html(404), {ok: false, failure: {kind: 'unavailable'}}],
  ])('%s', async (_name, answer, expected) => {
    const {registry} = await registryAt(answer);
    expect(await registry.check()).toMatchObject(expected);
  });
});

describe('register', () => {
  const schema = '{"type":"record","name":"A","namespace":"n","fields":[]}';

  test('finds the schema that is there', async () => {
    const {registry} = await registryAt(json(200, {id: 3}));
    expect(await registry.register('t-value', schema)).toEqual({ok: true, value: 3});
    expect(seen.map(({request}) => request)).toEqual(['POST /api/subjects/t-value']);
  });

  test.each(['BACKWARD', 'FULL_TRANSITIVE'])(
    'keeps the level of the subject, %s',
    async (compatibilityLevel) => {
      const {registry} = await registryAt((response, request) => {
        if (request.includes('/config/')) json(200, {compatibilityLevel})(response);
        else if (request.endsWith('/versions')) json(200, {id: 5})(response);
        else json(404, {error_code: 40401, message: 'Subject not found'})(response);
      });
      expect(await registry.register('t-value', schema)).toEqual({ok: true, value: 5});
      expect(seen.some(({request}) => request.startsWith('PUT'))).toBe(false);
    },
  );

  test('a schema that the registry refuses is rejected', async () => {
    const {registry} = await registryAt((response, request) => {
      if (request.endsWith('/versions')) json(409, {error_code: 409, message: 'incompatible'})(response);
      else json(404, {error_code: 40401, message: 'Subject not found'})(response);
    });
    expect(await registry.register('t-value', schema)).toMatchObject({
      failure: {kind: 'rejected', message: expect.stringContaining('incompatible')},
    });
  });
});
