import {describe, expect, test} from '@jest/globals';
import fc from 'fast-check';
import {link, readLine} from './chain.ts';
import {linesOf, verifyLines} from './testing/chains.ts';
import type {Linked} from './written.ts';

/** Two writers of one file, their lines mixed; the second one names the first, Redis knows the last of both. */
function realChain() {
  const first = linesOf('first', 9, {crashed: true});
  const second = linesOf('second', 6, {heads: [first.head]});
  const third = linesOf('third', 3);
  const mixed = second.lines.flatMap((line, i) => [line, ...third.lines.slice(i, i + 1)]);
  const heads = [second, third].map(({head}) => ({...head, by: 'Redis'}));
  return {lines: [...first.lines, ...mixed], heads, firstHead: first.head};
}
const {lines: whole, heads, firstHead} = realChain();
const recordAt = (index: number): Linked => {
  const read = readLine(whole[index] ?? '');
  if (read.is !== 'record') throw new Error(`line ${index} is no record`);
  return read.record;
};
/** Another record in its name, with a hash that is right. */
const forgedAt = (index: number): string => {
  const {hash, ...own} = recordAt(index);
  const {line} = link({...own, id: `not ${hash}`}, own);
  return line;
};
const findingsOf = (lines: readonly string[]) => verifyLines(lines, heads).findings;
const each = whole.map((_, index) => index);
const named = (index: number) => {
  const {writer, sequence} = recordAt(index);
  return {writer, sequence};
};

test('nothing is found in what was not touched, and how far each chain reaches is told', () => {
  const {findings, chains, records, torn, unfinished} = verifyLines(whole, heads);
  expect({findings, torn, unfinished}).toEqual({findings: [], torn: [], unfinished: []});
  expect(records).toBe(whole.length);
  expect(chains).toMatchObject([
    {writer: 'first', records: 12, last: 11, isClosed: false, unsigned: 1},
    {writer: 'second', records: 9, last: 8, isClosed: true, unsigned: 0},
    {writer: 'third', records: 5, last: 4, isClosed: true, unsigned: 0},
  ]);
});

describe.each(each)('line %i', (index) => {
  const line = whole[index] ?? '';

  test('with any byte changed it is named, and it alone', () => {
    fc.assert(
      fc.property(fc.nat(line.length - 1), fc.integer({min: 32, max: 126}), (at, code) => {
        const byte = String.fromCharCode(code);
        fc.pre(line[at] !== byte);
        const edited = line.slice(0, at) + byte + line.slice(at + 1);
        const findings = findingsOf(whole.with(index, edited));
        expect(findings).toMatchObject([{is: 'edited', ...named(index), place: {at: index + 1}}]);
      }),
      {numRuns: 20},
    );
  });

  test('removed it is named, and it alone', () => {
    const findings = findingsOf(whole.toSpliced(index, 1));
    expect(findings).toHaveLength(1);
    expect(findings[0]?.is).toMatch(/^(removed|cut off)$/);
    expect(findings[0]).toMatchObject(named(index));
    expect(findings[0]?.until).toBeUndefined();
  });

  test('with another one in its name beside it, the false one is named', () => {
    const false_ = forgedAt(index);
    for (const [lines, at] of [
      [whole.toSpliced(index + 1, 0, false_), index + 2],
      [whole.toSpliced(index, 0, false_), index + 1],
    ] as const) {
      const found = findingsOf(lines);
      expect(found).toContainEqual(expect.objectContaining({is: 'doubled', ...named(index)}));
      const places = found.flatMap(({is, place}) => (is === 'doubled' && place ? [place.at] : []));
      // Of the very last nobody can say which of the two it is, but for who has seen it.
      if (recordAt(index).sequence < 4) expect(places).toEqual([at]);
    }
  });

  test('another one in its place, with a hash that is right, is found where it stands', () => {
    const false_ = forgedAt(index);
    expect(findingsOf(whole.with(index, false_))).toContainEqual(expect.objectContaining(named(index)));
  });

  test('a copy of it does no harm: a write that was tried twice leaves one', () => {
    const {findings, duplicates} = verifyLines(whole.toSpliced(index + 1, 0, line), heads);
    expect({findings, duplicates}).toEqual({findings: [], duplicates: 1});
  });

  test('exchanged with the next of its writer, the later of the two is named', () => {
    const next = each.find((other) => other > index && recordAt(other).writer === recordAt(index).writer);
    if (next === undefined) return;
    const findings = findingsOf(whole.with(index, whole[next] ?? '').with(next, line));
    expect(findings).toMatchObject([{is: 'reordered', ...named(index), place: {at: next + 1}}]);
  });

  test('cut off from here on, each writer is named with the first record that is gone', () => {
    const rest = whole.slice(0, index);
    const gone = new Map<string, number>();
    for (const other of each.slice(index)) {
      const {writer, sequence} = recordAt(other);
      if (!gone.has(writer)) gone.set(writer, sequence);
    }
    const known = heads.concat({...firstHead, by: 'who has seen it'});
    const cut = verifyLines(rest, known).findings.map(({is, writer, sequence}) => ({is, writer, sequence}));
    // Of a file that is empty nobody knows whose it was.
    const expected =
      index === 0 ? [] : [...gone].map(([writer, sequence]) => ({is: 'cut off', writer, sequence}));
    expect(cut).toEqual(expect.arrayContaining(expected));
    expect(cut).toHaveLength(expected.length);
  });

  test('torn by a crash in its middle, and another writer’s line behind it on the same line', () => {
    const torn = whole.with(index, line.slice(0, Math.floor(line.length / 2)) + (whole[index + 1] ?? ''));
    const findings = findingsOf(torn.toSpliced(index + 1, 1));
    expect(
      findings.every(
        ({writer, sequence}) => writer === named(index).writer && sequence === named(index).sequence,
      ),
    ).toBe(true);
  });
});
