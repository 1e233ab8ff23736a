import {promisify} from 'node:util';
import zlib from 'node:zlib';
import kafkajs from 'kafkajs';
import {compressFrame, decompressFrame} from 'lz4-napi';
import {compress, uncompress} from 'snappy';

/** What KafkaJS asks of a codec: it knows gzip alone by itself. */
interface Codec {
  compress(encoder: {buffer: Buffer}): Promise<Buffer>;
  decompress(compressed: Buffer): Promise<Buffer>;
}

const zstdCompress = promisify(zlib.zstdCompress);
const zstdDecompress = promisify(zlib.zstdDecompress);

const zstd: Codec = {
  compress: ({buffer}) => zstdCompress(buffer),
  decompress: (compressed) => zstdDecompress(compressed),
};

const lz4: Codec = {
  compress: ({buffer}) => compressFrame(buffer),
  decompress: (compressed) => decompressFrame(compressed),
};

/** Java's client frames snappy as snappy-java does ("xerial"): a header, then blocks with their length before them. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeaderBytes = 16;
const lengthBytes = 4;

const snappy: Codec = {
  compress: ({buffer}) => compress(buffer),
  async decompress(compressed) {
    if (!compressed.subarray(0, xerialMagic.length).equals(xerialMagic)) return unsnap(compressed);
    const blocks: Buffer[] = [];
    for (let at = xerialHeaderBytes; at < compressed.length;) {
      const start = at + lengthBytes;
      at = start + compressed.readUInt32BE(at);
      if (at > compressed.length) throw new RangeError('a snappy block is longer than its batch');
      blocks.push(await unsnap(compressed.subarray(start, at)));
    }
    return Buffer.concat(blocks);
  },
};

const unsnap = async (compressed: Buffer): Promise<Buffer> => Buffer.from(await uncompress(compressed));

/** Teaches KafkaJS, which keeps its codecs for the whole process, snappy, LZ4 and zstd. */
export function registerCodecs(): void {
  // KafkaJS is CommonJS, and Node finds some of its exports by name only in this way.
  const {CompressionCodecs, CompressionTypes} = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = () => snappy;
  CompressionCodecs[CompressionTypes.LZ4] = () => lz4;
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstd;
}
