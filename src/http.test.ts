import {expect, test} from '@jest/globals';
import type {ServerResponse} from 'node:http';
import {closeAfterEach, failureOf, post, request, sender, serve} from './http/testing/server.ts';

closeAfterEach();

test('answers with status, headers and decoded text over one kept connection', async () => {
  const sockets = new Set<unknown>();
  const url = await serve((req, res) => {
    sockets.add(req.socket);
    res.setHeader('x-a', 'b').end('{"größe":1}');
  });
  const made = sender({connections: 1});
  for (let i = 0; i < 3; i++) {
    const result = await made.send(request(url));
    expect(result).toMatchObject({
      ok: true,
      value: {status: 200, text: '{"größe":1}', headers: {'x-a': 'b'}},
    });
  }
  expect(sockets.size).toBe(1);
});

test('a redirect names its host, nothing more, and is not followed', async () => {
  let followed = 0;
  const other = await serve((_req, res) => {
    followed++;
    res.end();
  });
  const url = await serve(
    (_req, res) => void res.writeHead(307, {location: `${other.href}?token=t0p`}).end(),
  );
  const failure = await failureOf(sender(), request(url, {headers: {authorization: 'Bearer abc'}}));
  expect(failure.message).toBe(`redirects are not followed; this one points to ${other.host}`);
  expect(JSON.stringify(failure)).not.toContain('t0p');
  expect(followed).toBe(0);
});

test('an accepted status is an answer', async () => {
  const url = await serve((_req, res) => void res.writeHead(404).end('gone'));
  expect(await sender().send(request(url, {accept: [404]}))).toMatchObject({
    ok: true,
    value: {status: 404, text: 'gone'},
  });
});

test('half an answer is transient, and a write may be done', async () => {
  const url = await serve((req, res) => {
    res.writeHead(200, {'content-length': '100'}).write('{"id":');
    setImmediate(() => req.socket.destroy());
  });
  expect(await failureOf(sender(), request(url, {...post, method: 'PUT'}))).toMatchObject({
    kind: 'transient',
    cause: 'half an answer',
    status: 200,
    maybeDone: true,
  });
});

test.each([
  ['headers', () => undefined],
  ['body', (res: ServerResponse) => void res.writeHead(200).write('{')],
])('the deadline covers the %s', async (_what, begin) => {
  const url = await serve((_req, res) => begin(res));
  const failure = await failureOf(sender({deadlineMs: 100}), request(url, post));
  expect(failure).toMatchObject({kind: 'transient', cause: 'deadline', maybeDone: true});
});

test('a request that waits for a connection ends at its deadline and never leaves', async () => {
  let requests = 0;
  const url = await serve(() => {
    requests++;
  });
  const made = sender({connections: 1, deadlineMs: 200});
  const first = made.send(request(url, post));
  const second = await failureOf(made, request(url, post));
  await first;
  // On a slow machine the first one's end leaves it the connection a moment before its own: then it says that it left.
  const left = {kind: 'transient', cause: 'deadline', maybeDone: true};
  const waited = {kind: 'unavailable', cause: 'connect deadline'};
  expect(second).toMatchObject(requests === 1 ? waited : left);
  expect(second.maybeDone).toBe(requests === 1 ? undefined : true);
});

test('a stop ends a request in flight, and one that waits for its budget', async () => {
  const controller = new AbortController();
  const url = await serve(() => controller.abort());
  const failure = await failureOf(sender(), request(url, {...post, signal: controller.signal}));
  expect(failure).toMatchObject({kind: 'transient', cause: 'stopped', maybeDone: true});

  const waiting = new AbortController();
  const made = sender({
    acquire: (_urgent, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')));
        waiting.abort();
      }),
  });
  const unsent = await failureOf(made, request(url, {...post, signal: waiting.signal}));
  expect(unsent).toMatchObject({kind: 'transient', cause: 'stopped'});
  expect(unsent.maybeDone).toBeUndefined();
});

test('an answer over the cap is refused, not read on', async () => {
  const url = await serve((_req, res) => void res.end('x'.repeat(1001)));
  expect(await failureOf(sender(), request(url))).toMatchObject({
    kind: 'rejected',
    cause: 'answer too large',
  });
});

test('a budget that can not be asked is transient', async () => {
  const url = await serve((_req, res) => void res.end());
  const made = sender({acquire: () => Promise.reject(new Error('redis'))});
  expect(await failureOf(made, request(url))).toMatchObject({kind: 'transient', cause: 'rate budget'});
});

test('a host that is not allowed, and a header that can not be sent, are bugs and send nothing', async () => {
  let requests = 0;
  const url = await serve((_req, res) => {
    requests++;
    res.end();
  });
  const fenced = sender({allowedHosts: ['wiki.example']});
  expect(await failureOf(fenced, request(url))).toMatchObject({kind: 'bug', cause: 'invalid request HOST'});
  const failure = await failureOf(sender(), request(url, {headers: {authorization: 'Bearer a\nb'}}));
  expect(failure).toMatchObject({kind: 'bug', cause: 'invalid request UND_ERR_INVALID_ARG'});
  expect(requests).toBe(0);
});

test('no credential stands in a failure, even when the target repeats it', async () => {
  const url = await serve((req, res) => void res.writeHead(401).end(`bad: ${req.headers.authorization}`));
  url.username = 'user';
  url.password = 'pa55';
  const text = JSON.stringify(
    await failureOf(sender(), request(url, {headers: {authorization: 'Bearer s3cret'}})),
  );
  expect(text).toContain('bad: Bearer [secret]');
  expect(text).not.toMatch(/s3cret|pa55/);
});

test('close ends what is in flight', async () => {
  let arrived = (): void => undefined;
  const there = new Promise<void>((resolve) => (arrived = resolve));
  const url = await serve(() => arrived());
  const made = sender();
  const pending = failureOf(made, request(url, post));
  await there;
  await made.close();
  expect(await pending).toMatchObject({kind: 'transient', maybeDone: true});
});
