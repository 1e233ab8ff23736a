import {expect, test} from '@jest/globals';
import {decoderFor, framed, least, meta, recordOf, whole} from './testing/writers.ts';

const now = 1_795_000_000_000;
const day = 24 * 3_600_000;
const {decoder} = decoderFor({1: whole}, {now: () => now});

/** When an event counts from that says `occurredAt`, in a record of this timestamp. */
async function countsFrom(occurredAt: number, timestamp: number): Promise<number | undefined> {
  const value = whole.clone(
    {...meta, occurredAt, user: least},
    {
      fieldHook: (field: {defaultValue(): unknown}, given: unknown) =>
        given === undefined ? field.defaultValue() : given,
    },
  ) as object;
  const decoded = await decoder.decode({...recordOf(framed(1, whole.toBuffer(value))), timestamp});
  return decoded.ok ? decoded.value.meta.occurredAt : undefined;
}

test.each([
  ['a clock that is ahead is believed', now + day, now - 5, now + day],
  ['what is older than its record too', now - 900 * day, now, now - 900 * day],
  ['a date of effect counts from its record', now + 30 * day, now - 60_000, now - 60_000],
  ['microseconds as milliseconds likewise', now * 1000, now - 60_000, now - 60_000],
  ['a record without a time counts from now', now + 30 * day, -1, now],
  ['one with an impossible time too', now + 30 * day, now + 30 * day, now],
])('%s', async (_, occurredAt, timestamp, counts) => {
  expect(await countsFrom(occurredAt, timestamp)).toBe(counts);
});

test('a tombstone of a clock that is wrong counts from now', () => {
  const tombstone = {...recordOf(null), timestamp: now * 1000};
  expect(decoder.decode(tombstone)).toMatchObject({ok: true, value: {meta: {occurredAt: now}}});
});
