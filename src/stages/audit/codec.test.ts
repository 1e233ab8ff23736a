import {expect, test} from '@jest/globals';
import avro, {type Schema} from 'avsc';
import {isWhole, link} from '../../core/audit/chain.ts';
import type {Checkpoint, Linked, WrittenRecord} from '../../core/audit/written.ts';
import {isArray, isRecord, isUnion} from '../decode/kinds.ts';
import {createFramer, readAuditSchema, readFrame, schemaIdOf} from './codec.ts';
import {createTopicSink, type AuditMessage} from './topic.ts';

type Whole<T> = {[Key in keyof T]-?: NonNullable<T[Key]>};

/** Each field that a record can have; no real one has them all. */
const full = {
  id: 't/e/0/1/applied',
  at: 1_795_000_000_000,
  target: 't',
  subject: 'u',
  outcome: 'applied',
  reason: 'why',
  did: 'cut off',
  remoteId: 'r',
  topic: 'e',
  partition: 0,
  offset: 2 ** 40,
  occurredAt: -1,
  eventId: 'i',
  source: 'hr',
  correlationId: 'c',
  eventReason: 'left',
  actor: {id: 'ada', kind: 'human'},
  attributes: ['title', ''],
  values: {title: 'h', '1': 'ünï\u2028'},
  hashKey: 'k',
  members: {added: ['a'], removed: [], kept: ['b']} satisfies Whole<WrittenRecord['members']>,
  failure: {kind: 'rejected', cause: '400', message: 'no'} satisfies Whole<WrittenRecord['failure']>,
  receipt: {
    remoteId: 'r',
    steps: [{name: 'deactivate', verifiedAt: 1, remains: 'until 14:00'}],
    complete: true,
    missing: false,
  } satisfies Whole<WrittenRecord['receipt']>,
  action: 'looked',
  about: {letter: 'e/0/1'},
  shortened: {bytes: 9, hash: 'h', fields: ['values']},
  checkpoint: {
    state: 'opened',
    every: 1000,
    file: 'here:/a',
    topic: 'a',
    heads: [{writer: 'w', sequence: 1, hash: 'h', at: 1, file: 'f', topic: 't'}] satisfies Whole<
      NonNullable<Checkpoint['heads']>[number]
    >[],
    key: 'k',
    signature: 's',
  } satisfies Whole<Checkpoint>,
} as const satisfies Whole<WrittenRecord>;
const {linked} = link(full, {writer: 'w', sequence: 0, previous: 'p'});
const type = avro.Type.forSchema(JSON.parse(readAuditSchema()) as Schema);
const frame = createFramer(readAuditSchema());
const read = (record: Linked): Linked | undefined => readFrame(frame(record, 7), type);

test('what is written is read again, and its hash holds', () => {
  expect(schemaIdOf(frame(linked, 7))).toBe(7);
  const back = read(linked);
  expect(back).toEqual(linked);
  expect(back && isWhole(back)).toBe(true);
});

test('half a surrogate pair, which Avro has no form for, does not break the chain', async () => {
  const place = {writer: 'w', sequence: 0, previous: 'p'};
  const chained = link({...full, reason: 'why \ud83d'}, place);
  const sent: AuditMessage[] = [];
  const sink = createTopicSink({
    mostBytes: () => Promise.resolve(undefined),
    register: () => Promise.resolve(7),
    send: (messages) => Promise.resolve(void sent.push(...messages)),
    close: () => Promise.resolve(),
  });
  await sink.write([chained]);
  const back = readFrame(sent[0]?.value ?? Buffer.alloc(0), type);
  expect(sent).toMatchObject([{key: 'u', timestamp: '1795000000000'}]);
  expect(back).toMatchObject({reason: 'why \ufffd', hash: chained.linked.hash});
  expect(back && isWhole(back)).toBe(true);
});

test('what is absent stays absent', () => {
  const few = link({id: 'i', at: 1}, {writer: 'w', sequence: 3, previous: 'p'}).linked;
  const back = read(few);
  expect(back).toEqual(few);
  expect(back && isWhole(back)).toBe(true);
});

test('the schema has the fields of the record, at each level, and no other', () => {
  const fieldsOf = (of: avro.Type, value: unknown): void => {
    const inner = isUnion(of) ? of.types.find(({typeName}) => typeName !== 'null') : of;
    if (inner && isArray(inner)) fieldsOf(inner.itemsType, (value as unknown[])[0]);
    if (!inner || !isRecord(inner)) return;
    expect(inner.fields.map(({name}) => name).sort()).toEqual(Object.keys(value as object).sort());
    for (const field of inner.fields) fieldsOf(field.type, (value as Record<string, unknown>)[field.name]);
  };
  fieldsOf(type, linked);
});

test('each field has a word on what it is, and no union more than null and one type', () => {
  const visit = (node: unknown): void => {
    if (Array.isArray(node) && node.includes('null')) expect(node).toHaveLength(2);
    if (typeof node !== 'object' || node === null) return;
    if ('fields' in node)
      for (const field of node.fields as object[])
        expect(field).toMatchObject({doc: expect.stringMatching(/\w.*\.$/)});
    Object.values(node).forEach(visit);
  };
  visit(JSON.parse(readAuditSchema()));
});

test.each([null, Buffer.alloc(3), Buffer.from('{"id"'), Buffer.alloc(9)])('%j is no record', (value) => {
  expect(schemaIdOf(value) !== undefined && value ? readFrame(value, type) : undefined).toBeUndefined();
});

test('no more is sent at once than a partition takes', async () => {
  const place = {writer: 'w', sequence: 0, previous: 'p'};
  const sent: AuditMessage[][] = [];
  const sink = createTopicSink({
    mostBytes: () => Promise.resolve(20_000),
    register: () => Promise.resolve(7),
    send: (messages) => Promise.resolve(void sent.push(messages)),
    close: () => Promise.resolve(),
  });
  expect(await sink.mostBytes?.()).toBeLessThan(20_000);
  await sink.write(Array.from({length: 9}, () => link({...full, reason: 'x'.repeat(5000)}, place)));
  expect(sent.map(({length}) => length)).toEqual([3, 3, 3]);
});
