import {expect, test} from '@jest/globals';
import type {ChainEnd, Verified} from '../../core/audit/finding.ts';
import {linesOf, placeText} from './told.ts';

const chain = (writer: string, isSigned: boolean): ChainEnd => ({
  ...{writer, isSigned, records: 3, last: 2, isClosed: true, unsigned: 0},
});
const verified = (more: Partial<Verified>): Verified => ({
  ...{findings: [], chains: [], records: 0, duplicates: 0, unchained: 0, torn: [], unfinished: []},
  isSignatureChecked: false,
  ...more,
});

test('writers that sign nothing are told as such, and so is what stands in no chain', () => {
  const chains = [chain('a', true), ...['b', 'c', 'd', 'e'].map((writer) => chain(writer, false))];
  const lines = linesOf(
    verified({chains, findings: [{is: 'unchained', place: {lane: 'a.jsonl', at: 1}, detail: '2 of old'}]}),
  );
  expect(lines).toContain(
    '4 of 5 writer(s) sign nothing (b, c, d, …): whoever can write there can have made all of it',
  );
  expect(lines[0]).toBe('unchained a record at a.jsonl line 1 (2 of old)');
});

test.each([
  [{lane: 'audit.jsonl', at: 3}, 'audit.jsonl line 3'],
  [{lane: '/var/audit.jsonl', at: 3, isByte: true as const}, '/var/audit.jsonl byte 3'],
  [{lane: 'identity.audit/0', at: 3}, 'identity.audit/0 offset 3'],
])('%j is %s', (place, text) => {
  expect(placeText(place)).toBe(text);
});
