import {describe, expect, test} from '@jest/globals';
import {entry, open} from './window/testing/entries.ts';
import type {Entry, Window} from './window.ts';

const all = (window: Window) => window.take(Infinity).map((unit) => unit.entries);

function offerAll(window: Window, entries: Entry[]): Entry[] {
  return entries.flatMap((one) => window.offer(one));
}

describe('order', () => {
  test('subjects with a cut-off come first, the others by the arrival of their first entry', () => {
    const window = open();
    offerAll(window, [
      entry('a', 'snapshot'),
      entry('b', 'snapshot'),
      entry('c', 'cutOff'),
      entry('a', 'snapshot'),
    ]);
    expect(window.take(3).map((unit) => unit.subject)).toEqual(['c', 'a', 'b']);
  });

  test('the oldest leave is known while it waits and while it is in flight', () => {
    const window = open();
    const joiner = {...entry('a', 'snapshot'), occurredAt: 1};
    const [first, second] = [
      {...entry('b', 'cutOff'), occurredAt: 20},
      {...entry('c', 'cutOff'), occurredAt: 30},
    ];
    offerAll(window, [joiner]);
    expect(window.oldestCutOffAt).toBeUndefined();
    offerAll(window, [second, first]);
    expect(window.oldestCutOffAt).toBe(20);
    for (const unit of window.take(2)) {
      expect(window.oldestCutOffAt).toBe(20);
      if (unit.subject === 'b') window.done(unit);
    }
    expect(window.oldestCutOffAt).toBe(30);
  });

  test('a rehire before the cut-off was begun stands where a snapshot stands', () => {
    const window = open();
    offerAll(window, [entry('a', 'snapshot'), entry('b', 'cutOff'), entry('b', 'snapshot')]);
    expect(window.take(2).map((unit) => unit.subject)).toEqual(['a', 'b']);
  });

  test('what is in flight is not replaced, and its subject waits', () => {
    const window = open();
    window.offer(entry('a', 'snapshot'));
    const [unit] = window.take(5);
    expect(window.offer(entry('a', 'cutOff'))).toEqual([]);
    expect(window.take(5)).toEqual([]);
    if (unit) window.done(unit);
    expect(all(window)).toEqual([[expect.objectContaining({kind: 'cutOff'})]]);
  });

  test('deltas of one group go together up to the limit', () => {
    const window = open({maxMerged: 2});
    const entries = [entry('g', 'delta'), entry('g', 'delta'), entry('g', 'delta')];
    offerAll(window, entries);
    const [unit] = window.take(5);
    expect(unit?.entries).toEqual(entries.slice(0, 2));
    if (unit) window.done(unit);
    expect(all(window)).toEqual([entries.slice(2)]);
  });

  test('what was put back stands first again, and is superseded by what came meanwhile', () => {
    const window = open();
    const [first, second, third] = [entry('a', 'snapshot'), entry('b', 'snapshot'), entry('a', 'snapshot')];
    offerAll(window, [first, second]);
    const [unit] = window.take(1);
    expect(window.offer(third)).toEqual([]);
    expect(unit && window.putBack(unit)).toEqual([first]);
    expect(all(window)).toEqual([[third], [second]]);
  });

  test('only a part of a unit is put back, the rest is settled', () => {
    const window = open();
    const entries = [entry('g', 'delta'), entry('g', 'delta')];
    offerAll(window, entries);
    const [unit] = window.take(1);
    expect(unit && window.putBack(unit, entries.slice(1))).toEqual([]);
    expect(window.size).toBe(1);
    expect(all(window)).toEqual([entries.slice(1)]);
  });

  test('an older record that is read after a cut-off taken ahead is overtaken by it, or goes after it', () => {
    const ahead = entry('a', 'cutOff', {offset: 900});
    const silent = entry('a', 'snapshot', {offset: 99});
    const older = entry('a', 'snapshot', {offset: 100, saysMembers: true});
    const window = open();
    expect(offerAll(window, [ahead, silent, older])).toEqual([silent]);
    const [first] = window.take(1);
    expect(first?.entries).toEqual([ahead]);
    if (first) window.done(first);
    expect(all(window)).toEqual([[older]]);

    const strict = open({coalesce: false});
    offerAll(strict, [ahead, older]);
    const [unit] = strict.take(1);
    expect(unit?.entries).toEqual([older]);
  });

  test('in two sources the time decides, and on a tie the cut-off is the newer', () => {
    const window = open();
    const late = entry('a', 'snapshot', {partition: 1, occurredAt: 50});
    expect(offerAll(window, [late, entry('a', 'snapshot', {partition: 2, occurredAt: 40})])).toHaveLength(1);
    expect(window.take(1)[0]?.entries).toEqual([late]);

    const tied = open();
    const cutOff = entry('a', 'cutOff', {partition: 1, occurredAt: 50});
    const same = entry('a', 'snapshot', {partition: 2, occurredAt: 50});
    expect(offerAll(tied, [cutOff, same])).toEqual([same]);
  });
});

describe('bounds and partitions', () => {
  test('full and drained count what is in flight', () => {
    const window = open({maxChanges: 4, maxBytes: 1000});
    offerAll(window, [entry('a', 'snapshot'), entry('b', 'snapshot'), entry('c', 'snapshot')]);
    expect([window.full, window.drained]).toEqual([false, false]);
    window.offer(entry('d', 'snapshot', {bytes: 500}));
    expect(window.full).toBe(true);
    const units = window.take(4);
    expect(window.full).toBe(true);
    for (const unit of units) window.done(unit);
    expect([window.full, window.drained, window.bytes]).toEqual([false, true, 0]);
  });

  test('a partition that moves away takes its unsent entries along, and its entries in flight are not put back', () => {
    const window = open();
    const [flying, unsent, other] = [
      entry('a', 'snapshot', {partition: 1}),
      entry('b', 'cutOff', {partition: 1}),
      entry('b', 'delta', {partition: 2}),
    ];
    window.offer(flying);
    const [unit] = window.take(1);
    offerAll(window, [unsent, other]);
    expect(window.forget('t', 1)).toEqual([flying]);
    expect(window.size).toBe(2);
    expect(unit && window.putBack(unit)).toEqual([]);
    expect(window.size).toBe(1);
    expect(all(window)).toEqual([[other]]);
  });

  test('a unit is done once', () => {
    const window = open();
    offerAll(window, [entry('a', 'snapshot')]);
    const [unit] = window.take(1);
    if (unit) window.done(unit);
    if (unit) window.done(unit);
    expect([window.size, window.inFlight]).toEqual([0, 0]);
  });

  test('100,000 entries go through at far more than 20,000 a second', () => {
    const window = open({maxChanges: 1e6, maxBytes: 1e9, coalesce: false});
    const entries = Array.from({length: 100_000}, (_, index) => entry(`s${index % 9973}`, 'snapshot'));
    const started = performance.now();
    offerAll(window, entries);
    let count = 0;
    for (let units = window.take(64); units.length > 0; units = window.take(64)) {
      for (const unit of units) window.done(unit);
      count += units.length;
    }
    expect(count).toBe(100_000);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
