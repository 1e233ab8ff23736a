import {expect, test} from '@jest/globals';
import fc from 'fast-check';
import type {Failure} from './failure.ts';
import {Gate} from './gate.ts';

const hour = 3_600_000;
const settings = {failures: 5, probeBaseDelayMs: 100, probeMaxDelayMs: 1000};
const throttled = (retryAfterMs?: number): Failure => ({
  ...{kind: 'throttled', cause: '429', message: 'too many'},
  ...(retryAfterMs !== undefined && {retryAfterMs}),
});

type Step =
  | {do: 'pass'; ms: number}
  | {do: 'throttled'; isCutOff: boolean; askedMs: number}
  | {do: 'heard'; forMs: number}
  | {do: 'success'};
const long = fc.integer({min: 1, max: 100_000});
const steps = fc.array(
  fc.oneof<[fc.Arbitrary<Step>, fc.Arbitrary<Step>, fc.Arbitrary<Step>, fc.Arbitrary<Step>]>(
    fc.record({do: fc.constant('pass' as const), ms: fc.integer({min: 0, max: 3000})}),
    fc.record({do: fc.constant('throttled' as const), isCutOff: fc.boolean(), askedMs: long}),
    fc.record({do: fc.constant('heard' as const), forMs: long}),
    fc.constant({do: 'success' as const}),
  ),
  {maxLength: 40},
);

test('a waiting gate lets cut-offs through a second after each 429, and as late as a cut-off itself was told', () => {
  fc.assert(
    fc.property(steps, (taken) => {
      let now = 0;
      let untilMs = 0;
      let cutOffsAtMs = 0;
      const gate = new Gate(settings, () => now);
      for (const step of taken) {
        if (step.do === 'pass') now += step.ms;
        else if (step.do === 'success') gate.success();
        else if (step.do === 'heard') {
          gate.wait(now + step.forMs);
          if (now + step.forMs > Math.max(now, untilMs)) cutOffsAtMs = Math.max(cutOffsAtMs, now + 1000);
          untilMs = Math.max(untilMs, now + step.forMs);
        } else {
          gate.failure(throttled(step.askedMs), step.isCutOff);
          cutOffsAtMs = Math.max(cutOffsAtMs, now + Math.max(1000, step.isCutOff ? step.askedMs : 0));
          untilMs = Math.max(untilMs, now + step.askedMs);
        }
        expect(gate.opensLanes).toBe(now >= untilMs);
        expect(gate.opensCutOffs).toBe(now >= Math.min(untilMs, cutOffsAtMs));
        expect(gate.cutOffsWaitMs).toBe(gate.opensCutOffs ? 0 : cutOffsAtMs - now);
      }
    }),
  );
});

test('a shut gate lets no cut-off through', () => {
  const gate = new Gate(settings, () => 0);
  gate.close('401', 'refused');
  expect([gate.opensCutOffs, gate.cutOffsWaitMs]).toEqual([false, undefined]);
});

test('cut-offs that are answered 429 without a time wait longer with each, up to a minute, until one succeeds', () => {
  let now = 0;
  const gate = new Gate(settings, () => now);
  gate.failure(throttled(hour));
  now += 1000;
  for (const ms of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    expect(gate.opensCutOffs).toBe(true);
    gate.failure(throttled(), true);
    expect(gate.cutOffsWaitMs).toBe(ms);
    now += ms;
  }
  gate.success();
  gate.failure(throttled(), true);
  expect(gate.cutOffsWaitMs).toBe(1000);
});

test('a cut-off that went through does not make the waits of the others short again', () => {
  let now = 0;
  const gate = new Gate(
    settings,
    () => now,
    undefined,
    () => 0,
  );
  for (const ms of [1000, 2000, 4000, 8000]) {
    gate.failure(throttled());
    expect(gate.closedForMs).toBe(ms);
    gate.success();
    now += ms;
    expect(gate.open).toBe(true);
  }
});
