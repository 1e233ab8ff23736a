import {describe, expect, test} from '@jest/globals';
import type {Schema} from 'avsc';
import {compileExpression, type Expression} from '../../core/expression.ts';
import {kindOf} from '../../core/kind.ts';
import {createPolicy} from '../../core/policy.ts';
import {createDecoder, type EventMapping} from './index.ts';
import {canonical, framed, full, least, parse, recordOf, whole} from './testing/writers.ts';

const employee = parse({
  type: 'record',
  name: 'Employee',
  namespace: 'com.acme.hr',
  fields: [
    {name: 'number', type: 'int'},
    {name: 'login', type: 'string'},
    {name: 'mail', type: ['null', 'string'], default: null},
    {name: 'left', type: 'boolean', default: false},
  ],
});
const compile = (text: string): Expression => {
  const compiled = compileExpression(text, ['record']);
  if (!compiled.ok) throw new Error(compiled.problems[0]?.message);
  return compiled.expression;
};

const map = `{"user": {
  "id": $string(number), "userName": login, "active": $not(left),
  "emails": mail != null ? {"value": mail}, "title": null}}`;

const read = (text: string, value: object, key?: string, recordKey: string | null = '7') => {
  const mapping: EventMapping = {
    schema: 'com.acme.hr.Employee',
    name: 'employee.jsonata',
    map: compile(text),
    ...(key === undefined ? {} : {key: compile(key)}),
  };
  return decoderOf([mapping]).decode(
    recordOf(framed(1, employee.toBuffer({mail: null, left: false, ...value})), recordKey),
  );
};

function decoderOf(mappings: EventMapping[], told: string[] = []) {
  const types = [employee, whole, parse({...(employee.schema() as object), name: 'com.acme.Other'})];
  return createDecoder({
    registry: {schema: (id) => Promise.resolve({ok: true, value: types[id - 1] ?? employee})},
    readerSchema: canonical() as Schema,
    maxBytes: 10_000,
    mappings,
    onUnmapped: (topic, schema) => void told.push(`${topic} ${schema}`),
    onNewKind: (topic) => void told.push(topic),
  });
}

const ada = {number: 7, login: 'ada', mail: 'ada@example.com'};

describe('a record that a mapping names', () => {
  test('becomes an event: what the map leaves out says nothing, null clears, one value is a list', async () => {
    expect(await read(map, ada)).toEqual({
      ok: true,
      value: {
        kind: 'user',
        subject: '7',
        user: {id: '7', userName: 'ada', active: true, title: null, emails: [{value: 'ada@example.com'}]},
        meta: {eventId: 't/0/1', occurredAt: 7, source: 'com.acme.hr.Employee'},
      },
    });
    expect(await read(map, {...ada, mail: null})).not.toHaveProperty('value.user.emails');
  });

  test('says itself what its id, time and source are', async () => {
    const text = map.replace(
      '{"user"',
      '{"eventId": "e", "occurredAt": $record.offset, "source": "hr", "user"',
    );
    expect(await read(text, ada)).toMatchObject({
      value: {meta: {eventId: 'e', occurredAt: 1, source: 'hr'}},
    });
  });

  test('has its key from an expression, where there is one', async () => {
    expect(await read(map, ada, 'number', null)).toMatchObject({value: {subject: '7'}});
    expect(await read(map, ada, undefined, 'other')).toMatchObject({
      failure: {kind: 'undecodable', message: "user.id differs from the record's key"},
    });
    expect(await read(map, ada, 'mail')).toMatchObject({failure: {message: /differs/}});
    expect(await read(map, ada, '{"a": 1}')).toMatchObject({
      failure: {message: 'key of employee.jsonata: expected a text'},
    });
  });

  test('that makes nothing is skipped', async () => {
    expect(await read(`left ? ${map}`, ada)).toMatchObject({
      ok: true,
      value: {kind: 'unknown', subject: '7', reason: 'the map employee.jsonata makes no event of it'},
    });
  });

  test('a leaver goes first, as any', async () => {
    const statement = await read(map, {...ada, left: true});
    if (!statement.ok) throw new Error(statement.failure.message);
    expect(kindOf(statement.value, createPolicy({scope: {}, attributes: {}}), false).kind).toBe('cutOff');
  });

  test.each([
    ['{\n  "user": $number(login)}', /^map employee\.jsonata: line 2, column 11: what is to become a number/],
    ['{"user": {"id": "7", "userName": "a"}}', /^map employee\.jsonata: user\.active: is missing$/],
    [map.replace('login', 'number'), /user\.userName: expected a text, found a number$/],
    [map.replace('"title"', '"titel"'), /user\.titel: there is no such field$/],
    ['"text"', /^map employee\.jsonata: value: expected an object, found a text$/],
    ['{"user": {"id": "7", "userName": "", "active": true}}', /^user\.userName is empty$/],
  ])('fails with the place or the field: %s', async (text, message) => {
    const read_ = await read(text, ada);
    expect(read_).toMatchObject({
      ok: false,
      failure: {kind: 'undecodable', message: expect.stringMatching(message)},
    });
    expect(!read_.ok && read_.failure.message).not.toMatch(/ada/);
  });

  test('damage is found before the map is asked', async () => {
    const mapping = {schema: 'com.acme.hr.Employee', name: 'm', map: compile(map)};
    const decoded = await decoderOf([mapping]).decode(recordOf(framed(1, Buffer.from([2, 200]))));
    expect(decoded).toMatchObject({failure: {kind: 'undecodable', cause: 'undecodable: damaged'}});
  });

  test('a tombstone deletes by the key of the record', () => {
    const mapping = {schema: 'com.acme.hr.Employee', name: 'm', map: compile(map), key: compile('number')};
    expect(decoderOf([mapping]).decode(recordOf(null, '7'))).toMatchObject({
      value: {kind: 'deletion', subject: '7'},
    });
  });
});

test('beside mappings, events are read, and what no mapping names is skipped and told once a schema', async () => {
  const told: string[] = [];
  const decoder = decoderOf([{schema: 'com.acme.hr.Employee', name: 'm', map: compile(map)}], told);
  expect(await decoder.decode(recordOf(framed(2, whole.toBuffer(full(whole, {user: least})))))).toMatchObject(
    {
      value: {kind: 'user', subject: 'u1'},
    },
  );
  const other = recordOf(framed(3, employee.toBuffer({left: false, ...ada})), null);
  for (let i = 0; i < 3; i += 1) {
    expect(await decoder.decode(other)).toMatchObject({
      value: {kind: 'unknown', subject: 't/0/1', reason: 'no mapping names its schema com.acme.Other'},
    });
  }
  expect(told).toEqual(['t com.acme.Other']);
});
