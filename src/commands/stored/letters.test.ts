import {expect, test} from '@jest/globals';
import type {DeadLetter} from '../../core/parked.ts';
import {causesOf, listed} from './letters.ts';

const letter = (id: string, cause: string): DeadLetter => ({
  id,
  target: 'wiki',
  subject: 'u',
  kind: 'snapshot',
  saysMembers: false,
  position: {source: 1, offset: 1, occurredAt: 0},
  failure: {kind: 'rejected', cause, message: 'no'},
  attempts: 1,
  firstAt: 0,
  at: 0,
});
const letters = [letter('a', '409'), letter('b', '400 invalidValue'), letter('c', '400 invalidValue')];

test('they are counted by cause, the most first, also those that are not shown', () => {
  expect(causesOf(letters)).toEqual([
    {cause: '400 invalidValue', count: 2},
    {cause: '409', count: 1},
  ]);
  expect(listed(causesOf(letters), letters.slice(0, 1))).toEqual([
    '3 dead letter(s)',
    '  2  400 invalidValue',
    '  1  409',
    expect.stringMatching(/^target +id +subject/),
    expect.stringMatching(/^wiki +a +u .* snapshot +1 +409$/),
  ]);
});

test('none', () => {
  expect(listed([], [])).toEqual(['no dead letters']);
  expect(listed([], [], true)).toEqual(['no dead letter is like that']);
});
