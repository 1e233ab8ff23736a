import {expect, test} from '@jest/globals';
import {commands} from '../index.ts';
import {reasonOf} from './reason.ts';

test.each([
  ...['dead-letters retry', 'dead-letters discard', 'dead-letters show', 'holds approve', 'holds discard'],
  ...['target pause', 'target resume', 'cut-off', 'subject', 'subject replay', 'subject erase'],
])('%s takes a reason', (name) => {
  const {options = []} = commands.find((one) => one.name === name) ?? {};
  expect(options.map(({flags}) => flags)).toContain('--reason <text>');
});

test.each([
  ['a mistake', {reason: 'a mistake'}],
  ['  a mistake ', {reason: 'a mistake'}],
  ['x'.repeat(900), {reason: 'x'.repeat(500)}],
  [' ', {}],
  [true, {}],
  [undefined, {}],
])('%j is %j', (reason, said) => {
  expect(reasonOf({options: {reason}})).toEqual(said);
});
