import {expect, test} from '@jest/globals';
import {letter} from '../api/testing/rig.ts';
import {refused} from '../api/problem.ts';
import {consoleRig} from './testing/rig.ts';

const pages = [
  '/',
  '/target?name=wiki',
  '/dead-letters',
  '/dead-letters/cause?target=wiki&group=abc',
  '/dead-letters/list',
  '/dead-letters/letter?target=wiki&id=events%2F0%2F1',
  '/subject?id=u1',
  '/lanes',
  '/holds',
  '/audit',
  '/act/retry-letter?target=wiki&id=events%2F0%2F1',
];

test.each(pages)('%s is for who is signed in alone, and says what it is', async (url) => {
  const {get, app} = await consoleRig();
  const stranger = await get(url);
  expect([stranger.status, stranger.headers['location']]).toEqual([
    303,
    url === '/' ? '/sign-in?next=%2F' : `/sign-in?${new URLSearchParams({next: url}).toString()}`,
  ]);
  const {status, text, headers} = await get(url, 'operator');
  expect(status).toBe(200);
  expect(text).toMatch(/<html lang="en">[^]*<title>[^<]+ – avro-scim<\/title>[^]*<main[^]*<h1>/);
  expect(text).not.toMatch(/\sstyle=|<style|<script(?! src="\/assets\/)|\son\w+=/);
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['cache-control']).toBe('no-store');
  await app.close();
});

test('what others have written is text on every page', async () => {
  const evil = '<script>alert(1)</script>';
  const value = {...letter, subject: evil, failure: {...letter.failure, cause: evil, message: `"'>${evil}`}};
  const {get} = await consoleRig({
    api: () => ({
      letters: {
        list: () => Promise.resolve({ok: true, value: {items: [value]}}),
        read: () => Promise.resolve({ok: true, value}),
        preview: () =>
          Promise.resolve({ok: true, value: {count: 1, hasMore: false, causes: [{cause: evil, count: 1}]}}),
        retry: () => Promise.resolve({ok: true, value: []}),
        discard: () => Promise.resolve({ok: true, value: []}),
      },
    }),
  });
  const evils = [
    ...pages,
    `/act/retry-letters?cause=${encodeURIComponent(evil)}`,
    `/subject?id=${encodeURIComponent(evil)}`,
    `/audit?subject=${encodeURIComponent(`" autofocus x="${evil}`)}`,
  ];
  for (const url of evils) {
    const {text} = await get(url, 'operator');
    expect(text).not.toContain(evil);
    expect(text).not.toContain('" autofocus');
  }
});

test('a viewer sees no action, and does none', async () => {
  const {get, post, calls} = await consoleRig();
  for (const url of pages.slice(0, -1)) expect((await get(url, 'viewer')).text).not.toContain('/act/');
  const url = '/act/discard-letter?target=wiki&id=events%2F0%2F1';
  expect((await get(url, 'viewer')).status).toBe(403);
  expect((await post(url, {reason: 'x', seen: '1'}, 'viewer')).status).toBe(403);
  expect((await post('/subject/show', {id: 'u1', reason: 'x'}, 'viewer')).status).toBe(403);
  expect(calls.some(([name]) => name === 'discarded')).toBe(false);
});

test('an action asks why, and is done as the session that was shown it', async () => {
  const {get, post, calls} = await consoleRig();
  const url = '/act/retry-letter?target=wiki&id=events%2F0%2F1';
  expect((await get(url, 'operator')).text).toContain('Retry 1 dead letter of u1 at wiki?');
  const silentOne = await post(url, {seen: letter.at, reason: '  '}, 'operator');
  expect([silentOne.status, silentOne.text]).toEqual([400, expect.stringContaining('Say why')]);
  const foreign = await post(url, {seen: letter.at, reason: 'x', csrf: 'guessed'}, 'operator');
  expect([foreign.status, foreign.text]).toEqual([403, expect.stringContaining('not of this session')]);
  expect(calls.some(([name]) => name === 'retried')).toBe(false);
  const another = await post(url, {seen: '2026-01-01T00:00:00.000Z', reason: 'x'}, 'operator');
  expect([another.status, another.text]).toEqual([409, expect.stringContaining('another than was shown')]);
  const done = await post(url, {seen: letter.at, reason: 'the mapping is mended'}, 'operator');
  expect([done.status, done.text]).toEqual([200, expect.stringContaining('1 retried')]);
  expect(calls.find(([name]) => name === 'retried')).toEqual([
    'retried',
    {letters: [{target: 'wiki', id: 'events/0/1'}], reason: 'the mapping is mended'},
    {by: {name: 'the operator', role: 'operator', via: 'token'}, reason: 'the mapping is mended'},
  ]);
});

test('a stale preview is shown anew, with its reason kept', async () => {
  const {post} = await consoleRig({
    api: () => ({
      holds: {
        list: () => Promise.resolve({ok: true, value: {items: []}}),
        preview: () => Promise.resolve({ok: true, value: {count: 3, hasMore: false}}),
        approve: () =>
          Promise.resolve(refused({kind: 'stale-preview', detail: 'There are 3 by now.', count: 3})),
        discard: () => Promise.resolve({ok: true, value: []}),
      },
    }),
  });
  const stale = await post('/act/approve-holds', {reason: 'known', seen: '2'}, 'approver');
  expect(stale.status).toBe(409);
  expect(stale.text).toContain('Approve 3 holds?');
  expect(stale.text).toContain('There are 3 by now.');
  expect(stale.text).toMatch(/name="reason"[^>]*value="known"/);
});

test('what is personal is asked for with a reason, which the port is told', async () => {
  const {post, calls} = await consoleRig();
  const shown = await post(
    '/dead-letters/letter/show',
    {target: 'wiki', id: 'events/0/1', reason: 'ticket 7'},
    'operator',
  );
  expect(shown.status).toBe(200);
  expect(calls.find(([name]) => name === 'letter')).toMatchObject([
    'letter',
    {target: 'wiki', id: 'events/0/1'},
    {reveal: {by: {name: 'the operator'}, reason: 'ticket 7'}},
  ]);
});

test('without Redis each page says so, and the overview shows what it can', async () => {
  const away = () =>
    Promise.resolve(refused({kind: 'unavailable', service: 'redis', detail: 'Redis does not answer.'}));
  const {get, errors} = await consoleRig({
    api: () => ({
      targets: {
        list: () =>
          Promise.resolve({
            targets: [{name: 'wiki', connector: 'scim'}],
            dependencies: {redis: {up: false, detail: 'refused'}},
          }),
        ...{read: away, pause: away, resume: away},
      },
      subjects: {read: away, cutOff: away, lift: away, replay: away},
      lanes: away,
      groups: {list: away, preview: away, retry: away, progress: away, stop: away},
      letters: {list: away, read: away, preview: away, retry: away, discard: away},
      holds: {list: away, preview: away, approve: away, discard: away},
    }),
    own: () => ({standings: away, outlook: away}),
  });
  for (const url of pages) {
    const {status, text} = await get(url, 'operator');
    expect(status).toBe(url === '/' || url === '/audit' ? 200 : 503);
    if (url === '/audit') expect(text).toContain('There is no record of it.');
    else expect(text).toContain(url === '/' ? 'Without Redis nobody knows' : 'Redis does not answer.');
  }
  expect(errors).toEqual([]);
});

test('wrong input is said, never a failure of the program', async () => {
  const {get, errors} = await consoleRig();
  const asked = [
    ['/audit?since=yesterday', 400],
    ['/subject', 400],
    ['/subject?id=a&id=b', 400],
    ['/act/unknown', 404],
    ['/act/retry-letter', 400],
    [`/act/retry-letter?target=wiki&id=${'x'.repeat(1100)}`, 400],
    ['/act/approve-holds', 403],
    ['/dead-letters/list?target=' + 'x'.repeat(1100), 400],
    ['/act/__proto__', 404],
  ] as const;
  for (const [url, status] of asked)
    expect([url, (await get(url, 'operator')).status]).toEqual([url, status]);
  expect(errors).toEqual([]);
});

test('assets are kept for good under the hash of their content', async () => {
  const {get} = await consoleRig();
  const {text} = await get('/sign-in');
  const paths = [...text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
  expect(paths).toHaveLength(3);
  for (const path of paths) {
    const {status, headers} = await get(path);
    expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
  }
});

test('a mistyped address is a page for a browser, and a problem for anybody else', async () => {
  const {app, get} = await consoleRig();
  const {status, text} = await get('/dead-leters', 'viewer');
  expect([status, text.startsWith('{')]).toEqual([404, true]);
  for (const [url, type] of [
    ['/dead-leters', 'text/html'],
    ['/api/v1/nothing', 'application/problem+json'],
  ] as const) {
    const shown = await app.inject({url, headers: {accept: 'text/html,*/*;q=0.8'}});
    expect([shown.statusCode, shown.headers['content-type']]).toEqual([404, `${type}; charset=utf-8`]);
    expect(shown.body.includes('<a href="/">Overview</a>')).toBe(type === 'text/html');
  }
  await app.close();
});
