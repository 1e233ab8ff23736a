import {expect, test} from '@jest/globals';
import {outcomes} from '../core/change.ts';
import {counter} from './count.ts';

test('what is true at the target has a latency, a cut-off that was carried out one of its own', () => {
  const seen: string[] = [];
  const note =
    (what: string) =>
    (_target: string, value: unknown): void =>
      void seen.push(`${what} ${String(value)}`);
  const metrics = {change: note('change'), latency: note('latency'), cutOffLatency: note('cut-off')};
  const count = counter(metrics, 'wiki', () => 9_000);
  for (const outcome of outcomes) count(outcome, 4_000, true);
  count('applied', 10_000, false);
  expect(seen).toEqual([
    ...['change applied', 'latency 5', 'cut-off 5'],
    ...['change unchanged', 'latency 5'],
    ...['change superseded', 'change skipped', 'change parked', 'change held', 'change dead'],
    ...['change applied', 'latency 0'],
  ]);
});
