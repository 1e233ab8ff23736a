import {describe, expect, test} from '@jest/globals';
import fc from 'fast-check';
import type {Result} from '../../core/failure.ts';
import {away, decodeWith, decoderFor, framed, full, least, meta, recordOf, whole} from './testing/writers.ts';

describe('a writer of the same schema', () => {
  const event = whole.clone(
    {...meta, user: {...least, emails: [{value: 'a@example.com'}]}},
    {fieldHook: fill},
  ) as object;

  /** Fields that are left out get the schema's defaults. */
  function fill(field: {defaultValue(): unknown}, value: unknown): unknown {
    return value === undefined ? field.defaultValue() : value;
  }

  test('what it leaves null or empty is null or empty', async () => {
    expect(await decodeWith(whole, event)).toMatchObject({
      ok: true,
      value: {
        kind: 'user',
        subject: 'u1',
        user: {
          ...least,
          title: null,
          phoneNumbers: [],
          emails: [{value: 'a@example.com', type: null}],
          attributes: {},
        },
        meta,
      },
    });
  });

  test('the second record is decoded at once, and the registry is asked once', async () => {
    const {decoder, schema} = decoderFor({1: whole});
    const record = recordOf(framed(1, whole.toBuffer(event)));
    await Promise.all([decoder.decode(record), decoder.decode(record)]);
    expect(decoder.decode(record)).toMatchObject({ok: true});
    expect(schema).toHaveBeenCalledTimes(1);
  });

  test('a kind of event that is newer than this version is told once a topic', async () => {
    const told: string[] = [];
    const {decoder} = decoderFor({1: whole}, {onNewKind: (topic) => void told.push(topic)});
    const known = recordOf(framed(1, whole.toBuffer(event)));
    const newer = recordOf(framed(1, whole.toBuffer(full(whole, {}))));
    await decoder.decode(known);
    expect(told).toEqual([]);
    for (const topic of ['events', 'events', 'others', 'others']) await decoder.decode({...newer, topic});
    expect(told).toEqual(['events', 'others']);
  });

  test('a tombstone needs no registry', () => {
    const {decoder, schema} = decoderFor({});
    expect(decoder.decode(recordOf(null))).toMatchObject({
      ok: true,
      value: {kind: 'deletion', meta: {occurredAt: 7}},
    });
    expect(schema).not.toHaveBeenCalled();
  });

  test.each([
    ['not UTF-8', Buffer.from([0x75, 0xff])],
    ['empty', Buffer.alloc(0)],
    ['none', null],
  ])('a tombstone whose key is %s deletes nobody', (_, key) => {
    const {decoder} = decoderFor({});
    expect(decoder.decode({...recordOf(null), key})).toMatchObject({
      ok: false,
      failure: {kind: 'undecodable', cause: 'undecodable key'},
    });
  });

  test('a key that differs from the id is undecodable', async () => {
    const {decoder} = decoderFor({1: whole});
    const decoded = await decoder.decode(recordOf(framed(1, whole.toBuffer(event)), 'u2'));
    expect(decoded).toMatchObject({ok: false, failure: {kind: 'undecodable'}});
  });

  test('any damage is an undecodable record or another event, never a crash and never a flood', async () => {
    const {decoder} = decoderFor({1: whole});
    const good = framed(1, whole.toBuffer(event));
    await decoder.decode(recordOf(good));
    const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), {minLength: 1, maxLength: 4});
    fc.assert(
      fc.property(damage, fc.nat(good.length), (bytes, length) => {
        const bad = Buffer.from(good.subarray(0, length));
        for (const [at, byte] of bytes) if (at > 4 && at < bad.length) bad[at] = byte;
        const decoded = decoder.decode(recordOf(bad)) as Result<unknown>;
        if (!decoded.ok) expect(decoded.failure.kind).toBe('undecodable');
        if (length < good.length && bytes.every(([at]) => at <= 4)) expect(decoded.ok).toBe(false);
      }),
      {numRuns: 2000},
    );
  });
});

describe('what is not a record of ours', () => {
  test.each([
    [Buffer.alloc(0), /Confluent wire format/],
    [Buffer.from('{"id":"u1"}'), /Confluent wire format/],
    [Buffer.from([0, 0, 0, 0]), /Confluent wire format/],
    [framed(1, Buffer.from([2])), /ends after 1 bytes/],
    [Buffer.alloc(10_001), /10001 bytes, more than 10000/],
    [framed(9, Buffer.alloc(3)), /no such schema/],
  ])('%s', async (value, message) => {
    const decoded = await decoderFor({1: whole}).decoder.decode(recordOf(value));
    expect(decoded).toMatchObject({
      ok: false,
      failure: {kind: 'undecodable', message: expect.stringMatching(message)},
    });
  });

  test('a body with bytes after its end', async () => {
    const body = Buffer.concat([whole.toBuffer(full(whole, {user: least})), Buffer.from([0])]);
    expect(await decoderFor({1: whole}).decoder.decode(recordOf(framed(1, body)))).toMatchObject({
      failure: {message: 'the value has 1 bytes after its end'},
    });
  });
});

describe('the registry', () => {
  test('a schema that does not exist is believed for a while', async () => {
    let now = 0;
    const {decoder, schema} = decoderFor({}, {now: () => now});
    const record = recordOf(framed(9, Buffer.alloc(3)));
    await decoder.decode(record);
    expect(decoder.decode(record)).toMatchObject({failure: {kind: 'undecodable'}});
    now = 10_001;
    await decoder.decode(record);
    expect(schema).toHaveBeenCalledTimes(2);
  });

  test('one that is away is asked again for the next record', async () => {
    const {decoder, schema} = decoderFor({1: whole});
    schema.mockResolvedValueOnce(away);
    const record = recordOf(framed(1, whole.toBuffer(full(whole, {user: least}))));
    expect(await decoder.decode(record)).toMatchObject({failure: {kind: 'unavailable'}});
    expect(await decoder.decode(record)).toMatchObject({ok: true});
  });
});
