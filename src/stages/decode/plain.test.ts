import {describe, expect, test} from '@jest/globals';
import avro, {type Schema} from 'avsc';
import fc from 'fast-check';
import {compileLayout} from './layout.ts';
import {compilePlain, decimalText} from './plain.ts';
import {plainSample} from './sample.ts';
import {parse} from './testing/writers.ts';

const all = {
  type: 'record',
  name: 'All',
  namespace: 'com.acme',
  fields: [
    {name: 'text', type: 'string'},
    {name: 'yes', type: 'boolean'},
    {name: 'int', type: 'int'},
    {name: 'long', type: 'long'},
    {name: 'float', type: 'float'},
    {name: 'double', type: 'double'},
    {name: 'bytes', type: 'bytes'},
    {name: 'fixed', type: {type: 'fixed', name: 'Two', size: 2}},
    {name: 'colour', type: {type: 'enum', name: 'Colour', symbols: ['RED', 'BLUE']}},
    {name: 'maybe', type: ['null', 'string']},
    {
      name: 'either',
      type: ['null', 'int', {type: 'record', name: 'Inner', fields: [{name: 'x', type: 'int'}]}],
    },
    {name: 'list', type: {type: 'array', items: 'int'}},
    {name: 'map', type: {type: 'map', values: 'string'}},
    {name: 'at', type: {type: 'long', logicalType: 'timestamp-millis'}},
    {name: 'atMicros', type: {type: 'long', logicalType: 'timestamp-micros'}},
    {name: 'day', type: {type: 'int', logicalType: 'date'}},
    {name: 'pay', type: {type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2}},
  ],
};
const type = parse(all);
const written = {
  text: 'Zoë',
  yes: true,
  int: -3,
  long: 9_007_199_254_740_000,
  float: 0.5,
  double: -1.25,
  bytes: Buffer.from([0, 255]),
  fixed: Buffer.from('ab'),
  colour: 'BLUE',
  maybe: null,
  either: {x: 7},
  list: [1, 2, 3],
  map: {a: 'b'},
  at: 1_790_000_000_000,
  atMicros: 1_790_000_000_000_999,
  day: 20_781,
  pay: Buffer.from([0, 0x9c, 0xa4]),
};
const plain = {
  ...written,
  bytes: 'AP8=',
  fixed: 'YWI=',
  atMicros: 1_790_000_000_000,
  day: '2026-11-24',
  pay: '401.00',
};

describe('a record with its own schema as plain JSON', () => {
  test('every type', () => expect(compilePlain(type)(type.toBuffer(written))).toEqual(plain));

  test('a long beyond what a number holds is a text', () => {
    const nanos = parse({type: 'record', name: 'R', fields: [{name: 'ns', type: 'long'}]});
    const bytes = Buffer.from('feffffffffffffffff01', 'hex');
    expect(compileLayout(nanos)(bytes)).toBeUndefined();
    expect(compilePlain(nanos)(bytes)).toEqual({ns: '9223372036854775807'});
  });

  test('a key of a map that is the name of something else in JavaScript', () => {
    const map = parse({type: 'record', name: 'R', fields: [{name: 'm', type: {type: 'map', values: 'int'}}]});
    const bytes = Buffer.concat([Buffer.from([2, 18]), Buffer.from('__proto__'), Buffer.from([2, 0])]);
    expect(JSON.stringify(compilePlain(map)(bytes))).toBe('{"m":{"__proto__":1}}');
  });

  test('one that holds itself', () => {
    const person = parse({
      type: 'record',
      name: 'Person',
      fields: [
        {name: 'id', type: 'string'},
        {name: 'boss', type: ['null', 'Person']},
      ],
    });
    const value = {id: 'a', boss: {id: 'b', boss: null}};
    expect(compilePlain(person)(person.toBuffer(value))).toEqual(value);
  });

  test('whatever is written is read as avsc reads it', () => {
    const schema = {
      type: 'record',
      name: 'R',
      fields: [
        {name: 's', type: 'string'},
        {name: 'n', type: ['null', 'double']},
        {name: 'l', type: {type: 'array', items: ['null', 'long']}},
        {name: 'm', type: {type: 'map', values: {type: 'array', items: 'boolean'}}},
      ],
    };
    const writer = avro.Type.forSchema(schema as Schema);
    const read = compilePlain(writer);
    // avsc takes such a key for the prototype, and loses it.
    const key = fc.string({minLength: 1}).filter((text) => text !== '__proto__');
    const value = fc.record({
      s: fc.string({unit: 'binary'}).map((text) => text.toWellFormed()),
      n: fc.option(fc.double({noNaN: true, noDefaultInfinity: true})),
      l: fc.array(fc.option(fc.integer({min: -(2 ** 52), max: 2 ** 52}))),
      m: fc.dictionary(key, fc.array(fc.boolean()), {noNullPrototype: true}),
    });
    fc.assert(
      fc.property(value, (one) => {
        const bytes = writer.toBuffer(one);
        expect(JSON.parse(JSON.stringify(read(bytes)))).toEqual(
          JSON.parse(JSON.stringify(writer.fromBuffer(bytes))),
        );
      }),
    );
  });

  test.each([
    ['', 2, '0.00'],
    ['ff', 2, '-0.01'],
    ['00ff', 0, '255'],
    ['ff00', 1, '-25.6'],
    ['0a', 3, '0.010'],
  ])('decimal %s with scale %d is %s', (hex, scale, text) =>
    expect(decimalText(Buffer.from(hex, 'hex'), scale)).toBe(text),
  );
});

describe('a sample', () => {
  test("as Avro's JSON, and as plain values, is what the decoder makes of the record", () => {
    const bytes = '\u0000\u00ff';
    const asAvro = {
      ...written,
      bytes,
      fixed: 'ab',
      either: {'com.acme.Inner': {x: 7}},
      pay: '\u0000\u009c\u00a4',
    };
    expect(plainSample(type, asAvro)).toEqual({ok: true, value: plain});
    const asPlain = {...asAvro, either: {x: 7}, day: '2026-11-24', pay: '401'};
    expect(plainSample(type, asPlain)).toEqual({ok: true, value: plain});
    expect(plainSample(type, {...asPlain, maybe: {string: 'x'}})).toMatchObject({value: {maybe: 'x'}});
    expect(plainSample(type, {...asPlain, maybe: undefined})).toMatchObject({value: {maybe: null}});
  });

  test('what does not fit is told with its field', () => {
    const bad = {
      ...written,
      bytes: 'x',
      fixed: 'ab',
      pay: '1',
      colour: 'GREEN',
      list: [1, 'x'],
      more: 1,
      text: undefined,
    };
    expect(plainSample(type, {...bad, either: {x: 'y'}, day: true})).toEqual({
      ok: false,
      problems: [
        {path: 'more', message: 'there is no such field'},
        {path: 'text', message: 'is missing'},
        {path: 'colour', message: 'expected RED or BLUE, found a text'},
        {path: 'either.x', message: 'expected a whole number, found a text'},
        {path: 'list[1]', message: 'expected a whole number, found a text'},
        {path: 'day', message: 'expected a date, found true or false'},
      ],
    });
  });
});
