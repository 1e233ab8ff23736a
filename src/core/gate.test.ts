import {beforeEach, describe, expect, test} from '@jest/globals';
import type {Failure, FailureKind} from './failure.ts';
import {Gate} from './gate.ts';

let now = 0;
let gate: Gate;
let random = 0;
const failure = (kind: FailureKind, cause: string, retryAfterMs?: number): Failure => ({
  kind,
  cause,
  message: cause,
  ...(retryAfterMs === undefined ? {} : {retryAfterMs}),
});
beforeEach(() => {
  now = 1000;
  random = 0;
  const settings = {failures: 5, probeBaseDelayMs: 100, probeMaxDelayMs: 1000};
  gate = new Gate(
    settings,
    () => now,
    undefined,
    () => random,
  );
});

describe('gate', () => {
  test('one cause in a row shuts it, with the cause; another cause or a success between does not', () => {
    for (let i = 0; i < 4; i += 1) gate.failure(failure('rejected', '400 a'));
    gate.failure(failure('rejected', '400 b'));
    for (let i = 0; i < 4; i += 1) gate.failure(failure('rejected', '400 a'));
    gate.success();
    for (let i = 0; i < 4; i += 1) expect(gate.failure(failure('rejected', '400 a'))).toBe('open');
    expect(gate.failure(failure('rejected', '400 a'))).toBe('closed');
    expect(gate.state).toMatchObject({state: 'shut', cause: '400 a', sinceMs: 1000, probeAtMs: 1100});
  });

  test('a refused credential shuts it at once, a target that is down after three', () => {
    gate.failure(failure('unavailable', 'refused'));
    gate.failure(failure('unavailable', 'refused'));
    expect(gate.open).toBe(true);
    gate.failure(failure('unavailable', 'refused'));
    expect(gate.open).toBe(false);
    gate.reopen(false);
    gate.failure(failure('unauthorized', '401'));
    expect(gate.open).toBe(false);
  });

  test('it waits as long as the target asks, and opens by itself', () => {
    gate.failure(failure('throttled', '429', 500));
    expect(gate.state).toEqual({state: 'waiting', untilMs: 1500});
    now = 1500;
    expect(gate.open).toBe(true);
  });

  test.each([undefined, 0])(
    'a 429 that asks for %s is no hot loop: the wait doubles, up to a minute',
    (asked) => {
      const waits = Array.from({length: 8}, () => {
        expect(gate.failure(failure('throttled', '429', asked))).toBe('closed');
        const waitMs = gate.closedForMs;
        now += waitMs;
        expect(gate.open).toBe(true);
        return waitMs;
      });
      expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
      gate.success();
      random = 0.5;
      gate.failure(failure('throttled', '429', asked));
      expect(gate.closedForMs).toBe(1250);
    },
  );

  test('what was in flight when the target asked for patience does not make the wait longer by itself', () => {
    for (let i = 0; i < 16; i += 1) gate.failure(failure('throttled', '429'));
    expect(gate.closedForMs).toBe(1000);
    gate.failure(failure('throttled', '429', 5000));
    expect(gate.closedForMs).toBe(5000);
    now += 5000;
    gate.failure(failure('throttled', '429'));
    expect(gate.closedForMs).toBe(2000);
  });

  test('opened by a probe it is on probation; the delay to the next probe doubles up to its bound', () => {
    gate.failure(failure('unauthorized', '401'));
    for (const delay of [200, 400, 800, 1000, 1000]) {
      gate.reopen(true);
      gate.failure(failure('unauthorized', '401'));
      expect(gate.state).toMatchObject({probeAtMs: now + delay});
    }
    gate.reopen(true);
    gate.success();
    for (let i = 0; i < 4; i += 1) expect(gate.failure(failure('rejected', '400 a'))).toBe('open');
  });

  describe('full lanes', () => {
    beforeEach(() => gate.fill('full', 'so many are parked'));

    test('shut it for what is new, not for what is parked, until they are relieved', () => {
      expect(gate.state).toMatchObject({state: 'shut', cause: 'full', isFull: true});
      expect([gate.open, gate.opensLanes]).toEqual([false, true]);
      gate.success();
      gate.reopen(true);
      expect(gate.open).toBe(false);
      gate.relieve();
      expect(gate.open).toBe(true);
    });

    test('the target’s own troubles go before it, and leave it when they end', () => {
      gate.failure(failure('throttled', '429', 500));
      expect(gate.state.state).toBe('waiting');
      expect(gate.opensLanes).toBe(false);
      now += 500;
      expect([gate.open, gate.opensLanes]).toEqual([false, true]);
      gate.failure(failure('unauthorized', '401'));
      expect(gate.state).toMatchObject({cause: '401'});
      gate.relieve();
      expect(gate.state).toMatchObject({cause: '401'});
      gate.reopen(true);
      expect(gate.open).toBe(true);
    });
  });

  test('it is not probed sooner than the target asked', () => {
    for (let i = 0; i < 3; i += 1) gate.failure(failure('unavailable', '503', 120_000));
    expect(gate.state).toMatchObject({state: 'shut', probeAtMs: now + 120_000});
    gate.close('429', 'a probe is told to wait', 5000);
    expect(gate.state).toMatchObject({state: 'shut', probeAtMs: now + 5000});
  });

  test('on probation the first failure of the cause that shut it is enough', () => {
    for (let i = 0; i < 5; i += 1) gate.failure(failure('rejected', '400 a'));
    gate.reopen(true);
    expect(gate.failure(failure('rejected', '400 a'))).toBe('again');
  });

  test('what was in flight when it shut does not make the first probe wait longer', () => {
    for (let i = 0; i < 16; i += 1) gate.failure(failure('unavailable', 'refused'));
    expect(gate.state).toMatchObject({probeAtMs: now + 100});
  });
});
