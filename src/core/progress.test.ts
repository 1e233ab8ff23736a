import {describe, expect, test} from '@jest/globals';
import fc from 'fast-check';
import {Progress} from './progress.ts';

describe('the watermark', () => {
  test('is the first unsettled offset, and the next to read when there is none', () => {
    const progress = new Progress(10);
    expect(progress.watermark).toBe(10);
    for (const offset of [10, 11, 12]) progress.accept(offset);
    progress.settle(11);
    expect(progress.watermark).toBe(10);
    progress.settle(10);
    expect(progress.watermark).toBe(12);
    progress.settle(12);
    expect(progress.watermark).toBe(13);
  });

  test('offsets that do not exist are settled by nature', () => {
    const progress = new Progress(0);
    progress.accept(5);
    expect(progress.watermark).toBe(5);
    progress.settle(5);
    progress.pass(20);
    expect(progress.watermark).toBe(20);
  });

  test('does not pass what was let go, whatever was taken ahead and settled', () => {
    const progress = new Progress(0);
    progress.accept(0);
    progress.letGo(1);
    progress.acceptAhead(2);
    progress.letGo(3);
    progress.settle(0);
    progress.settle(2);
    expect([progress.watermark, progress.front, progress.looked, progress.hole]).toEqual([1, 1, 4, true]);
    expect([progress.seen(0), progress.seen(1), progress.seen(2), progress.seen(3)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    progress.accept(1);
    progress.settle(1);
    expect(progress.watermark).toBe(2);
    progress.pass(3);
    progress.accept(3);
    expect([progress.hole, progress.ahead, progress.watermark]).toEqual([false, 0, 3]);
  });

  test('an entry taken ahead holds it back once reading has come past', () => {
    const progress = new Progress(0);
    progress.letGo(0);
    progress.acceptAhead(1);
    progress.accept(0);
    progress.accept(2);
    progress.settle(0);
    expect([progress.watermark, progress.front]).toEqual([1, 3]);
    progress.settle(1);
    expect(progress.watermark).toBe(2);
  });

  test('settling twice, or what was never taken in, says so', () => {
    const progress = new Progress(0);
    progress.accept(0);
    expect([progress.settle(0), progress.settle(0), progress.settle(7)]).toEqual([true, false, false]);
  });
});

test('a million settled records behind an unsettled one take no room and no time', () => {
  const progress = new Progress(0);
  progress.accept(0);
  const before = process.memoryUsage().heapUsed;
  for (let offset = 1; offset <= 1_000_000; offset += 1) {
    progress.accept(offset);
    progress.settle(offset);
  }
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 2 ** 20);
  expect([progress.watermark, progress.unsettled]).toEqual([0, 1]);
  progress.settle(0);
  expect(progress.watermark).toBe(1_000_001);
});

type Step = {do: 'read' | 'look'; gap: number; take: boolean} | {do: 'settle'; pick: number};

const steps = fc.array(
  fc.oneof(
    fc.record({do: fc.constantFrom('read' as const, 'look' as const), gap: fc.nat(2), take: fc.boolean()}),
    fc.record({do: fc.constant('settle' as const), pick: fc.nat(20)}),
  ),
  {maxLength: 80},
);

/** Every offset's fate in a plain map; the log's records are those whose offset was drawn once, by `gap`. */
function follow(script: Step[]): void {
  const progress = new Progress(3);
  const exists = new Map<number, boolean>();
  const fate = new Map<number, 'open' | 'settled'>();
  let front = 3;
  let looked = 3;
  const next = (from: number, gap: number): number => {
    let offset = from;
    for (let left = gap; exists.get(offset) ?? left > 0; offset += 1) {
      if (exists.get(offset) === true) break;
      if (!exists.has(offset)) left -= 1;
      exists.set(offset, false);
    }
    while (exists.get(offset) === false) offset += 1;
    exists.set(offset, true);
    return offset;
  };
  for (const step of script) {
    if (step.do === 'settle') {
      const offset = [...fate.keys()][step.pick] ?? -1;
      expect(progress.settle(offset)).toBe(fate.get(offset) === 'open');
      if (fate.has(offset)) fate.set(offset, 'settled');
    } else if (step.do === 'read') {
      const offset = next(front, step.gap);
      expect(progress.seen(offset)).toBe(fate.has(offset));
      if (!fate.has(offset) && step.take) {
        progress.accept(offset);
        fate.set(offset, 'open');
      } else progress.pass(offset + 1);
      front = offset + 1;
    } else {
      const offset = next(Math.max(front, looked), step.gap);
      if (step.take) {
        progress.acceptAhead(offset);
        fate.set(offset, 'open');
      } else progress.letGo(offset);
      looked = offset + 1;
    }
    looked = Math.max(looked, front);
    const open = [...fate].flatMap(([offset, state]) => (state === 'open' ? [offset] : []));
    expect([progress.front, progress.looked, progress.unsettled]).toEqual([front, looked, open.length]);
    expect(progress.watermark).toBe(Math.min(front, ...open));
    expect(progress.ahead).toBe([...fate.keys()].filter((offset) => offset >= front).length);
  }
}

test('for any reading, looking ahead and settling, the watermark is below all that is unsettled', () => {
  fc.assert(
    fc.property(steps, (script) => follow(script)),
    {numRuns: 500},
  );
});
