import {describe, expect, test} from '@jest/globals';
import {openRig, options, person, scripted} from './testing/rig.ts';

const error = (errorCode: string, ...causes: string[]) => ({
  errorCode,
  errorSummary: 'in words',
  errorLink: errorCode,
  errorId: 'oae1',
  errorCauses: causes.map((errorSummary) => ({errorSummary})),
});

describe('what Okta answers to a write', () => {
  const update = {desired: {title: 'x'}, changed: ['title']};

  test.each([
    [400, error('E0000001', 'title: The field is too long'), 'rejected', '400 E0000001 title'],
    [400, error('E0000003'), 'rejected', '400 E0000003'],
    [401, error('E0000011'), 'unauthorized', '401 E0000011'],
    [403, error('E0000006'), 'unauthorized', '403 E0000006'],
    [403, error('E0000038'), 'rejected', '403 E0000038'],
    [403, error('E0000023'), 'rejected', '403 E0000023'],
    [404, error('E0000008'), 'unavailable', '404 not Okta'],
    [405, error('E0000022'), 'rejected', '405 E0000022'],
    [409, error('E0000112'), 'transient', '409 E0000112'],
    [500, error('E0000009'), 'transient', '500 E0000009'],
    [503, error('E0000010'), 'unavailable', '503 E0000010'],
    [502, '<html>', 'unavailable', '502 not Okta'],
    [418, {detail: 'tea'}, 'rejected', '418 not Okta'],
  ])('%i %j is %s, cause %s', async (status, body, kind, cause) => {
    const {port} = scripted(() => [status, body]);
    expect(await port.users.update('u', update, options)).toMatchObject({failure: {kind, cause}});
  });

  test.each(['default backend', error('E0000008'), {message: 'no Route matched'}])(
    'a create at an address where no Okta is (404 %j) waits for it',
    async (body) => {
      const {port} = scripted(() => [404, body]);
      expect(await port.users.create(person('x'), options)).toMatchObject({
        failure: {kind: 'unavailable', cause: '404 not Okta'},
      });
    },
  );

  test('the answer is kept for an operator', async () => {
    const {port} = scripted(() => [403, error('E0000038')]);
    const result = await port.users.update('u', update, options);
    expect(result).toMatchObject({failure: {exchange: {answerBody: expect.stringContaining('in words')}}});
  });

  test('JSON that Okta does not document is refused, with the answer kept, and may have been done', async () => {
    const {port} = scripted(() => [200, {id: 7}]);
    expect(await port.users.create(person('ada'), options)).toMatchObject({
      failure: {
        kind: 'rejected',
        cause: '200 undocumented',
        maybeDone: true,
        exchange: {answerBody: '{"id":7}'},
      },
    });
  });
});

describe('a 429', () => {
  const clock = Date.parse('2026-01-01T00:00:00Z');
  const headers = (limit: string, resetInSeconds: number, aheadSeconds = 0) => ({
    'x-rate-limit-limit': limit,
    'x-rate-limit-remaining': '0',
    'x-rate-limit-reset': String(clock / 1000 + aheadSeconds + resetInSeconds),
    date: new Date(clock + aheadSeconds * 1000).toUTCString(),
  });

  test.each([
    ['names when the window ends', headers('600', 37), 37_000],
    ["is read by Okta's clock, not by ours", headers('600', 37, -7200), 37_000],
    ['for too many requests at once asks for a moment, whatever its reset says', headers('0', 60), 1000],
    ['never asks for no wait at all', headers('600', -3), 1000],
    ['is not believed beyond ten minutes', headers('600', 86_400), 600_000],
    ['may have a Retry-After', {'retry-after': '4'}, 4000],
    ['may say nothing', {}, undefined],
  ])('%s', async (_name, given, retryAfterMs) => {
    const {port} = scripted(() => [429, error('E0000047'), given]);
    const result = await port.users.get('u', options);
    expect(result).toMatchObject({failure: {kind: 'throttled', cause: '429 E0000047'}});
    expect(result.ok ? undefined : result.failure.retryAfterMs).toBe(retryAfterMs);
  });
});

test.each([
  [0, 1000],
  [1, 60_000],
])('an org whose limit is %i says so on the wire', async (limit, atMost) => {
  const rig = await openRig();
  rig.double.limit = limit;
  rig.double.asked.push('what went before');
  const result = await rig.port.users.get('u', options);
  await rig.close();
  expect(result).toMatchObject({failure: {kind: 'throttled', cause: '429 E0000047'}});
  const waitMs = result.ok ? 0 : (result.failure.retryAfterMs ?? 0);
  expect(waitMs).toBeGreaterThan(atMost - 2000);
  expect(waitMs).toBeLessThanOrEqual(atMost);
});
