import {describe, expect, test} from '@jest/globals';
import fc from 'fast-check';
import {spread, type Spread} from './spread.ts';

/** The most that any span of this length can see: all of each window that it touches. */
const most = ({points, windowMs}: Spread, spanMs: number): number =>
  points === 1 ? Math.ceil(spanMs / windowMs) : points * (Math.ceil(spanMs / windowMs) + 1);

describe('a rate, spread', () => {
  test.each([
    [
      {requests: 10, perSeconds: 1},
      {points: 1, windowMs: 112},
      {points: 1, windowMs: 1000},
    ],
    [
      {requests: 1, perSeconds: 1},
      {points: 1, windowMs: 1112},
      {points: 1, windowMs: 10_000},
    ],
    [
      {requests: 600, perSeconds: 60},
      {points: 1, windowMs: 112},
      {points: 30, windowMs: 60_000},
    ],
    [
      {requests: 1000, perSeconds: 1},
      {points: 18, windowMs: 21},
      {points: 50, windowMs: 1000},
    ],
    [
      {requests: 4500, perSeconds: 3600},
      {points: 1, windowMs: 889},
      {points: 225, windowMs: 3_600_000},
    ],
  ])('%j', (rate, common, reserve) => {
    expect(spread(rate)).toEqual({common, reserve});
  });

  test('never sees more than the rate in any span of its length, and gives out most of it', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 10, max: 2000}),
        fc.integer({min: 1, max: 120}),
        (requests, perSeconds) => {
          const {common, reserve} = spread({requests, perSeconds});
          const spanMs = perSeconds * 1000;
          expect(most(common, spanMs) + most(reserve, spanMs)).toBeLessThanOrEqual(requests);
          const given = ({points, windowMs}: Spread): number => (points * spanMs) / windowMs;
          expect(given(common) + given(reserve)).toBeGreaterThan(requests * 0.75);
        },
      ),
    );
  });
});
