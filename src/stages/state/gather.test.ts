import {describe, expect, test} from '@jest/globals';
import {gathered} from './gather.ts';

const echo = () => {
  const calls: number[][] = [];
  const ask = (items: readonly number[]): Promise<number[]> => {
    calls.push([...items]);
    return Promise.resolve(items.map((item) => item * 10));
  };
  return {calls, ask: gathered(ask)};
};

describe('what is asked for in one turn of the event loop', () => {
  test('goes in one call, and each gets its own reply', async () => {
    const {calls, ask} = echo();
    expect(await Promise.all([ask(1), ask(2), ask(3)])).toEqual([10, 20, 30]);
    expect(await ask(4)).toBe(40);
    expect(calls).toEqual([[1, 2, 3], [4]]);
  });

  test('goes in several calls when it is much', async () => {
    const {calls, ask} = echo();
    const items = Array.from({length: 600}, (_, n) => n);
    expect(await Promise.all(items.map(ask))).toEqual(items.map((item) => item * 10));
    expect(calls.map(({length}) => length)).toEqual([256, 256, 88]);
  });

  test('fails for each of them, and not for what is asked for later', async () => {
    const failures = [new Error('no Redis')];
    const ask = gathered((items: readonly number[]) => {
      const failure = failures.pop();
      return failure ? Promise.reject(failure) : Promise.resolve(items);
    });
    const ends = await Promise.allSettled([ask(1), ask(2)]);
    expect(ends.map(({status}) => status)).toEqual(['rejected', 'rejected']);
    expect(await ask(3)).toBe(3);
  });

  test('fails when it is not answered for each: a reply must not go to another', async () => {
    const ask = gathered(() => Promise.resolve([1]));
    const ends = await Promise.allSettled([ask(1), ask(2)]);
    expect(ends).toMatchObject([{status: 'rejected'}, {status: 'rejected'}]);
  });
});
