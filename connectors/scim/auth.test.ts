import {describe, expect, test} from '@jest/globals';
import {exportPKCS8, exportSPKI, generateKeyPair, importSPKI, jwtVerify} from 'jose';
import {bearerTimes} from './auth.ts';
import {createClient} from './client.ts';
import {configSchema} from './manifest.ts';
import {options, scripted} from './testing/scripted.ts';

const tokenUrl = 'https://login.example/token';
const client = {tokenUrl, clientId: 'id', clientSecret: 's3cret'};
const read = {method: 'GET', path: '/Users/1', operation: 'read user'} as const;
const isToken = (url: URL): boolean => url.href === tokenUrl;

test('bearer and basic, as the config is at each use', async () => {
  const made = scripted({auth: {bearer: ' t1\n'}}, () => [200, {id: '1'}]);
  const {context, requests} = made;
  const ask = createClient(context);
  await ask(read, options);
  made.configure({auth: {bearer: 't2'}});
  await ask(read, options);
  made.configure({auth: {basic: {username: 'u', password: 'p:w'}}});
  await ask(read, options);
  expect(requests.map(({headers}) => headers?.['authorization'])).toEqual([
    'Bearer t1',
    'Bearer t2',
    `Basic ${btoa('u:p:w')}`,
  ]);
  expect(requests[0]?.headers?.['user-agent']).toMatch(/^avro-scim\/\d/);
});

test('a secret that is rotated while a request is under way: a 401 is asked once more with the new one', async () => {
  const made = scripted({auth: {bearer: 'old'}}, ({headers}, nth) => {
    if (nth === 1) made.configure({auth: {bearer: 'new'}});
    return headers?.['authorization'] === 'Bearer new' ? [200, {id: '1'}] : [401];
  });
  expect(await createClient(made.context)(read, options)).toMatchObject({ok: true});
  expect(made.requests.length).toBe(2);
});

test('a 401 with nothing new to offer is not asked again', async () => {
  const {context, requests} = scripted({auth: {bearer: 'old'}}, () => [401, '<html>']);
  expect(await createClient(context)(read, options)).toMatchObject({
    ok: false,
    failure: {kind: 'unauthorized', cause: '401 not JSON'},
  });
  expect(requests.length).toBe(1);
});

test.each<[string, object, string, string]>([
  ['bearer tokens', {bearer: ['old', 'new']}, 'Bearer old', 'Bearer new'],
  [
    'passwords',
    {basic: {username: 'u', password: ['old', 'new']}},
    `Basic ${btoa('u:old')}`,
    `Basic ${btoa('u:new')}`,
  ],
])(
  'of two %s the second is used once the first is refused, and from then on',
  async (_name, auth, old, next) => {
    const made = scripted({auth}, ({headers}) =>
      headers?.['authorization'] === next ? [200, {id: '1'}] : [401],
    );
    const ask = createClient(made.context);
    expect(await ask(read, options)).toMatchObject({ok: true});
    expect(await ask(read, options)).toMatchObject({ok: true});
    expect(made.requests.map(({headers}) => headers?.['authorization'])).toEqual([old, next, next]);
  },
);

test.each<[string, object, (body: URLSearchParams, headers: Record<string, string>) => unknown]>([
  [
    'client secrets',
    {clientSecret: ['old', 'new'], clientSecretIn: 'body'},
    (form) => form.get('client_secret'),
  ],
  [
    'client secrets in a header',
    {clientSecret: ['old', 'new']},
    (_form, headers) => atob(headers['authorization']?.replace('Basic ', '') ?? '').split(':')[1],
  ],
])('of two %s the second is tried where the first is refused', async (_name, more, secretIn) => {
  const asked: unknown[] = [];
  const {context} = scripted(
    {auth: {oauth2: {tokenUrl, clientId: 'id', ...more}}},
    ({url, body, headers}) => {
      if (!isToken(url)) return [200, {id: '1'}];
      asked.push(secretIn(new URLSearchParams(body), headers ?? {}));
      return asked.at(-1) === 'new' ? [200, {access_token: 'a'}] : [401, {error: 'invalid_client'}];
    },
  );
  expect(await createClient(context)(read, options)).toMatchObject({ok: true});
  expect(asked).toEqual(['old', 'new']);
});

describe('an OAuth client', () => {
  const tokens = (more: object = {expires_in: 600}) => {
    let issued = 0;
    return scripted({auth: {oauth2: client}}, ({url}) =>
      isToken(url) ? [200, {access_token: `a${++issued}`, ...more}] : [200, {id: '1'}],
    );
  };

  test('fetches one token for all who wait, and the next before the first ends', async () => {
    const {context, requests, clock} = tokens();
    const ask = createClient(context);
    await Promise.all([ask(read, options), ask(read, options), ask(read, options)]);
    expect(requests.filter(({url}) => isToken(url)).length).toBe(1);
    expect(requests[0]?.headers?.['authorization']).toBe(`Basic ${btoa('id:s3cret')}`);
    expect(requests[0]?.body).toBe('grant_type=client_credentials');
    clock.now += 539_000;
    await ask(read, options);
    expect(requests.at(-1)?.headers?.['authorization']).toBe('Bearer a1');
    clock.now += 2_000;
    await ask(read, options);
    expect(requests.at(-1)?.headers?.['authorization']).toBe('Bearer a2');
  });

  test('replaces a token that the target refuses, once', async () => {
    let issued = 0;
    const {context, requests} = scripted({auth: {oauth2: client}}, ({url, headers}) => {
      if (isToken(url)) return [200, {access_token: `a${++issued}`}];
      return headers?.['authorization'] === 'Bearer a2' ? [200, {id: '1'}] : [401];
    });
    expect(await createClient(context)(read, options)).toMatchObject({ok: true});
    expect(requests.map(({url}) => url.pathname)).toEqual([
      '/token',
      '/scim/v2/Users/1',
      '/token',
      '/scim/v2/Users/1',
    ]);
  });

  test('sends its token to the target alone, and its secret to the token endpoint alone', async () => {
    const {context, requests} = tokens();
    await createClient(context)(read, options);
    for (const {url, headers, body} of requests) {
      const text = JSON.stringify([headers, body]);
      expect(text.includes('a1')).toBe(url.host === 'wiki.example');
      expect(text.includes(btoa('id:s3cret'))).toBe(url.host === 'login.example');
    }
  });

  test.each([
    [401, {error: 'invalid_client'}, 'unauthorized', 'token 401 invalid_client'],
    [400, {error: 'invalid_scope', error_description: 's3cret'}, 'unauthorized', 'token 400 invalid_scope'],
    [503, 's3cret', 'unavailable', 'token 503'],
    [200, '<html>s3cret', 'transient', 'token missing'],
  ])('a token endpoint that answers %i %j', async (status, body, kind, cause) => {
    const inBody = {...client, clientSecretIn: 'body', scope: 'scim'};
    const {context, requests} = scripted({auth: {oauth2: inBody}}, () => [status, body]);
    const result = await createClient(context)(read, options);
    expect(result).toMatchObject({ok: false, failure: {kind, cause}});
    expect(JSON.stringify(result)).not.toContain('s3cret');
    expect(requests[0]?.body).toBe(
      'grant_type=client_credentials&scope=scim&client_id=id&client_secret=s3cret',
    );
  });

  test('proves itself with a private key (RFC 7523)', async () => {
    const {privateKey, publicKey} = await generateKeyPair('ES256', {extractable: true});
    const oauth2 = {
      tokenUrl,
      clientId: 'id',
      privateKey: await exportPKCS8(privateKey),
      keyId: 'k1',
      alg: 'ES256',
    };
    const {context, requests, clock} = scripted({auth: {oauth2}}, ({url}) =>
      isToken(url) ? [200, {access_token: 'a'}] : [200, {id: '1'}],
    );
    expect(await createClient(context)(read, options)).toMatchObject({ok: true});
    const form = new URLSearchParams(requests[0]?.body);
    const key = await importSPKI(await exportSPKI(publicKey), 'ES256');
    const {payload, protectedHeader} = await jwtVerify(form.get('client_assertion') ?? '', key, {
      audience: tokenUrl,
      currentDate: new Date(clock.now),
    });
    expect(payload).toMatchObject({iss: 'id', sub: 'id', jti: expect.any(String)});
    expect(protectedHeader).toEqual({alg: 'ES256', kid: 'k1'});
  });

  test('with a key that is none says so, without the key', async () => {
    const oauth2 = {tokenUrl, clientId: 'id', privateKey: 'n0t a key'};
    const {context} = scripted({auth: {oauth2}}, () => [500]);
    const result = await createClient(context)(read, options);
    expect(result).toMatchObject({ok: false, failure: {kind: 'unauthorized', cause: 'private key'}});
    expect(JSON.stringify(result)).not.toContain('n0t');
  });
});

test.each([
  [{}, 'exactly one of bearer, basic and oauth2'],
  [{bearer: 'a', basic: {username: 'u', password: 'p'}}, 'exactly one of bearer, basic and oauth2'],
  [{oauth2: {tokenUrl, clientId: 'id'}}, 'one of clientSecret and privateKey'],
])('auth %j is refused', (auth, message) => {
  const read = configSchema.safeParse({baseUrl: 'https://wiki.example', auth});
  expect(read.error?.issues.map((issue) => issue.message).join()).toContain(message);
});

test('a bearer token that is a JWT tells when it ends', () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const bearer = `${part({alg: 'none'})}.${part({iat: 1, exp: 2})}.x`;
  expect(bearerTimes({bearer})).toEqual({credentialCreatedAt: 1000, credentialExpiresAt: 2000});
  const later = `${part({alg: 'none'})}.${part({iat: 3, exp: 9})}.x`;
  expect(bearerTimes({bearer: [later, bearer]})).toEqual({
    credentialCreatedAt: 3000,
    credentialExpiresAt: 9000,
  });
  expect(bearerTimes({bearer: 'a.b.c'})).toEqual({});
  expect(bearerTimes({bearer: 'opaque'})).toEqual({});
});
