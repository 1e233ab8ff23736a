import {expect, test} from '@jest/globals';
import fc from 'fast-check';
import {packArgs} from './pack.ts';

/** Reads what `packArgs` writes, by the MessagePack specification. */
function unpack(bytes: Buffer): Buffer[] {
  expect(bytes[0]).toBe(0xdd);
  const items: Buffer[] = [];
  let at = 5;
  while (at < bytes.length) {
    expect([0xda, 0xdb]).toContain(bytes[at]);
    const isShort = bytes[at] === 0xda;
    const length = isShort ? bytes.readUInt16BE(at + 1) : bytes.readUInt32BE(at + 1);
    at += isShort ? 3 : 5;
    items.push(bytes.subarray(at, at + length));
    at += length;
  }
  expect(items).toHaveLength(bytes.readUInt32BE(1));
  return items;
}

const arg = fc.oneof(
  fc.string({unit: 'binary'}),
  fc.integer(),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);

test('every argument comes out as its bytes', () => {
  fc.assert(
    fc.property(fc.array(arg), (args) => {
      const wanted = args.map((one) => (Buffer.isBuffer(one) ? one : Buffer.from(String(one))));
      expect(unpack(packArgs(args))).toEqual(wanted);
    }),
  );
});

test('long arguments too', () => {
  const long = ['ä'.repeat(50_000), Buffer.alloc(70_000, 7), 'x'.repeat(65_536)];
  expect(unpack(packArgs(long)).map(({length}) => length)).toEqual([100_000, 70_000, 65_536]);
});
