import {expect, test} from '@jest/globals';
import {judgeRegex} from './regex.ts';

test.each([
  '^(x+)+$',
  '(x+)*',
  '(?:x*){2,}',
  '(?<n>[a-z]+-)*[a-z]+',
  '(x{0,50}){0,50}',
  '((a|ab)c)+',
  '(a|A)*',
  '(\\d|\\w)+',
  '(|a)+',
  '(^a|b)+',
  '(?=(a+)+)b',
  '(?:(?:a*b)?)*',
])('%s may search for ever', (source) => {
  expect(judgeRegex(source).problem).toMatch(/inside a repetition/);
});

test.each([
  ['[^a-z]', 0],
  ['(?:Dr|Prof)\\.\\s+', 1],
  ['^(.+)@(.+)$', 2],
  ['(a|b)+', 1],
  ['(foo|bar)*x', 1],
  ['(\\d{1,3}\\.){3}\\d{1,3}', 4],
  ['[)(+\\]]+(b)+\\(\\w+\\)+', 4],
  ['(?<n>a+)\\k<n>', 2],
  ['(?!x+)y*?', 2],
  ['(a|ab){1,9}', 10],
  ['a{2,}', 1],
  ['(', 0],
])('%s is of degree %d', (source, degree) => {
  expect(judgeRegex(source)).toEqual({degree});
});
