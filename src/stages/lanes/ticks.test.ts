import {describe, expect, test} from '@jest/globals';
import fc from 'fast-check';
import {tickMs, tickOf} from './ticks.ts';

const now = fc.integer({min: 1_700_000_000_000, max: 1_900_000_000_000});
const delay = fc.integer({min: -1000, max: 7 * 24 * 3_600_000});

describe('ticks', () => {
  test('end after now, not before what is due, and late by no more than a tick and a part of the wait', () => {
    fc.assert(
      fc.property(now, delay, (at, delayMs) => {
        const end = tickOf(at, delayMs);
        expect(end).toBeGreaterThan(at);
        expect(end).toBeGreaterThanOrEqual(at + delayMs);
        expect(end - Math.max(at, at + delayMs)).toBeLessThanOrEqual(tickMs + Math.max(0, delayMs) / 32);
        expect(end % tickMs).toBe(0);
      }),
    );
  });

  test('what is due together shares one', () => {
    const at = 1_700_000_000_000;
    expect(tickOf(at + 1, 10)).toBe(tickOf(at + 20, 25));
    expect(new Set(Array.from({length: 500}, (_, n) => tickOf(at, 1000 + n))).size).toBeLessThanOrEqual(11);
  });
});
