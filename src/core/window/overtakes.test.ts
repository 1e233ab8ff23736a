import {describe, expect, test} from '@jest/globals';
import type {Entry} from '../window.ts';
import {entry, open} from './testing/entries.ts';

/** Which of one subject's are left, in the order in which they are sent. */
describe('what a newer entry takes the place of', () => {
  const lists = {saysMembers: true};
  const table: [string, Entry[], number[]][] = [
    ['snapshot, snapshot', [entry('a', 'snapshot'), entry('a', 'snapshot')], [1]],
    ['list, snapshot', [entry('a', 'snapshot', lists), entry('a', 'snapshot')], [0, 1]],
    ['snapshot, list', [entry('a', 'snapshot'), entry('a', 'snapshot', lists)], [1]],
    ['list, list', [entry('a', 'snapshot', lists), entry('a', 'snapshot', lists)], [1]],
    ['list, cut-off', [entry('a', 'snapshot', lists), entry('a', 'cutOff')], [1, 0]],
    [
      'list, cut-off, snapshot',
      [entry('a', 'snapshot', lists), entry('a', 'cutOff'), entry('a', 'snapshot')],
      [0, 2],
    ],
    [
      'list, cut-off, list',
      [entry('a', 'snapshot', lists), entry('a', 'cutOff'), entry('a', 'snapshot', lists)],
      [2],
    ],
    ['list, end', [entry('a', 'snapshot', lists), entry('a', 'end', lists)], [1, 0]],
    ['delta, end', [entry('a', 'delta'), entry('a', 'end', lists)], [0, 1]],
    ['snapshot, end', [entry('a', 'snapshot'), entry('a', 'end', lists)], [1]],
    ['end, snapshot', [entry('a', 'end', lists), entry('a', 'snapshot')], [0, 1]],
    ['end, list', [entry('a', 'end', lists), entry('a', 'snapshot', lists)], [1]],
    [
      'list, delta, cut-off',
      [entry('a', 'snapshot', lists), entry('a', 'delta'), entry('a', 'cutOff')],
      [0, 1, 2],
    ],
    ['cut-off, snapshot', [entry('a', 'cutOff'), entry('a', 'snapshot')], [1]],
    ['cut-off, cut-off', [entry('a', 'cutOff'), entry('a', 'cutOff')], [1]],
    ['delta, snapshot', [entry('a', 'delta'), entry('a', 'snapshot')], [0, 1]],
    ['delta, list', [entry('a', 'delta'), entry('a', 'snapshot', lists)], [1]],
    ['delta, cut-off', [entry('a', 'delta'), entry('a', 'cutOff')], [0, 1]],
    ['list, delta', [entry('a', 'snapshot', lists), entry('a', 'delta')], [0, 1]],
    ['none, snapshot', [entry('a', 'none'), entry('a', 'snapshot')], [0, 1]],
    ['snapshot, none', [entry('a', 'snapshot'), entry('a', 'none')], [0, 1]],
    [
      'snapshot, none, snapshot',
      [entry('a', 'snapshot'), entry('a', 'none'), entry('a', 'snapshot')],
      [1, 2],
    ],
    [
      'snapshot, delta, snapshot',
      [entry('a', 'snapshot'), entry('a', 'delta'), entry('a', 'snapshot')],
      [0, 1, 2],
    ],
    [
      'list, snapshot, snapshot',
      [entry('a', 'snapshot', lists), entry('a', 'snapshot'), entry('a', 'snapshot')],
      [0, 2],
    ],
    [
      'snapshot, delta, list',
      [entry('a', 'snapshot'), entry('a', 'delta'), entry('a', 'snapshot', lists)],
      [2],
    ],
  ];

  test.each(table)('%s', (_name, entries, left) => {
    const window = open();
    const superseded = entries.flatMap((one) => window.offer(one));
    const sent: Entry[] = [];
    for (let units = window.take(1); units[0]; units = window.take(1)) {
      sent.push(...units[0].entries);
      window.done(units[0]);
    }
    expect(sent.map((one) => entries.indexOf(one))).toEqual(left);
    expect(superseded).toEqual(entries.filter((one) => !sent.includes(one)));
    expect(window.size).toBe(0);
    expect(window.bytes).toBe(0);
  });

  test.each(table)('%s: everything in order without coalescing', (_name, entries) => {
    const window = open({coalesce: false});
    expect(entries.flatMap((one) => window.offer(one))).toEqual([]);
    const sent: Entry[] = [];
    for (let units = window.take(1); units[0]; units = window.take(1)) {
      expect(units[0].entries).toHaveLength(1);
      sent.push(...units[0].entries);
      window.done(units[0]);
    }
    expect(sent).toEqual(entries);
  });
});
