import {expect, test} from '@jest/globals';
import type {Failure} from '../core/failure.ts';
import {closeAfterEach, failureOf, now, post, request, sender, serve} from './testing/server.ts';

closeAfterEach();

const answers: [number, Record<string, string>, Partial<Failure>][] = [
  [302, {location: 'https://other.example/x?secret=1'}, {kind: 'rejected', cause: '302 redirect'}],
  [400, {}, {kind: 'rejected', cause: '400'}],
  [401, {}, {kind: 'unauthorized'}],
  [403, {}, {kind: 'unauthorized'}],
  [404, {}, {kind: 'rejected'}],
  [408, {}, {kind: 'transient', maybeDone: true}],
  [409, {}, {kind: 'conflict'}],
  [412, {}, {kind: 'rejected'}],
  [413, {}, {kind: 'rejected'}],
  [422, {}, {kind: 'rejected'}],
  [429, {'retry-after': '7'}, {kind: 'throttled', retryAfterMs: 7000}],
  [429, {'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT'}, {kind: 'throttled', retryAfterMs: 60_000}],
  [429, {'x-ratelimit-reset': String(now / 1000 + 9)}, {kind: 'throttled', retryAfterMs: 9000}],
  [429, {'x-rate-limit-reset': String(now / 1000 + 8)}, {kind: 'throttled', retryAfterMs: 8000}],
  [429, {'x-ratelimit-reset': String(now + 9000)}, {kind: 'throttled', retryAfterMs: 9000}],
  [429, {'ratelimit-reset': '12'}, {kind: 'throttled', retryAfterMs: 12_000}],
  [429, {'retry-after': '9999999999'}, {kind: 'throttled', retryAfterMs: 86_400_000}],
  [500, {}, {kind: 'transient', maybeDone: true}],
  [501, {}, {kind: 'rejected'}],
  [502, {}, {kind: 'unavailable', maybeDone: true}],
  [503, {'retry-after': '3'}, {kind: 'unavailable', retryAfterMs: 3000}],
  [504, {}, {kind: 'unavailable', maybeDone: true}],
];

test.each(answers)('a POST answered %i %j is %j', async (status, headers, expected) => {
  let requests = 0;
  const url = await serve((_req, res) => {
    requests++;
    res.writeHead(status, headers).end('{"detail":"no"}');
  });
  const failure = await failureOf(sender(), request(url, post));
  expect(failure).toMatchObject({status, ...expected});
  expect(failure.exchange).toEqual({
    method: 'POST',
    url: url.href,
    requestBody: post.body,
    answerBody: '{"detail":"no"}',
  });
  if (!expected.maybeDone) expect(failure.maybeDone).toBeUndefined();
  if (!expected.retryAfterMs) expect(failure.retryAfterMs).toBeUndefined();
  expect(requests).toBe(1);
});

test('a reset header on an answer with budget left asks for no wait', async () => {
  const headers = {'x-ratelimit-reset': String(now / 1000 + 9), 'x-ratelimit-remaining': '5'};
  const url = await serve((_req, res) => void res.writeHead(400, headers).end());
  expect((await failureOf(sender(), request(url))).retryAfterMs).toBeUndefined();
});

test('an emoji at the cut of a long answer leaves no half of itself', async () => {
  const url = await serve((_req, res) => {
    res.writeHead(400).end(`${'x'.repeat(16_383)}😀`);
  });
  const {exchange} = await failureOf(sender({maxAnswerBytes: 100_000}), request(url, post));
  expect(exchange?.answerBody?.isWellFormed()).toBe(true);
  expect(exchange?.answerBody?.length).toBe(16_384);
});
