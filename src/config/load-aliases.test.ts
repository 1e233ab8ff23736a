import {expect, test} from '@jest/globals';
import {loadConfig} from './load.ts';
import {problemText} from './problem.ts';

const problemsOf = (text: string): string[] => {
  const loaded = loadConfig({path: '/etc/avro-scim.yaml', env: {}, manifests: [], readFile: () => text});
  return loaded.ok ? [] : loaded.problems.map((problem) => problemText('f', problem));
};

test.each([
  ['a: &a\n  b: *a\n', 2, 6],
  ['targets: &t\n  - [*t]\n', 2, 6],
  ['a: &a\n  b: &b\n    c: *a\nd: *b\n', 3, 8],
])('an anchor that holds itself: %j', (text, line, column) => {
  expect(problemsOf(text)).toEqual([
    expect.stringMatching(new RegExp(`^f:${line}:${column}: .*the alias \\*\\w stands inside what it names`)),
  ]);
});

test('aliases of aliases are not followed for ever', () => {
  const level = (n: number): string =>
    `l${n}: &l${n} [${Array(9)
      .fill(`*l${n - 1}`)
      .join(', ')}]\n`;
  const text = `l0: &l0 [x]\n${Array.from({length: 9}, (_, n) => level(n + 1)).join('')}`;
  expect(problemsOf(text)).toEqual([expect.stringContaining('more than 10000 aliases')]);
});
