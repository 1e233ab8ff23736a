import {expect, test} from '@jest/globals';
import {clearTextWarnings, clockWarnings} from './check-warnings.ts';
import {dateOf} from './headers.ts';

test.each([
  [60_000, []],
  [61_000, ["the clock here is 61 s ahead of AWS's (negative: behind)"]],
  [-61_000, ["the clock here is -61 s ahead of AWS's (negative: behind)"]],
])('a clock that is %i ms ahead: %j', (skewMs, warnings) => {
  expect(clockWarnings(skewMs, 'AWS')).toEqual(warnings);
});

test.each([
  ['https://wiki.example', []],
  ['http://127.0.0.1:80', []],
  ['http://localhost', []],
  ['http://[::1]:80', []],
  ['http://wiki.example', ['the address is http: the credential travels in the clear']],
])('%s: %j', (address, warnings) => {
  expect(clearTextWarnings(address)).toEqual(warnings);
});

test("a service's clock is its Date header, the first where there are two, and nothing where it is none", () => {
  const date = 'Thu, 01 Jan 2026 00:00:00 GMT';
  expect(dateOf({date})).toBe(Date.parse('2026-01-01T00:00:00Z'));
  expect(dateOf({date: [date, 'Fri, 02 Jan 2026 00:00:00 GMT']})).toBe(Date.parse('2026-01-01T00:00:00Z'));
  expect(dateOf({date: 'soon'})).toBeUndefined();
  expect(dateOf({})).toBeUndefined();
});
