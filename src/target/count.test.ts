import {expect, test} from '@jest/globals';
import type {AuditRecord} from '../core/audit.ts';
import {outcomes} from '../core/change.ts';
import {counter, countReceipts} from './count.ts';

function heard() {
  const seen: string[] = [];
  const note =
    (what: string) =>
    (_target: string, value: unknown): void =>
      void seen.push(`${what} ${String(value)}`);
  return {seen, metrics: {change: note('change'), latency: note('latency'), cutOffLatency: note('cut-off')}};
}

test('what is true at the target has a latency', () => {
  const {seen, metrics} = heard();
  const count = counter(metrics, 'wiki', () => 9_000);
  for (const outcome of outcomes) count(outcome, 4_000);
  count('applied', 10_000);
  expect(seen).toEqual([
    ...['change applied', 'latency 5'],
    ...['change unchanged', 'latency 5'],
    ...['change superseded', 'change skipped', 'change parked', 'change held', 'change dead'],
    ...['change applied', 'latency 0'],
  ]);
});

const receipt = {remoteId: 'r', steps: [], complete: true, missing: false};
const unproved: AuditRecord = {
  ...{id: '1', at: 9_000, target: 'wiki', subject: 'u', outcome: 'applied'},
  ...{occurredAt: 4_000, did: 'cut off'},
};
const leave: AuditRecord = {...unproved, receipt};

test('a leave that was carried out and read back has a latency of its own, and nothing else has', async () => {
  const {seen, metrics} = heard();
  const written: unknown[] = [];
  const inner = {append: (records: readonly unknown[]) => Promise.resolve(void written.push(...records))};
  const records: AuditRecord[] = [
    {...unproved, did: 'updated'},
    {...leave, did: 'deleted'},
    {...leave, outcome: 'unchanged'},
    {...leave, did: 'updated'},
    {...leave, receipt: {...receipt, complete: false}},
    leave,
  ];
  await countReceipts(inner, metrics, () => 9_000).append(records);
  expect(written).toEqual(records);
  expect(seen).toEqual(['cut-off 5']);
});

test('what could not be written counts for nothing', async () => {
  const {seen, metrics} = heard();
  const inner = {append: () => Promise.reject(new Error('disk full'))};
  await expect(countReceipts(inner, metrics, () => 9_000).append([leave])).rejects.toThrow('disk full');
  expect(seen).toEqual([]);
});
