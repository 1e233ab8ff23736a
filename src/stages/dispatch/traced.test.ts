import {expect, test} from '@jest/globals';
import {entry} from '../../core/window/testing/entries.ts';
import type {Attempt, Tracer} from '../../core/trace.ts';
import {beginLane, beginUnit, traceSuperseded} from './traced.ts';

/** A tracer that tells what it was told. */
function listener() {
  const begun: Attempt[] = [];
  const ended: string[] = [];
  const nothing = (): undefined => undefined;
  const tracer: Tracer = {
    begin(attempt) {
      const at = begun.push(attempt);
      return {
        context: {traceparent: `attempt ${at}`},
        ...{step: () => ({end: nothing}), tell: nothing, failed: nothing, within: (work) => work()},
        end: (outcome) => void ended.push(outcome),
      };
    },
    ...{request: nothing, current: nothing},
  };
  return {tracer, begun, ended};
}

test('who does not trace does nothing: an entry stays as it is', () => {
  const one = Object.freeze(entry('a', 'snapshot'));
  expect(beginUnit({}, {subject: 'a', entries: [one]})).toBeUndefined();
  traceSuperseded({}, [one]);
});

test('a unit that was put back and is taken again, with what came since, belongs to its first attempt', () => {
  const {tracer, begun} = listener();
  const [first, second] = [entry('g', 'delta'), entry('g', 'delta')];
  beginUnit({tracer}, {subject: 'g', entries: [first]});
  beginUnit({tracer}, {subject: 'g', entries: [first, second]});
  beginUnit({tracer}, {subject: 'g', entries: [first]});
  expect(begun.map((attempt) => attempt.first?.traceparent)).toEqual([undefined, undefined, 'attempt 1']);
  expect(second.trace).toEqual({traceparent: 'attempt 2'});
  expect(begun[1]?.records).toEqual([second.record, first.record]);
});

test('the head of a lane belongs to the attempt that parked it, and says how many there were', () => {
  const {tracer, begun} = listener();
  const head = {
    ...{id: 'events/0/1', kind: 'snapshot' as const, saysMembers: false, firstAt: 0, attempts: 3, ageMs: 0},
    ...{position: {source: 1, offset: 1, occurredAt: 0}, trace: {traceparent: 'the first'}},
  };
  beginLane({tracer}, 'a', head);
  expect(begun).toEqual([
    {subject: 'a', from: 'lane', records: [], first: {traceparent: 'the first'}, attempts: 3},
  ]);
});

test('what is overtaken in the window is told', () => {
  const {tracer, ended} = listener();
  traceSuperseded({tracer}, [entry('a', 'snapshot'), entry('a', 'snapshot')]);
  expect(ended).toEqual(['superseded', 'superseded']);
});
