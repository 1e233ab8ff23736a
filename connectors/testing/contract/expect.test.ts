import {runInNewContext} from 'node:vm';
import {expect as jestExpect, test} from '@jest/globals';
import {expect} from './expect.ts';

type Said = (say: typeof expect) => void;

const said: [name: string, holds: boolean, said: Said][] = [
  ['toBe', true, (say) => say(NaN).toBe(NaN)],
  ['toBe of another', false, (say) => say({}).toBe({})],
  ['toEqual', true, (say) => say({a: [1, {b: 2}], c: undefined}).toEqual({a: [1, {b: 2}]})],
  ['toEqual of more', false, (say) => say({a: 1, b: 2}).toEqual({a: 1})],
  ['toEqual of another order', false, (say) => say([1, 2]).toEqual([2, 1])],
  ['toEqual of null', false, (say) => say({a: null}).toEqual({})],
  ['arrayContaining', true, (say) => say([1, {a: 2}, 3]).toEqual(expect.arrayContaining([{a: 2}]))],
  ['arrayContaining what is not', false, (say) => say([1]).toEqual(expect.arrayContaining([2]))],
  ['arrayContaining of no list', false, (say) => say('abc').toEqual(expect.arrayContaining(['x']))],
  ['toMatchObject', true, (say) => say({a: {b: 1, c: 2}, d: 3}).toMatchObject({a: {b: 1}})],
  ['toMatchObject of less', false, (say) => say({a: {}}).toMatchObject({a: {b: 1}})],
  ['toMatchObject of lists', true, (say) => say([{a: 1, b: 2}]).toMatchObject([{a: 1}])],
  ['toMatchObject of longer lists', false, (say) => say({a: [1, 2]}).toMatchObject({a: [1]})],
  ['toMatch', true, (say) => say('abc').toMatch(/^a/)],
  ['toMatch of another', false, (say) => say('abc').toMatch(/^b/)],
  ['toContain', true, (say) => say(['a', 'b']).toContain('b')],
  ['toContain in a text', false, (say) => say('ab').toContain('c')],
  ['toHaveLength', true, (say) => say([1, 2]).toHaveLength(2)],
  ['toHaveLength of another', false, (say) => say([1]).toHaveLength(2)],
  ['toBeUndefined', true, (say) => say(undefined).toBeUndefined()],
  ['toBeUndefined of null', false, (say) => say(null).toBeUndefined()],
  ['toBeDefined', false, (say) => say(undefined).toBeDefined()],
  ['toBeGreaterThan', false, (say) => say(1).toBeGreaterThan(1)],
  ['toBeGreaterThanOrEqual', true, (say) => say(1).toBeGreaterThanOrEqual(1)],
  ['toBeLessThan', false, (say) => say(1).toBeLessThan(1)],
  ['toBeLessThanOrEqual', true, (say) => say(1).toBeLessThanOrEqual(1)],
  ['toEqual across globals', true, (say) => say(runInNewContext('[{a: [1]}]')).toEqual([{a: [1]}])],
  ['not', true, (say) => say(1).not.toBe(2)],
  ['not of what is so', false, (say) => say({a: 1, b: 2}).not.toMatchObject({a: 1})],
];

const holds = (run: () => void): boolean => {
  try {
    run();
    return true;
  } catch {
    return false;
  }
};

test.each(said)('%s is what jest takes it for', (name, isSo, run) => {
  expect(holds(() => run(expect))).toBe(isSo);
  // jest has an own object for what may stand in a list.
  if (!name.startsWith('arrayContaining')) expect(holds(() => run(jestExpect as never))).toBe(isSo);
});
