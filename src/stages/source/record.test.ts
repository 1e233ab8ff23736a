import {expect, test} from '@jest/globals';
import type {RecordBatchEntry} from 'kafkajs';
import {own, toRecord} from './record.ts';

const message = (more: Partial<RecordBatchEntry>): RecordBatchEntry => ({
  headers: {},
  offset: '9007199254740990',
  timestamp: '1790000000000',
  key: Buffer.from('k'),
  value: Buffer.from('value'),
  attributes: 0,
  ...more,
});

test('numbers, and of a header the last value', () => {
  const record = toRecord(
    't',
    3,
    message({headers: {a: Buffer.from('1'), b: ['2', Buffer.from('3')], c: undefined}}),
  );
  expect(record).toMatchObject({
    offset: 9007199254740990,
    timestamp: 1790000000000,
    headers: {a: '1', b: '3'},
  });
});

test('every byte of an owned record stays what it was', () => {
  const bytes = Buffer.from(Array.from({length: 256}, (_, byte) => byte));
  expect(own(toRecord('t', 0, message({key: bytes, value: bytes})), 'key')).toMatchObject({
    key: bytes,
    value: bytes,
  });
});

test('an owned record shares no memory with the fetch', () => {
  const fetched = Buffer.from('key-and-value');
  const record = own(
    toRecord('t', 0, message({key: fetched.subarray(0, 3), value: fetched.subarray(8)})),
    'key',
  );
  fetched.fill(0);
  expect([record.key?.toString(), record.value?.toString()]).toEqual(['key', 'value']);
});

test('a tombstone stays one', () => {
  const record = own(toRecord('t', 0, message({value: null, key: null})), 'key');
  expect([record.key, record.value, record.headers]).toEqual([null, null, {}]);
});
