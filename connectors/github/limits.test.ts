import {expect, test} from '@jest/globals';
import type {HttpAnswer} from '../../src/core/connector.ts';
import {askedToWait} from './limits.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const inSeconds = (seconds: number): string => String(now / 1000 + seconds);

test.each<[string, number, HttpAnswer['headers'], string, number | undefined]>([
  ['Retry-After wins', 403, {'retry-after': '7', 'x-ratelimit-remaining': '0'}, '', 7000],
  ['a 429 with Retry-After', 429, {'retry-after': '90'}, '', 90_000],
  [
    'a budget that is used up',
    403,
    {'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(600)},
    '',
    600_000,
  ],
  [
    "by GitHub's clock",
    429,
    {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': inSeconds(600),
      date: new Date(now + 500_000).toUTCString(),
    },
    '',
    100_000,
  ],
  ['a reset that is past', 403, {'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(-9)}, '', 1000],
  ['a reset that is not said', 403, {'x-ratelimit-remaining': '0'}, '', 60_000],
  [
    'a secondary limit by its words',
    403,
    {},
    '{"message":"You have exceeded a secondary rate limit."}',
    60_000,
  ],
  ['an older word for it', 403, {}, '{"message":"You have triggered an abuse detection mechanism."}', 60_000],
  ['a 429 that says nothing', 429, {}, '', 60_000],
  [
    'a right that is missing',
    403,
    {'x-ratelimit-remaining': '4999'},
    '{"message":"Must be an owner"}',
    undefined,
  ],
  ['no refusal at all', 404, {'retry-after': '7'}, '', undefined],
  ['a wait without an end', 429, {'retry-after': '999999'}, '', 3_600_000],
])('%s', (_name, status, headers, text, waitMs) => {
  expect(askedToWait({status, headers, text}, now)).toBe(waitMs);
});
