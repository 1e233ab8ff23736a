import {expect, test} from '@jest/globals';
import {mayAct} from './role.ts';
import {hashToken, readTokenLines, tokenLine} from './token-lines.ts';

const hex = 'ab'.repeat(32);

test('a line a token; comments and empty lines are none', () => {
  const {entries, wrongLine} = readTokenLines(
    `# the team\n\nann approver sha256:${hex}\r\nci viewer sha256:${hex}\n`,
  );
  expect(wrongLine).toBeUndefined();
  expect(entries).toEqual([
    {name: 'ann', role: 'approver', sha256: Buffer.from(hex, 'hex')},
    {name: 'ci', role: 'viewer', sha256: Buffer.from(hex, 'hex')},
  ]);
});

test.each([
  ['no hash', 'ann viewer'],
  ['a token in place of its hash', 'ann viewer avsc_0123456789'],
  ['a short hash', 'ann viewer sha256:abcd'],
  ['a role there is not', `ann root sha256:${hex}`],
  ['a name with other characters', `a/b viewer sha256:${hex}`],
  ['more than three words', `ann viewer sha256:${hex} x`],
])('%s is told by its line, and no token counts', (_, line) => {
  expect(readTokenLines(`ok viewer sha256:${hex}\n${line}`)).toEqual({entries: [], wrongLine: 2});
});

test('what a token is written as is read as it was', () => {
  const entry = {name: 'ops', role: 'operator', sha256: hashToken('some token')} as const;
  expect(readTokenLines(tokenLine(entry)).entries).toEqual([entry]);
});

test('a role may do what those before it may', () => {
  expect(mayAct('approver', 'operator')).toBe(true);
  expect(mayAct('viewer', 'viewer')).toBe(true);
  expect(mayAct('operator', 'approver')).toBe(false);
});
