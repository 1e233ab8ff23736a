import {describe, expect, test} from '@jest/globals';
import {
  changed,
  decodeWith,
  decoderFor,
  framed,
  full,
  least,
  meta,
  parse,
  recordOf,
  whole,
  without,
} from './testing/writers.ts';

describe('another writer', () => {
  test('an older one: what it lacks says nothing, however deep', async () => {
    const older = changed('User', (user) => {
      user.fields = user.fields.filter(({name}) =>
        ['id', 'userName', 'active', 'name', 'emails'].includes(name),
      );
    });
    const value = {
      ...meta,
      correlationId: null,
      reason: null,
      actor: null,
      group: null,
      membership: null,
      deletion: null,
    };
    const name = {
      formatted: null,
      familyName: 'B',
      givenName: null,
      middleName: null,
      honorificPrefix: null,
      honorificSuffix: null,
    };
    const decoded = await decodeWith(older, {...value, user: {...least, name, emails: []}});
    expect(decoded.ok && decoded.value.kind === 'user' && {...decoded.value.user}).toEqual({
      ...least,
      name,
      emails: [],
    });
    const shallow = without('PersonName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix');
    const again = await decoderFor({1: shallow}).decoder.decode(
      recordOf(
        framed(
          1,
          shallow.toBuffer(full(shallow, {user: {...least, name: {formatted: null, familyName: 'B'}}})),
        ),
      ),
    );
    expect(again.ok && again.value.kind === 'user' && {...again.value.user.name}).toEqual({
      formatted: null,
      familyName: 'B',
    });
  });

  test('a newer one: more fields, another name, another order', async () => {
    const newer = changed('IdentityEvent', (event) => {
      event.name = 'MadeUp';
      event.fields.reverse();
      event.fields.push({
        name: 'agent',
        type: ['null', {type: 'record', name: 'Agent', fields: [{name: 'id', type: 'string'}]}],
      });
    });
    const decoded = await decodeWith(newer, full(newer, {user: undefined, agent: {id: 'u1'}}));
    expect(decoded).toMatchObject({ok: true, value: {kind: 'unknown', subject: 'u1'}});
    expect(await decodeWith(newer, full(newer, {user: least, agent: null}))).toMatchObject({
      ok: true,
      value: {kind: 'user'},
    });
  });

  test('one with logical types of its own beside ours', async () => {
    const pay = {type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2};
    const newer = changed('IdentityEvent', (event) => {
      event.fields.unshift({name: 'pay', type: ['null', pay]});
      event.fields.splice(3, 0, {name: 'day', type: {type: 'int', logicalType: 'date'}});
      event.fields.push({name: 'at', type: {type: 'long', logicalType: 'time-micros'}});
    });
    const value = full(newer, {user: least, pay: Buffer.from([1]), day: 7, at: 9});
    expect(await decodeWith(newer, value)).toMatchObject({ok: true, value: {kind: 'user', user: least}});
  });

  test('one that makes everything nullable', async () => {
    const strings = ['null', 'string'];
    const writer = parse({
      type: 'record',
      name: 'record',
      fields: [
        {name: 'eventId', type: strings},
        {name: 'occurredAt', type: ['null', {type: 'long', logicalType: 'timestamp-micros'}]},
        {name: 'source', type: strings},
        {
          name: 'user',
          type: [
            'null',
            {
              type: 'record',
              name: 'record_user',
              fields: [
                {name: 'id', type: strings},
                {name: 'userName', type: strings},
                {name: 'active', type: ['null', 'boolean']},
                {name: 'groups', type: ['null', {type: 'array', items: strings}]},
              ],
            },
          ],
        },
      ],
    });
    const value = {...meta, occurredAt: meta.occurredAt * 1000 + 5, user: {...least, groups: ['g1']}};
    expect(await decodeWith(writer, value)).toMatchObject({
      ok: true,
      value: {user: {...least, groups: ['g1']}, meta: {occurredAt: meta.occurredAt}},
    });
    expect(await decodeWith(writer, {...value, user: {...value.user, active: null}})).toMatchObject({
      ok: false,
      failure: {message: 'user.active is neither true nor false'},
    });
  });

  test.each([
    ['"string"', parse('string'), 'x', /of type string, not a record/],
    ['no id', without('User', 'id'), undefined, /user\.id is not in the writer's schema/],
    [
      'a number',
      changed('User', (user) => Object.assign(user.fields[0] ?? {}, {type: 'int'})),
      undefined,
      /does not resolve/,
    ],
    [
      'a text',
      changed('User', (user) =>
        Object.assign(user.fields.find(({name}) => name === 'groups') ?? {}, {type: 'string', default: ''}),
      ),
      undefined,
      /user\.groups is of type string/,
    ],
  ])('a schema that does not fit (%s) is undecodable', async (_name, writer, value, message) => {
    const body = value === undefined ? Buffer.from([2]) : writer.toBuffer(value);
    const decoded = await decoderFor({1: writer}).decoder.decode(recordOf(framed(1, body)));
    expect(decoded).toMatchObject({
      ok: false,
      failure: {kind: 'undecodable', message: expect.stringMatching(message)},
    });
  });

  test('a long that JavaScript can not hold is undecodable', async () => {
    const value = full(whole, {user: least});
    const body = whole.toBuffer({...value, occurredAt: Number.MAX_SAFE_INTEGER - 1});
    const at = body.indexOf(Buffer.from([0xfc, 0xff, 0xff, 0xff]));
    const big = Buffer.concat([
      body.subarray(0, at),
      Buffer.from('feffffffffffffffff01', 'hex'),
      body.subarray(at + 8),
    ]);
    const decoded = await decoderFor({1: whole}).decoder.decode(recordOf(framed(1, big)));
    expect(decoded).toMatchObject({ok: false, failure: {kind: 'undecodable', cause: 'undecodable: damaged'}});
  });
});
