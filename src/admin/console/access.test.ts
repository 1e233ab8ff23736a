import {expect, test} from '@jest/globals';
import {consoleRig} from './testing/rig.ts';

test('signing in: a cookie that no script reads; back to the page that was asked for, and nowhere else', async () => {
  const {post} = await consoleRig();
  const signed = await post('/sign-in', {token: 'operator-token', next: '/subject?id=u1'});
  expect([signed.status, signed.headers['location']]).toEqual([303, '/subject?id=u1']);
  expect(signed.headers['set-cookie']).toMatch(/HttpOnly; SameSite=Strict/);
  for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', '/sign-out'])
    expect((await post('/sign-in', {token: 'operator-token', next})).headers['location']).toBe('/');
  const wrong = await post('/sign-in', {token: 'no'});
  expect([wrong.status, wrong.headers['set-cookie']]).toEqual([401, undefined]);
  expect((await post('/sign-out', {}, 'operator')).headers['set-cookie']).toContain('Max-Age=0');
});

test('a request that another site makes a browser send is refused', async () => {
  const {app, calls} = await consoleRig();
  const answer = await app.inject({
    ...{method: 'POST', url: '/act/retry-letter?target=wiki&id=x', payload: 'reason=x'},
    headers: {
      ...{
        host: 'localhost',
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'cross-site',
      },
      cookie: 'avro-scim-session=operator-token',
    },
  });
  expect([answer.statusCode, calls]).toEqual([403, []]);
});

test('without sign-in it is read-only for this machine, and off for others', async () => {
  const open = await consoleRig({auth: null});
  const {status, text} = await open.get('/');
  expect([status, text]).toEqual([200, expect.stringContaining('Read-only: no sign-in is configured')]);
  expect((await open.get('/subject?id=u1')).text).not.toContain('/act/');
  const act = await open.post('/act/retry-letter?target=wiki&id=events%2F0%2F1', {reason: 'x'});
  expect([act.status, open.calls.some(([name]) => name === 'retried')]).toEqual([403, false]);
  const rebound = await open.app.inject({url: '/', headers: {host: 'evil.example'}});
  expect(rebound.statusCode).toBe(403);
  const off = await consoleRig({auth: null, host: '0.0.0.0'});
  expect((await off.get('/')).status).toBe(403);
});
