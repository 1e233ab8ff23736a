import {describe, expect, test} from '@jest/globals';
import fc from 'fast-check';
import {entry} from '../../core/window/testing/entries.ts';
import type {Entry, EntryKind} from '../../core/window.ts';
import {Scan} from './catch-up.ts';

type Note = [subject: string, kind: EntryKind, saysMembers?: boolean];

function wanted(notes: Note[]): number[] {
  const scan = new Scan();
  notes.forEach(([subject, kind, saysMembers = false], offset) =>
    scan.note({subject, kind, saysMembers, occurredAt: offset}, offset),
  );
  const selection = scan.select();
  const offsets = notes.flatMap((_, offset) => (selection.has(offset) ? [offset] : []));
  expect(selection.size).toBe(offsets.length);
  return offsets;
}

describe('what catch-up wants of history', () => {
  test.each<[string, Note[], number[]]>([
    ['nothing of nothing', [], []],
    [
      'the latest of each',
      [
        ['a', 'snapshot'],
        ['b', 'snapshot'],
        ['a', 'snapshot'],
      ],
      [1, 2],
    ],
    [
      'the last list too',
      [
        ['a', 'snapshot', true],
        ['a', 'snapshot', true],
        ['a', 'snapshot'],
      ],
      [1, 2],
    ],
    [
      'a cut-off alone',
      [
        ['a', 'snapshot', true],
        ['a', 'snapshot'],
        ['a', 'cutOff'],
      ],
      [2],
    ],
    [
      'after a rehire nothing from before',
      [
        ['a', 'snapshot', true],
        ['a', 'cutOff'],
        ['a', 'snapshot'],
      ],
      [2],
    ],
    [
      'deltas after the last list',
      [
        ['g', 'delta'],
        ['g', 'snapshot', true],
        ['g', 'delta'],
        ['g', 'delta'],
      ],
      [1, 2, 3],
    ],
    [
      'deltas before a mere rename',
      [
        ['g', 'delta'],
        ['g', 'snapshot'],
      ],
      [0, 1],
    ],
    [
      'what is no event, if nothing came after',
      [
        ['a', 'none'],
        ['a', 'snapshot'],
        ['a', 'none'],
      ],
      [1, 2],
    ],
  ])('%s', (_name, notes, offsets) => {
    expect(wanted(notes)).toEqual(offsets);
  });

  /** Offsets that are wanted of two partitions; each note says when it occurred. */
  const wantedOfBoth = (...both: [Note, number][][]): number[][] => {
    const scans = both.map((notes) => {
      const scan = new Scan();
      notes.forEach(([[subject, kind, saysMembers = false], occurredAt], offset) =>
        scan.note({subject, kind, saysMembers, occurredAt}, offset),
      );
      return scan;
    });
    for (const scan of scans) scan.overtake(scans);
    return scans.map((scan, at) => {
      const selection = scan.select();
      return (both[at] ?? []).flatMap((_, offset) => (selection.has(offset) ? [offset] : []));
    });
  };

  test.each<[string, [Note, number][], [Note, number][], number[][]]>([
    ['a leave in another partition', [[['a', 'snapshot'], 5]], [[['a', 'cutOff'], 6]], [[], [0]]],
    ['a return in another', [[['a', 'snapshot'], 7]], [[['a', 'cutOff'], 6]], [[0], []]],
    ['on a tie the leave', [[['a', 'snapshot'], 6]], [[['a', 'cutOff'], 6]], [[], [0]]],
    ['both of one time', [[['a', 'snapshot'], 6]], [[['a', 'snapshot'], 6]], [[0], [0]]],
    ['others are let be', [[['b', 'snapshot'], 5]], [[['a', 'cutOff'], 6]], [[0], [0]]],
    ['a list that nothing newer says', [[['a', 'snapshot', true], 5]], [[['a', 'snapshot'], 6]], [[0], [0]]],
    ['nor after a leave', [[['a', 'snapshot', true], 5]], [[['a', 'cutOff'], 6]], [[], [0]]],
    ['deltas stay', [[['g', 'delta'], 5]], [[['g', 'snapshot', true], 6]], [[0], [0]]],
  ])('of two partitions: %s', (_name, first, second, offsets) => {
    expect(wantedOfBoth(first, second)).toEqual(offsets);
  });

  test('leaves out only what something later says in full', () => {
    const note = fc.tuple(
      fc.constantFrom('a', 'b'),
      fc.constantFrom<EntryKind>('snapshot', 'cutOff', 'delta', 'none'),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(note, {maxLength: 30}), (notes) => {
        const kept = new Set(wanted(notes));
        const all = notes.map(([subject, kind, saysMembers], offset) =>
          entry(subject, kind, {saysMembers, offset}),
        );
        const whole = (one: Entry) => one.kind === 'snapshot' || one.kind === 'cutOff';
        for (const one of all.filter(({record}) => !kept.has(record.offset))) {
          const later = all.filter(
            (other) => other.subject === one.subject && other.record.offset > one.record.offset,
          );
          const overtaken =
            one.kind === 'delta' || (one.kind === 'snapshot' && one.saysMembers)
              ? later.some(
                  (other) => other.kind === 'cutOff' || (other.kind === 'snapshot' && other.saysMembers),
                )
              : later.some(whole);
          expect(overtaken).toBe(true);
        }
      }),
    );
  });
});
