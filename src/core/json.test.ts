import {expect, test} from '@jest/globals';
import {isObject, objectsOf, parseJson} from './json.ts';

test.each([
  ['', undefined],
  ['<html>', undefined],
  ['{"a":1', undefined],
  ['null', null],
  ['[1]', [1]],
  ['{"a":"b"}', {a: 'b'}],
])('the text %j holds %j', (text, held) => {
  expect(parseJson(text)).toEqual(held);
});

test('neither a list nor null is an object', () => {
  expect([{}, [], null, 'a', undefined].map((value) => isObject(value))).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('of a list its objects count, of anything else none', () => {
  expect(objectsOf([{id: 1}, null, [{}], 'a', {}])).toEqual([{id: 1}, {}]);
  expect(objectsOf({id: 1})).toEqual([]);
  expect(objectsOf(undefined)).toEqual([]);
});
