import {expect, test} from '@jest/globals';
import {CompressionCodecs, CompressionTypes} from 'kafkajs';
import {registerCodecs} from './codecs.ts';

interface Codec {
  compress(encoder: {buffer: Buffer}): Promise<Buffer>;
  decompress(compressed: Buffer): Promise<Buffer>;
}
const codecOf = (type: CompressionTypes): Codec => {
  registerCodecs();
  const make = (CompressionCodecs as Record<number, () => Codec>)[type];
  if (!make) throw new Error('no codec');
  return make();
};

test.each([CompressionTypes.Snappy, CompressionTypes.LZ4, CompressionTypes.ZSTD])(
  'codec %i',
  async (type) => {
    const codec = codecOf(type);
    const buffer = Buffer.from('identity '.repeat(10_000));
    const compressed = await codec.compress({buffer});
    expect(compressed.length).toBeLessThan(buffer.length / 4);
    expect((await codec.decompress(compressed)).equals(buffer)).toBe(true);
    await expect(codec.decompress(compressed.subarray(0, compressed.length - 5))).rejects.toThrow();
  },
);

test("snappy in snappy-java's frame, of two blocks", async () => {
  const codec = codecOf(CompressionTypes.Snappy);
  const blocks = [Buffer.from('a'.repeat(1000)), Buffer.from('b'.repeat(500))];
  const parts: Buffer[] = [Buffer.from('82534e4150505900' + '0000000100000001', 'hex')];
  for (const buffer of blocks) {
    const block = await codec.compress({buffer});
    const length = Buffer.alloc(4);
    length.writeUInt32BE(block.length);
    parts.push(length, block);
  }
  const framed = Buffer.concat(parts);
  expect((await codec.decompress(framed)).equals(Buffer.concat(blocks))).toBe(true);
  await expect(codec.decompress(framed.subarray(0, framed.length - 1))).rejects.toThrow(
    'longer than its batch',
  );
});
