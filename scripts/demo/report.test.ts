import {describe, expect, test} from '@jest/globals';
import type {AuditRecord} from '../../src/core/audit.ts';
import {deadOf, isSettled, latenciesOf, readAudit, samplesOf, spanOf, standingOf, tableOf} from './report.ts';

const record = (offset: number, outcome: AuditRecord['outcome'], tookMs: number): AuditRecord => ({
  id: `${offset}`,
  at: 1000 + tookMs,
  occurredAt: 1000,
  target: 'wiki',
  subject: 'a',
  partition: 0,
  offset,
  outcome,
});
const records = [
  record(0, 'applied', 10),
  record(1, 'parked', 20),
  record(2, 'dead', 2500),
  {...record(0, 'parked', 1), target: 'desk'},
];
const metrics = [
  '# HELP avroscim_requests_total Requests',
  'avroscim_requests_total{target="wiki",operation="create",status="201"} 3',
  'avroscim_requests_total{target="wiki",operation="update",status="503"} 4',
  'avroscim_requests_total{target="desk",operation="create",status="201"} 50',
  'avroscim_dead_letters{target="wiki",cause="400"} 1',
].join('\n');

describe('the report', () => {
  test('reads whole lines alone', () => {
    expect(readAudit(`${JSON.stringify(records[0])}\n{"id": "ha`)).toEqual([records[0]]);
  });

  const outcomesOf = (all: AuditRecord[]): string[] =>
    [...standingOf(all, 'wiki').values()].map(({outcome}) => outcome);

  test('the last decision on an event counts', () => {
    expect(outcomesOf(records)).toEqual(['applied', 'parked', 'dead']);
    expect(outcomesOf([...records, record(1, 'superseded', 900)])).toEqual(['applied', 'superseded', 'dead']);
  });

  test("what was parked for a group is settled when the group's members are told", () => {
    const members = {added: ['b'], removed: []};
    const {offset, ...without} = record(9, 'applied', 5);
    expect(offset).toBe(9);
    expect(outcomesOf([...records, without])).toEqual(['applied', 'applied', 'dead']);
    expect(outcomesOf([...records, {...without, subject: 'b'}])).toEqual(['applied', 'parked', 'dead']);
    expect(outcomesOf([...records, {...record(9, 'applied', 5), members}])).toEqual([
      'applied',
      'applied',
      'dead',
      'applied',
    ]);
  });

  test('settled is decided, and none in a lane', () => {
    expect(isSettled(records, metrics, 'wiki', 3)).toBe(true);
    expect(isSettled(records, metrics, 'wiki', 4)).toBe(false);
    expect(isSettled(records, 'avroscim_parked_changes{target="wiki"} 1', 'wiki', 3)).toBe(false);
  });

  test('dead letters say why', () => {
    const failure = {kind: 'rejected', cause: '400', message: 'not welcome'};
    const dead = {...record(2, 'dead', 1), failure};
    expect(deadOf(standingOf([...records, dead], 'wiki'))).toEqual([{subject: 'a', reason: 'not welcome'}]);
  });

  test('median and worst latency', () => {
    expect(latenciesOf(standingOf(records, 'wiki'))).toEqual({medianMs: 20, worstMs: 2500});
    expect(latenciesOf(new Map())).toBeUndefined();
    expect([spanOf(20), spanOf(2500)]).toEqual(['20 ms', '2.5 s']);
  });

  test('samples of a metric by their labels', () => {
    expect(samplesOf(metrics, 'avroscim_requests_total', {target: 'wiki'})).toEqual([3, 4]);
    expect(samplesOf(metrics, 'avroscim_requests_total', {target: 'wiki', status: '503'})).toEqual([4]);
    expect(samplesOf(metrics, 'avroscim_dead_letters', {target: 'desk'})).toEqual([]);
  });

  test('a table with the outcomes that there were', () => {
    expect(tableOf(['wiki', 'desk'], records, metrics)).toEqual([
      'target  applied  parked  dead  requests  median  worst  dead letters',
      'wiki          1       1     1         7   20 ms  2.5 s             1',
      'desk          0       1     0        50    1 ms   1 ms             0',
    ]);
  });
});
