import {describe, expect, test} from '@jest/globals';
import fc from 'fast-check';
import {compareAttributes, fingerprintAttributes, fingerprintBytes} from './digest.ts';
import type {Attributes, Json} from './resource.ts';

const paths = ['userName', 'active', 'title', 'name', 'emails', 'urn:x:department'];
const value = fc.oneof<fc.Arbitrary<Json>[]>(
  fc.string({maxLength: 4}),
  fc.boolean(),
  fc.constant(null),
  fc.constant<Json>([]),
  fc.array(fc.record({value: fc.string({maxLength: 2}), primary: fc.boolean()}), {maxLength: 2}),
);
const attributes: fc.Arbitrary<Attributes> = fc.dictionary(fc.constantFrom(...paths), value);

const digestAttributes = (said: Attributes, version: string, stored?: Buffer) =>
  compareAttributes(said, version, stored).digest;
const changedPaths = (stored: Buffer | undefined, desired: Attributes, version: string) =>
  compareAttributes(desired, version, stored).changed;

const cleared = (json: Json | undefined) =>
  json === undefined || json === null || (Array.isArray(json) && json.length === 0);
const differ = (a: Json | undefined, b: Json | undefined) =>
  cleared(a) ? !cleared(b) : JSON.stringify(a) !== JSON.stringify(b);

describe('what changed', () => {
  test('is what differs between what was applied and what is wanted', () => {
    fc.assert(
      fc.property(attributes, attributes, (applied, desired) => {
        const changed = changedPaths(digestAttributes(applied, 'v1'), desired, 'v1');
        expect(changed).toEqual(Object.keys(desired).filter((path) => differ(applied[path], desired[path])));
      }),
    );
  });

  test('is judged against everything that earlier events said', () => {
    fc.assert(
      fc.property(fc.array(attributes, {minLength: 1, maxLength: 4}), attributes, (history, desired) => {
        let stored: Buffer | undefined;
        for (const said of history) stored = digestAttributes(said, 'v1', stored);
        const known: Attributes = Object.assign({}, ...history) as Attributes;
        const changed = changedPaths(stored, desired, 'v1');
        expect(changed).toEqual(Object.keys(desired).filter((path) => differ(known[path], desired[path])));
      }),
    );
  });

  test('after the mapping changed, clearing or setting what is no longer said is still a change', () => {
    const first = digestAttributes({userName: 'ada', title: 'Engineer'}, 'v1');
    const second = digestAttributes({userName: 'ada'}, 'v2', first);
    expect(changedPaths(second, {userName: 'ada', title: null}, 'v2')).toEqual(['title']);
    expect(changedPaths(second, {title: 'Engineer'}, 'v2')).toEqual(['title']);
  });

  test('is unknown without a digest and for another mapping', () => {
    expect(changedPaths(undefined, {userName: 'ada'}, 'v1')).toBeUndefined();
    expect(changedPaths(digestAttributes({userName: 'ada'}, 'v1'), {userName: 'ada'}, 'v2')).toBeUndefined();
  });

  test('is unknown when two paths share an id', () => {
    const seen = new Map<number, string>();
    const twins = (): [string, string] => {
      for (let i = 0; ; i += 1) {
        const path = `a${i}`;
        const id = digestAttributes({[path]: 'x'}, 'v1').readUInt16BE(fingerprintBytes) >> 2;
        const other = seen.get(id);
        if (other !== undefined) return [other, path];
        seen.set(id, path);
      }
    };
    const [a, b] = twins();
    expect(changedPaths(digestAttributes({[a]: 'x'}, 'v1'), {[a]: 'x', [b]: 'y'}, 'v1')).toBeUndefined();
  });
});

test('a digest begins with its fingerprint, and has 6 bytes for each attribute that is not cleared', () => {
  const said: Attributes = {userName: 'ada', active: true, title: null, emails: []};
  const digest = digestAttributes(said, 'v1');
  expect(digest).toHaveLength(12 + 2 * 6);
  expect(digest.subarray(0, fingerprintBytes)).toEqual(fingerprintAttributes(said, 'v1'));
  expect(fingerprintAttributes(said, 'v2')).not.toEqual(fingerprintAttributes(said, 'v1'));
  expect(fingerprintAttributes({...said, title: 'x'}, 'v1')).not.toEqual(fingerprintAttributes(said, 'v1'));
});

test('values that are alike do not collide', () => {
  const seen = new Set<string>();
  for (let i = 0; i < 20_000; i += 1) {
    seen.add(digestAttributes({a: `user${i}@example.com`}, 'v').toString('hex', fingerprintBytes));
  }
  expect(seen.size).toBe(20_000);
});
