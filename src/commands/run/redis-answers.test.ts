import {expect, test} from '@jest/globals';
import {eventually} from '../../../test/support/eventually.ts';
import {watchAnswers} from './redis-answers.ts';

test('a service that hangs is told once, and once that it answers again', async () => {
  const told: string[] = [];
  const waiting: (() => void)[] = [];
  let hangs = false;
  const ping = (): Promise<void> =>
    hangs ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve();
  const watched = watchAnswers(
    {ping},
    {onAway: (detail) => told.push(detail), onBack: () => told.push('back'), patienceMs: 100},
  );
  for (const round of [1, 2]) {
    hangs = true;
    await eventually(() => told.length === 2 * round - 1);
    hangs = false;
    for (const answer of waiting.splice(0)) answer();
    await eventually(() => told.length === 2 * round);
  }
  watched.stop();
  expect(told).toEqual(['no answer for 0.1 s', 'back', 'no answer for 0.1 s', 'back']);
});
