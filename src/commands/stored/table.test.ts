import {expect, test} from '@jest/globals';
import fc from 'fast-check';
import {printable, tableOf, timeOf} from './table.ts';

test('columns stand under each other; where the output is no terminal nothing is cut', () => {
  const long = 'x'.repeat(300);
  expect(
    tableOf(
      ['target', 'cause'],
      [
        ['wiki', long],
        ['d', ''],
      ],
    ),
  ).toEqual(['target  cause', `wiki    ${long}`, 'd']);
});

test('what has no room beside the rest goes on below its row; nothing is cut', () => {
  const id = 'identity.events/11/1234567890';
  const rows = [['wiki', id, '2026-11-24T08:00:00.000Z', '400 invalidValue: something or other']];
  expect(tableOf(['target', 'id', 'died', 'cause'], rows, 65)).toEqual([
    `target  id${' '.repeat(id.length)}died`,
    '  cause',
    `wiki    ${id}  2026-11-24T08:00:00.000Z`,
    '  400 invalidValue: something or other',
  ]);
  expect(tableOf(['target', 'id', 'died', 'cause'], rows, 40)).toEqual([
    'target  id',
    '  died  cause',
    `wiki    ${id}`,
    '  2026-11-24T08:00:00.000Z  400',
    '  invalidValue: something or other',
  ]);
});

test('one cell that is far too long breaks up its own row alone', () => {
  const rows = [
    ['wiki', 'u1', 'snapshot'],
    ['wiki', 'x'.repeat(35), 'cutOff'],
  ];
  expect(tableOf(['target', 'subject', 'kind'], rows, 40)).toEqual([
    'target  subject  kind',
    'wiki    u1       snapshot',
    'wiki',
    `  ${'x'.repeat(35)}`,
    '  cutOff',
  ]);
});

test('a last column with room enough is folded where it stands', () => {
  const row = ['auth', 'one of bearer, basic and oauth2'];
  expect(tableOf(['setting', 'what it is for'], [row], 33)).toEqual([
    'setting  what it is for',
    'auth     one of bearer, basic and',
    '         oauth2',
  ]);
});

test('whatever stands in the cells, no line is wider than it may be, unless by a word that is', () => {
  const rows = fc.array(fc.tuple(fc.string({unit: 'grapheme'}), fc.string(), fc.string()), {maxLength: 5});
  fc.assert(
    fc.property(rows, fc.integer({min: 10, max: 100}), (cells, columns) => {
      const words = cells.flat().flatMap((cell) => printable(cell).split(' '));
      const most = Math.max(columns, ...words.map((word) => Array.from(word).length + 2));
      const lines = tableOf(['a', 'b', 'c'], cells, columns);
      for (const line of lines) expect(Array.from(line).length).toBeLessThanOrEqual(most);
      const letters = (text: string): string => text.replaceAll(' ', '');
      expect(letters(lines.join(''))).toBe(letters(`abc${cells.flat().map(printable).join('')}`));
    }),
    {numRuns: 1000},
  );
});

test('what would move the cursor, or turn the text, is not printed', () => {
  expect(tableOf(['subject'], [['u\u001B[2J\u0007\n\u202Eu']]).at(1)).toBe('u�[2J���u');
});

test('a time beyond all dates is the last of them', () => {
  expect(timeOf(1e20)).toBe('+275760-09-13T00:00:00.000Z');
});
