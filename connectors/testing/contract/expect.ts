import assert from 'node:assert/strict';
import {inspect} from 'node:util';

class Containing {
  readonly items: readonly unknown[];
  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

interface Matchers {
  toBe(expected: unknown): void;
  /** Deeply; a property that is undefined is as good as none. */
  toEqual(expected: unknown): void;
  /** Deeply, as far as `expected` goes; lists item by item. */
  toMatchObject(expected: object): void;
  toMatch(pattern: RegExp): void;
  toContain(item: unknown): void;
  toHaveLength(length: number): void;
  toBeUndefined(): void;
  toBeDefined(): void;
  toBeGreaterThan(least: number): void;
  toBeGreaterThanOrEqual(least: number): void;
  toBeLessThan(most: number): void;
  toBeLessThanOrEqual(most: number): void;
}

const matchers = (actual: unknown): Matchers => ({
  toBe: (expected) => assert.equal(actual, expected),
  toEqual: (expected) =>
    expected instanceof Containing
      ? assert.ok(
          expected.items.every((item) => contains(actual, item)),
          `expected all of ${text(expected.items)} in ${text(actual)}`,
        )
      : assert.deepEqual(said(actual), said(expected)),
  toMatchObject: (expected) => assert.deepEqual(asFarAs(said(actual), said(expected)), said(expected)),
  toMatch: (pattern) => assert.match(String(actual), pattern),
  toContain: (item) => assert.ok(contains(actual, item), `expected ${text(item)} in ${text(actual)}`),
  toHaveLength: (length) => assert.equal((actual as {length?: unknown} | null | undefined)?.length, length),
  toBeUndefined: () => assert.equal(actual, undefined),
  toBeDefined: () => assert.notEqual(actual, undefined),
  toBeGreaterThan: (least) => compare(actual, (number) => number > least, `more than ${least}`),
  toBeGreaterThanOrEqual: (least) => compare(actual, (number) => number >= least, `at least ${least}`),
  toBeLessThan: (most) => compare(actual, (number) => number < most, `less than ${most}`),
  toBeLessThanOrEqual: (most) => compare(actual, (number) => number <= most, `at most ${most}`),
});

type Saying = (...expected: unknown[]) => void;

const negated = (sayings: Matchers): Matchers =>
  Object.fromEntries(
    Object.entries(sayings).map(([name, say]: [string, Saying]) => [
      name,
      (...expected: unknown[]) =>
        assert.throws(() => say(...expected), assert.AssertionError, `expected not to hold: ${name}`),
    ]),
  ) as unknown as Matchers;

/**
 * What the suite's cases say by, over `node:assert`: the part of jest's `expect` that they need, so that it runs under any
 * test runner and asks its users for no package.
 */
export const expect = Object.assign(
  (actual: unknown) => ({...matchers(actual), not: negated(matchers(actual))}),
  {
    arrayContaining: (items: readonly unknown[]): unknown => new Containing(items),
  },
);

const text = (value: unknown): string => inspect(value);

const compare = (actual: unknown, holds: (number: number) => boolean, wanted: string): void =>
  assert.ok(typeof actual === 'number' && holds(actual), `expected ${wanted}, found ${text(actual)}`);

const contains = (list: unknown, item: unknown): boolean => {
  if (typeof list === 'string') return typeof item === 'string' && list.includes(item);
  return Array.isArray(list) && list.some((one) => isEqual(said(one), said(item)));
};

const isEqual = (one: unknown, other: unknown): boolean => {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
};

/** Runners that give each file a global of its own have another Object there. */
const isPlain = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

/** Without properties that are undefined, and of this file's own Object and Array. */
const said = (value: unknown): unknown => {
  if (Array.isArray(value)) return Array.from(value, said);
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, said(inner)]));
};

/** The part of a value that `expected` speaks of. */
const asFarAs = (value: unknown, expected: unknown): unknown => {
  if (Array.isArray(value) && Array.isArray(expected))
    return Array.from(value, (item: unknown, at) => asFarAs(item, expected[at]));
  if (!isPlain(value) || !isPlain(expected)) return value;
  const keys = Object.keys(expected).filter((key) => key in value);
  return Object.fromEntries(keys.map((key) => [key, asFarAs(value[key], expected[key])]));
};
