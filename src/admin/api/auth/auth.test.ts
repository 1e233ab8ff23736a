import {describe, expect, test} from '@jest/globals';
import {as, rig, tokenOf} from '../testing/rig.ts';

const retry = {method: 'POST', url: '/api/v1/dead-letters/retry'} as const;
const payload = {letters: [{target: 'wiki', id: '1'}]};

describe('with tokens', () => {
  test.each([
    ['none', {}],
    ['an unknown one', {authorization: 'Bearer other'}],
    ['another scheme', {authorization: `Basic ${tokenOf('viewer')}`}],
    ['an empty one', {authorization: 'Bearer '}],
    ['two', {authorization: `Bearer ${tokenOf('viewer')} ${tokenOf('viewer')}`}],
  ])('%s: 401, and how to sign in', async (_, headers) => {
    const answer = await rig().inject({url: '/api/v1/targets', headers});
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('Bearer');
    expect(answer.json()).toMatchObject({type: 'urn:avro-scim:problem:not-signed-in', status: 401});
  });

  test('each address but the document and the sign-in needs one', async () => {
    const app = rig();
    const {paths} = (await app.inject('/api/openapi.json')).json<{paths: Record<string, object>}>();
    for (const [path, methods] of Object.entries(paths)) {
      for (const method of Object.keys(methods)) {
        const url = path.replaceAll(/\{\w+\}/g, 'x');
        const answer = await app.inject({method: method as 'POST', url, payload: {token: 'none'}});
        const isOpen = `${method} ${path}` === 'delete /session';
        expect([method, path, answer.statusCode]).toEqual([method, path, isOpen ? 204 : 401]);
      }
    }
    expect(Object.keys(paths).length).toBeGreaterThan(10);
    expect(app.calls).toEqual([]);
  });

  test.each([
    ['/api/v1/dead-letters/retry', 'viewer', 403],
    ['/api/v1/dead-letters/retry', 'operator', 200],
    ['/api/v1/holds/approve', 'operator', 403],
    ['/api/v1/holds/approve', 'approver', 200],
    ['/api/v1/subjects/u/lift', 'operator', 403],
  ] as const)('%s by a %s: %s', async (url, role, status) => {
    const app = rig();
    const body = url.includes('holds')
      ? {holds: [{target: 'wiki', subject: 'u'}]}
      : url.includes('lift')
        ? {}
        : payload;
    const answer = await app.inject({method: 'POST', url, headers: as(role), payload: body});
    expect(answer.statusCode).toBe(status);
    if (status === 403) {
      expect(answer.json()).toMatchObject({role: expect.stringMatching(/operator|approver/)});
      expect(app.calls).toEqual([]);
    }
  });

  test('the role is asked for before the body is looked at', async () => {
    const answer = await rig().inject({...retry, headers: as('viewer'), payload: {}});
    expect(answer.statusCode).toBe(403);
  });
});

describe('without a sign-in', () => {
  const get = (headers: object, url = '/api/v1/targets') =>
    rig({auth: null}).inject({url, headers: {...headers}});

  test('this machine reads, masked, and does nothing', async () => {
    const app = rig({auth: null});
    const host = 'localhost:9464';
    expect((await app.inject({url: '/api/v1/targets', headers: {host}})).statusCode).toBe(200);
    const write = await app.inject({...retry, headers: {host}, payload});
    expect(write.statusCode).toBe(403);
    expect(write.json()).toMatchObject({detail: expect.stringContaining('read-only')});
    const unmasked = await app.inject({url: '/api/v1/subjects/u?unmask=true', headers: {host}});
    expect(unmasked.statusCode).toBe(403);
    expect(app.calls).toEqual([]);
  });

  test.each(['evil.example', '127.0.0.1.evil.example:9464', '10.0.0.7:9464', 'localhost.', '[::2]'])(
    'the name %s in the Host header is refused',
    async (host) => {
      expect((await get({host})).statusCode).toBe(403);
      expect((await get({host}, '/livez')).statusCode).toBe(200);
    },
  );

  test.each(['127.0.0.1:9464', 'LOCALHOST', '[::1]:1', '127.8.8.8'])('%s is this machine', async (host) => {
    expect((await get({host})).statusCode).toBe(200);
  });

  test('where others could ask there is no API; health and metrics there are', async () => {
    const app = rig({auth: null, host: '0.0.0.0'});
    for (const url of ['/api/v1/targets', '/session', '/api/openapi.json']) {
      const answer = await app.inject({url, headers: {host: '127.0.0.1'}});
      expect([answer.statusCode, answer.json<{detail: string}>().detail]).toEqual([
        403,
        expect.stringContaining('admin.auth'),
      ]);
    }
    expect((await app.inject('/readyz')).statusCode).toBe(200);
  });
});

describe('a page of another site', () => {
  test.each([
    ['cross-site', {'sec-fetch-site': 'cross-site'}, 403],
    ['same-site', {'sec-fetch-site': 'same-site'}, 403],
    ['of another origin', {origin: 'https://evil.example', host: 'ops.example'}, 403],
    ['without an origin of its own', {origin: 'null', host: 'ops.example'}, 403],
    ['our own', {'sec-fetch-site': 'same-origin', origin: 'https://ops.example', host: 'inner'}, 200],
    ['our own, of an older browser', {origin: 'https://ops.example', host: 'ops.example'}, 200],
    ['no page', {}, 200],
  ])('%s', async (_, headers, status) => {
    const app = rig();
    const answer = await app.inject({...retry, headers: {...as('operator'), ...headers}, payload});
    expect(answer.statusCode).toBe(status);
    expect(app.calls).toHaveLength(status === 200 ? 1 : 0);
  });
});

describe('a session', () => {
  const begin = (token: string, headers: object = {}) =>
    rig().inject({method: 'POST', url: '/session', payload: {token}, headers: {...headers}});

  test('is the token in a cookie that no script reads and no other site sends', async () => {
    const answer = await begin(tokenOf('operator'), {host: 'ops.example'});
    expect(answer.json()).toEqual({name: 'the operator', role: 'operator', via: 'token'});
    expect(answer.headers['set-cookie']).toBe(
      `avro-scim-session=${tokenOf('operator')}; Path=/; HttpOnly; SameSite=Strict; Secure`,
    );
    expect((await begin(tokenOf('viewer'), {host: '127.0.0.1:9464'})).headers['set-cookie']).not.toContain(
      'Secure',
    );
  });

  test('signs in, says who it is, and ends', async () => {
    const app = rig();
    const cookie = `other=1; avro-scim-session=${tokenOf('operator')}`;
    expect((await app.inject({url: '/session', headers: {cookie}})).json()).toMatchObject({role: 'operator'});
    expect((await app.inject({...retry, headers: {cookie}, payload})).statusCode).toBe(200);
    const ended = await app.inject({method: 'DELETE', url: '/session', headers: {cookie}});
    expect([ended.statusCode, ended.headers['set-cookie']]).toEqual([
      204,
      expect.stringContaining('Max-Age=0'),
    ]);
  });

  test('is not begun with an unknown token, nor by a page of another site', async () => {
    const unknown = await begin('other');
    expect([unknown.statusCode, unknown.headers['set-cookie']]).toEqual([401, undefined]);
    const foreign = await begin(tokenOf('viewer'), {'sec-fetch-site': 'cross-site'});
    expect([foreign.statusCode, foreign.headers['set-cookie']]).toEqual([403, undefined]);
  });

  test('there is none where nobody signs in', async () => {
    const answer = await rig({auth: null}).inject({
      ...{method: 'POST', url: '/session', payload: {token: 'x'}},
      headers: {host: 'localhost'},
    });
    expect(answer.statusCode).toBe(409);
  });
});
