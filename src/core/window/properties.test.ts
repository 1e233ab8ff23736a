import {describe, expect, test} from '@jest/globals';
import fc from 'fast-check';
import type {Entry, EntryKind, Unit} from '../window.ts';
import {entry, open} from './testing/entries.ts';

type Step =
  | {do: 'offer'; subject: string; kind: EntryKind; saysMembers: boolean; partition: number}
  | {do: 'take'; count: number}
  | {do: 'done' | 'putBack'; pick: number}
  | {do: 'forget'; partition: number};

const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('offer' as const),
        subject: fc.constantFrom('a', 'b', 'c'),
        kind: fc.constantFrom<EntryKind>('cutOff', 'end', 'snapshot', 'snapshot', 'delta', 'none'),
        saysMembers: fc.boolean(),
        partition: fc.constantFrom(1, 2),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({do: fc.constant('take' as const), count: fc.integer({min: 1, max: 3})}),
    },
    {
      weight: 3,
      arbitrary: fc.record({do: fc.constantFrom('done' as const, 'putBack' as const), pick: fc.nat(5)}),
    },
    {weight: 1, arbitrary: fc.record({do: fc.constant('forget' as const), partition: fc.constantFrom(1, 2)})},
  ),
  {maxLength: 60},
);

/** The rules again, in the words of the design, for two entries of which `newer` came later. */
function mayReplace(newer: Entry, older: Entry): boolean {
  const whole = (one: Entry) => ['snapshot', 'cutOff', 'end'].includes(one.kind);
  if (!whole(newer) || older.kind === 'none') return false;
  if (older.kind === 'delta') return newer.kind === 'snapshot' && newer.saysMembers;
  const isEnd = older.kind === 'cutOff' || older.kind === 'end';
  if (newer.kind !== 'snapshot') return isEnd || !older.saysMembers;
  return older.kind === 'cutOff' || newer.saysMembers || (older.kind === 'snapshot' && !older.saysMembers);
}

/** What comes next of a subject's: the first, or the cut-off (or end) that goes before all but deltas. */
function firstOf(mine: Entry[], coalesce: boolean): number {
  const at = mine.findIndex(({kind}) => kind === 'cutOff' || kind === 'end' || kind === 'delta');
  return coalesce && at >= 0 && mine[at]?.kind !== 'delta' ? at : 0;
}

/** Runs the steps on a window and on a plain account of every entry, and compares after each. */
function follow(script: Step[], coalesce: boolean): void {
  const window = open({coalesce});
  const waiting: Entry[] = [];
  let flying: Unit[] = [];
  const begun = new Map<string, number>();
  const gone = new Set<Entry>();
  const leave = (list: readonly Entry[]) => {
    for (const one of list) waiting.splice(waiting.indexOf(one), 1);
  };
  const supersede = (list: Entry[]) => {
    for (const one of list) {
      expect(waiting).toContain(one);
      expect(
        waiting.some(
          (by) => by.subject === one.subject && by.occurredAt > one.occurredAt && mayReplace(by, one),
        ),
      ).toBe(true);
    }
    leave(list);
    if (!coalesce) expect(list).toEqual([]);
  };
  const run: {[K in Step['do']]: (step: Extract<Step, {do: K}>) => void} = {
    offer: ({subject, kind, saysMembers, partition}) => {
      const one = entry(subject, kind, {saysMembers, partition});
      waiting.push(one);
      supersede(window.offer(one));
    },
    take: ({count}) => {
      const busy = new Set(flying.map((unit) => unit.subject));
      for (const unit of window.take(count)) {
        expect(busy.has(unit.subject)).toBe(false);
        busy.add(unit.subject);
        const mine = waiting
          .filter((one) => one.subject === unit.subject)
          .toSorted((a, b) => a.occurredAt - b.occurredAt);
        const first = firstOf(mine, coalesce);
        expect(mine.slice(first, first + unit.entries.length)).toEqual(unit.entries);
        const urgent = new Set(
          waiting
            .filter(
              (one) => one.kind === 'cutOff' && (one.subject === unit.subject || !busy.has(one.subject)),
            )
            .map((one) => one.subject),
        );
        if (urgent.size > 0) expect(urgent).toContain(unit.subject);
        const kinds = new Set(unit.entries.map((one) => one.kind));
        expect(unit.entries.length === 1 || (coalesce && kinds.size === 1 && kinds.has('delta'))).toBe(true);
        leave(unit.entries);
        flying.push(unit);
      }
    },
    done: ({pick}) => {
      const unit = flying[pick];
      if (unit === undefined) return;
      for (const one of unit.entries) {
        // What a cut-off went before is a list of memberships, for the claim to find overtaken.
        const isLate = coalesce && one.kind === 'snapshot' && one.saysMembers;
        if (!isLate && one.kind !== 'none')
          expect(one.occurredAt).toBeGreaterThan(begun.get(one.subject) ?? -1);
        begun.set(one.subject, Math.max(begun.get(one.subject) ?? -1, one.occurredAt));
      }
      flying = flying.filter((other) => other !== unit);
      window.done(unit);
    },
    putBack: ({pick}) => {
      const unit = flying[pick];
      if (unit === undefined) return;
      flying = flying.filter((other) => other !== unit);
      waiting.push(...unit.entries.filter((one) => !gone.has(one)));
      supersede(window.putBack(unit));
    },
    forget: ({partition}) => {
      const mine = (one: Entry) => one.record.partition === partition;
      const open = flying.flatMap((unit) => unit.entries).filter(mine);
      expect(new Set(window.forget('t', partition))).toEqual(new Set(open));
      for (const one of open) gone.add(one);
      leave(waiting.filter(mine));
    },
  };
  for (const step of script) {
    run[step.do](step as never);
    const held = [...waiting, ...flying.flatMap((unit) => unit.entries)];
    expect([window.size, window.bytes, window.inFlight]).toEqual([
      held.length,
      held.length * 10,
      flying.length,
    ]);
    const free = new Set(waiting.map((one) => one.subject));
    for (const unit of flying) free.delete(unit.subject);
    expect(window.ready).toBe(free.size);
  }
}

describe('for any sequence of calls', () => {
  test('nothing is lost, order holds, cut-offs come first, one unit a subject', () => {
    fc.assert(
      fc.property(steps, (script) => follow(script, true)),
      {numRuns: 400},
    );
  });

  test('without coalescing nothing is ever superseded', () => {
    fc.assert(
      fc.property(steps, (script) => follow(script, false)),
      {numRuns: 200},
    );
  });
});
