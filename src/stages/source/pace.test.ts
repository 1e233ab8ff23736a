import {expect, test} from '@jest/globals';
import {Pace} from './pace.ts';

/** The moments, in seconds, at which one looks who asks every 100 ms for so long. */
function looks(pace: Pace, clock: {ms: number}, seconds: number, isRunning: () => boolean): number[] {
  const moments: number[] = [];
  for (const end = clock.ms + seconds * 1000; clock.ms < end; clock.ms += 100)
    if (pace.isDue(isRunning())) moments.push(clock.ms / 1000);
  return moments;
}

function paced(): {pace: Pace; clock: {ms: number}} {
  const clock = {ms: 0};
  return {clock, pace: new Pace({pollIntervalMs: 5000, retryDelayMs: 1000}, () => clock.ms)};
}

test('at once, and then now and then', () => {
  const {pace, clock} = paced();
  expect(looks(pace, clock, 11, () => clock.ms > 0)).toEqual([0, 5, 10]);
});

test('without a consumer soon, and less and less often', () => {
  const {pace, clock} = paced();
  expect(looks(pace, clock, 20, () => false)).toEqual([0, 1, 3, 7, 12, 17]);
});

test('soon after a consumer that had joined was lost, however long it took to join', () => {
  const {pace, clock} = paced();
  looks(pace, clock, 20, () => false);
  pace.joined();
  expect(looks(pace, clock, 11, () => true)).toEqual([22, 27]);
  expect(looks(pace, clock, 3, () => false)).toEqual([31, 33]);
});
