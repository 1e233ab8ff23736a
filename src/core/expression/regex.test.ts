import {expect, test} from '@jest/globals';
import {judgeRegex} from './regex.ts';

test.each([
  '^(x+)+$',
  '(x+)*',
  '(?:x*){2,}',
  '([a-z]+-?)*',
  '([a-z]+[\\w-])*',
  '(a+b?a)*',
  '(?:\\d+|\\d+-)*',
  '(\\S+ |.+x)*',
  '(?:[^,]*,?)*',
  '(ä+ö)*',
  '([A-Z]+a)*',
  '(a+(?=b))*',
  '(a*)+',
  '(?:(a+)-\\1)*',
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
  ['([a-z]+-)*', 1],
  ['(?<n>[a-z]+-)*[a-z]+', 2],
  ['^[a-z]+(?:-[a-z]+)*$', 2],
  ['(?:[^,]*,)*', 1],
  ['(?:"[^"]*"|[^",]+,)*', 1],
  ['(\\d+[ .-])+\\d+', 2],
  ['((?:[a-z]+\\.)+@)*', 1],
  ['(\\s*\\w+;)*', 1],
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

/** How much longer a search that fails takes for a text of twice the length: linear 2, squared 4. */
test.each(['([a-z]+-)*$', '^(?:[^,]*,)*;', '(?<n>[a-z]+-)*[a-z]+!', '(?:"[^"]*"|[^",]+,)*!'])(
  '%s is as fast as it is judged',
  (source) => {
    expect(judgeRegex(source).problem).toBeUndefined();
    const text = 'ab-ab,"a",abcdefgh-'.repeat(500);
    const began = performance.now();
    new RegExp(source).exec(text);
    // Of 9,500 characters; what has two ways through each of them would not end.
    expect(performance.now() - began).toBeLessThan(5000);
  },
);
