import {describe, expect, test} from '@jest/globals';
import fc from 'fast-check';
import {failureKinds, type Failure, type FailureKind} from './failure.ts';
import {judge} from './judge.ts';

const policy = {maxAgeMs: 60_000, baseDelayMs: 1000, maxDelayMs: 30_000};
const failure = (kind: FailureKind, more: Partial<Failure> = {}): Failure => ({
  kind,
  message: '',
  cause: '',
  ...more,
});

describe('judge', () => {
  test.each<[FailureKind, string]>([
    ['transient', 'park'],
    ['unavailable', 'park'],
    ['unresolved', 'park'],
    ['bug', 'park'],
    ['throttled', 'back'],
    ['unauthorized', 'back'],
    ['rejected', 'dead'],
    ['conflict', 'dead'],
    ['undecodable', 'dead'],
  ])('%s: %s', (kind, expected) => {
    expect(judge(failure(kind), {attempts: 1, ageMs: 0}, policy, 0.5).do).toBe(expected);
  });

  test('what fails for too long is dead', () => {
    for (const kind of ['transient', 'unavailable', 'unresolved', 'throttled', 'unauthorized'] as const)
      expect(judge(failure(kind), {attempts: 9, ageMs: 60_000}, policy, 0.5)).toEqual({do: 'dead'});
  });

  test('a bug is dead after five attempts', () => {
    expect(judge(failure('bug'), {attempts: 5, ageMs: 0}, policy, 0.5)).toEqual({do: 'dead'});
  });

  test('the delay is under the doubling ceiling, and never under what the target asked for', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...failureKinds),
        fc.integer({min: 1, max: 100}),
        fc.double({min: 0, max: 0.999, noNaN: true}),
        fc.option(fc.integer({min: 0, max: 120_000}), {nil: undefined}),
        (kind, attempts, random, retryAfterMs) => {
          const asked = retryAfterMs === undefined ? {} : {retryAfterMs};
          const judgement = judge(failure(kind, asked), {attempts, ageMs: 0}, policy, random);
          if (judgement.do !== 'park') return;
          const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** Math.min(attempts - 1, 30));
          expect(judgement.delayMs).toBeGreaterThanOrEqual(retryAfterMs ?? 0);
          expect(judgement.delayMs).toBeLessThanOrEqual(Math.max(ceiling, retryAfterMs ?? 0));
        },
      ),
    );
  });
});
