import {describe, expect, test} from '@jest/globals';
import fc from 'fast-check';
import {packArgs, unpackReply, type Unpacked} from './pack.ts';

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

describe('a reply', () => {
  /** Writes MessagePack by its specification, each length in the smallest form. */
  function pack(value: Unpacked): Buffer {
    if (typeof value === 'number') return packNumber(value);
    if (Buffer.isBuffer(value))
      return Buffer.concat([head(value.length, 0xa0, 31, [0xd9, 0xda, 0xdb]), value]);
    return Buffer.concat([head(value.length, 0x90, 15, [undefined, 0xdc, 0xdd]), ...value.map(pack)]);
  }

  function head(length: number, fix: number, most: number, [one, two, four]: (number | undefined)[]): Buffer {
    if (length <= most) return Buffer.from([fix | length]);
    if (one !== undefined && length <= 0xff) return Buffer.from([one, length]);
    const isShort = length <= 0xffff;
    const bytes = Buffer.alloc(isShort ? 3 : 5);
    bytes.writeUInt8((isShort ? two : four) ?? 0);
    if (isShort) bytes.writeUInt16BE(length, 1);
    else bytes.writeUInt32BE(length, 1);
    return bytes;
  }

  function packNumber(value: number): Buffer {
    const bytes = Buffer.alloc(9);
    if (Number.isInteger(value) && value >= 0 && value < 128) return Buffer.from([value]);
    if (Number.isInteger(value) && value < 0 && value >= -32) return Buffer.from([value + 0x100]);
    if (Number.isInteger(value) && value >= 0 && value <= 0xffff)
      return Buffer.from([0xcd, value >> 8, value & 0xff]);
    if (Number.isSafeInteger(value) && value >= 0) {
      bytes.writeUInt8(0xcf);
      bytes.writeBigUInt64BE(BigInt(value), 1);
    } else if (Number.isSafeInteger(value)) {
      bytes.writeUInt8(0xd3);
      bytes.writeBigInt64BE(BigInt(value), 1);
    } else {
      bytes.writeUInt8(0xcb);
      bytes.writeDoubleBE(value, 1);
    }
    return bytes;
  }

  const {value} = fc.letrec<{value: Unpacked}>((tie) => ({
    value: fc.oneof(
      fc.maxSafeInteger(),
      fc.integer({min: -40, max: 300}),
      // Zero has no sign there.
      fc.double({noNaN: true}).map((number) => number + 0),
      fc.uint8Array({maxLength: 300}).map((bytes) => Buffer.from(bytes)),
      fc.array(tie('value'), {maxLength: 20}),
    ),
  }));

  test('comes out as what was packed', () => {
    fc.assert(
      fc.property(value, (packed) => {
        expect(unpackReply(pack(packed))).toEqual(packed);
      }),
    );
  });

  test('that is long comes out too', () => {
    const long = [Buffer.alloc(70_000, 7), Array.from({length: 70_000}, (_, at) => at)];
    expect(unpackReply(pack(long))).toEqual(long);
  });

  test('that is cut off, or something else, is refused', () => {
    const whole = pack([1, Buffer.from('a text'), [300]]);
    for (let length = 0; length < whole.length; length += 1)
      expect(() => unpackReply(whole.subarray(0, length))).toThrow();
    expect(() => unpackReply(Buffer.from([0xc1]))).toThrow('MessagePack marker 193');
    expect(() => unpackReply(1)).toThrow('did not answer with MessagePack');
  });
});
