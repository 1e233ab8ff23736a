import {createServer, type IncomingMessage} from 'node:http';
import type {AddressInfo} from 'node:net';
import {describe, expect, jest, test} from '@jest/globals';
import {logLevel} from 'kafkajs';
import {createKafka, createLogCreator} from './client.ts';
import {createSasl, fetchToken, keepToken} from './sasl.ts';

const credentials = {clientId: 'a b', clientSecret: 'not/real', scope: 'kafka'};

async function withServer<T>(
  answer: (request: IncomingMessage, body: string) => {status: number; body: string},
  use: (url: string) => Promise<T>,
): Promise<T> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const given = answer(request, body);
      response.writeHead(given.status, {location: '/elsewhere'}).end(given.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/token`);
  } finally {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }
}

describe('the token of OAUTHBEARER', () => {
  test('is fetched with client credentials', async () => {
    const seen: unknown[] = [];
    const answer = (request: IncomingMessage, body: string) => {
      seen.push(request.headers.authorization, body);
      return {status: 200, body: JSON.stringify({access_token: 't1', expires_in: 120})};
    };
    const before = Date.now();
    const token = await withServer(answer, (tokenUrl) => fetchToken({tokenUrl, ...credentials}));
    const basic = Buffer.from('a%20b:not%2Freal').toString('base64');
    expect(seen).toEqual([`Basic ${basic}`, 'grant_type=client_credentials&scope=kafka']);
    expect(token.value).toBe('t1');
    expect(token.expiresAtMs).toBeGreaterThanOrEqual(before + 120_000);
  });

  test.each([
    [401, '{}', /answers 401/],
    [200, '{}', /without an access_token/],
    [302, '', /fetch failed/],
  ])('an answer %s %s is an error without the secret', async (status, body, message) => {
    const ask = withServer(
      () => ({status, body}),
      (tokenUrl) => fetchToken({tokenUrl, ...credentials}),
    );
    const error: unknown = await ask.catch((reason: unknown) => reason);
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain('real');
  });

  test('is kept until a minute before its end, and asked for once at a time', async () => {
    let now = 0;
    const ask = jest.fn(() =>
      Promise.resolve({value: `t${ask.mock.calls.length}`, expiresAtMs: now + 100_000}),
    );
    const provide = keepToken(ask, () => now);
    expect(await Promise.all([provide(), provide()])).toEqual([{value: 't1'}, {value: 't1'}]);
    now = 39_999;
    expect(await provide()).toEqual({value: 't1'});
    now = 40_000;
    expect(await provide()).toEqual({value: 't2'});
  });

  test('is asked for again after a failure', async () => {
    const ask = jest.fn<() => Promise<{value: string; expiresAtMs: number}>>();
    ask.mockRejectedValueOnce(new Error('away')).mockResolvedValue({value: 't', expiresAtMs: 1e6});
    const provide = keepToken(ask, () => 0);
    await expect(provide()).rejects.toThrow('away');
    expect(await provide()).toEqual({value: 't'});
  });
});

test('a password is read when it is used', () => {
  let password = 'first';
  const sasl = createSasl(() => ({mechanism: 'plain', username: 'u', password}));
  password = 'second';
  expect(sasl).toMatchObject({mechanism: 'plain', username: 'u', password: 'second'});
});

test("the client's own lines go through our log, a repeated one at debug", () => {
  const log = {debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn()};
  const write = createLogCreator(log)(logLevel.INFO);
  const say = (level: logLevel, message: string) => {
    write({namespace: 'Connection', level, label: '', log: {message, timestamp: 't', broker: 'b:1'}});
  };
  say(logLevel.ERROR, 'Connection error');
  say(logLevel.ERROR, 'Connection error');
  say(logLevel.INFO, 'joined');
  const fields = (detail: string) =>
    expect.objectContaining({namespace: 'Connection', detail, broker: 'b:1'}) as object;
  expect(log.warn.mock.calls).toEqual([[fields('Connection error'), 'trouble in the Kafka client']]);
  expect(log.debug.mock.calls).toEqual([
    [fields('Connection error'), 'the Kafka client says'],
    [fields('joined'), 'the Kafka client says'],
  ]);
});

test('making a client asks for nothing', () => {
  const log = {debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn()};
  const tls = {ca: 'PEM', serverName: 'broker.example'};
  expect(() => createKafka({brokers: ['127.0.0.1:1'], clientId: 'test', tls}, {log})).not.toThrow();
  expect(log.warn).not.toHaveBeenCalled();
});
