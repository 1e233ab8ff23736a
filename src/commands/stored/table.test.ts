import {expect, test} from '@jest/globals';
import fc from 'fast-check';
import {tableOf, timeOf} from './table.ts';

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

test('a terminal cuts what is widest, and never what is copied into the next command', () => {
  const id = 'identity.events/11/1234567890';
  const rows = [['wiki', id, '400 invalidValue: something or other', 'snapshot']];
  expect(tableOf(['target', 'id', 'cause', 'kind'], rows, 60)).toEqual([
    `target  id${' '.repeat(id.length)}cause        kind`,
    `wiki    ${id}  400 invali…  snapshot`,
  ]);
  expect(tableOf(['target', 'id', 'cause', 'kind'], rows, 10)[1]).toBe(`wiki    ${id}  400 i…  snaps…`);
});

test('whatever stands in the cells, no line is wider than it may be as long as its columns can give', () => {
  const rows = fc.array(fc.tuple(fc.string({unit: 'grapheme'}), fc.string(), fc.string()), {maxLength: 5});
  fc.assert(
    fc.property(rows, fc.integer({min: 3 * 6 + 2 * 2, max: 100}), (cells, columns) => {
      for (const line of tableOf(['a', 'b', 'c'], cells, columns))
        expect(Array.from(line).length).toBeLessThanOrEqual(columns);
    }),
  );
});

test('what would move the cursor, or turn the text, is not printed', () => {
  expect(tableOf(['subject'], [['u\u001B[2J\u0007\n\u202Eu']]).at(1)).toBe('u�[2J���u');
});

test('a time beyond all dates is the last of them', () => {
  expect(timeOf(1e20)).toBe('+275760-09-13T00:00:00.000Z');
});
