import {expect, describe, test} from '@jest/globals';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {ObservedAttempt} from '../http.ts';
import {closeAfterEach, failureOf, post, request, sender, serve} from './testing/server.ts';

closeAfterEach();

describe('quick retries', () => {
  const counted = (behave: (count: number, req: IncomingMessage, res: ServerResponse) => unknown) => {
    const seen = {count: 0};
    return {seen, url: serve((req, res) => behave(++seen.count, req, res))};
  };

  test.each([502, 503, 504])('a read answered %i is asked at most twice more', async (status) => {
    const {seen, url} = counted((_n, _req, res) => res.writeHead(status).end());
    expect(await failureOf(sender(), request(await url))).toMatchObject({kind: 'unavailable', status});
    expect(seen.count).toBe(3);
  });

  test('a passing failure is not seen by the caller; the budget is asked before every attempt', async () => {
    const {seen, url} = counted((n, _req, res) => res.writeHead(n < 3 ? 503 : 201).end());
    let acquired = 0;
    const attempts: ObservedAttempt[] = [];
    const made = sender({
      acquire: (urgent) => {
        acquired += urgent ? 1 : 0;
        return Promise.resolve();
      },
      observe: (attempt) => attempts.push(attempt),
    });
    const result = await made.send(request(await url, {...post, urgent: true}));
    expect(result).toMatchObject({ok: true, value: {status: 201}});
    expect([seen.count, acquired]).toEqual([3, 3]);
    expect(attempts.map(({status}) => status)).toEqual([503, 503, 201]);
    expect(attempts[0]).toMatchObject({target: 'wiki', operation: 'read', method: 'POST'});
  });

  test('a connection that breaks before an answer: a PATCH is sent again, a POST is not', async () => {
    const {seen, url} = counted((n, req, res) => (n === 1 ? req.socket.destroy() : res.end('{}')));
    expect(await sender().send(request(await url, {method: 'PATCH', body: '{}'}))).toMatchObject({ok: true});
    expect(seen.count).toBe(2);

    const lost = counted((_n, req) => void req.socket.destroy());
    expect(await failureOf(sender(), request(await lost.url, post))).toMatchObject({
      kind: 'transient',
      cause: 'no answer',
      maybeDone: true,
    });
    expect(lost.seen.count).toBe(1);
  });
});

test('a refused connection is unavailable, surely not done, and was tried three times', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const attempts: ObservedAttempt[] = [];
  const made = sender({observe: (attempt) => attempts.push(attempt)});
  const failure = await failureOf(made, request(new URL(`http://127.0.0.1:${port}/`), post));
  expect(failure).toMatchObject({kind: 'unavailable', cause: 'connect ECONNREFUSED'});
  expect(failure.maybeDone).toBeUndefined();
  expect(attempts.map(({status}) => status)).toEqual(['error', 'error', 'error']);
});
