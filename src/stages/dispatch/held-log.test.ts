import {afterEach, beforeEach, expect, jest, test} from '@jest/globals';
import {createHeldLog} from './held-log.ts';

const nothing = (): void => undefined;
const warn = jest.fn<(fields: object, message: string) => void>();
const log = {debug: nothing, info: nothing, warn, error: nothing};
const told = (): object[] => warn.mock.calls.map(([fields]) => fields);

beforeEach(() => {
  jest.useFakeTimers();
  warn.mockReset();
});
afterEach(() => {
  jest.useRealTimers();
});

test('a burst is one warning with its number, the next burst another', () => {
  const held = createHeldLog(log, 'here');
  for (let i = 0; i < 1000; i += 1) {
    held.add(`u${i}`);
    jest.advanceTimersByTime(10);
  }
  expect(told()).toEqual([]);
  jest.advanceTimersByTime(1000);
  expect(told()).toEqual([{target: 'here', count: 1000, first: 'u0'}]);
  held.add('later');
  jest.advanceTimersByTime(1000);
  expect(told()).toHaveLength(2);
});

test('a burst without an end is told of, and a stop tells what is left', () => {
  const held = createHeldLog(log, 'here');
  for (let ms = 0; ms < 40_000; ms += 500) {
    held.add(`u${ms}`);
    jest.advanceTimersByTime(500);
  }
  expect(told()).toHaveLength(1);
  held.flush();
  held.flush();
  expect(told()).toHaveLength(2);
});
