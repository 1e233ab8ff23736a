export type ScriptArg = string | number | Buffer;

/** MessagePack's markers: an array and a string, each with a 32-bit length, and a string with a 16-bit one. */
const array32 = 0xdd;
const string16 = 0xda;
const string32 = 0xdb;
const longHead = 5;
const shortHead = 3;
const shortMost = 0xffff;
/** A UTF-16 unit is at most three bytes of UTF-8. */
const bytesAUnit = 3;

const bound = (arg: string | Buffer): number =>
  longHead + (typeof arg === 'string' ? arg.length * bytesAUnit : arg.length);

/**
 * A script's arguments as one: a MessagePack array of strings, as bytes. Sent one by one, some dozen for each change, they
 * took a tenth of the process at full speed, and as much of Redis.
 */
export function packArgs(args: readonly ScriptArg[]): Buffer {
  const texts = args.map((arg) => (typeof arg === 'number' ? String(arg) : arg));
  const packed = Buffer.allocUnsafe(texts.reduce((sum, text) => sum + bound(text), longHead));
  packed[0] = array32;
  packed.writeUInt32BE(texts.length, 1);
  let at = longHead;
  for (const text of texts) at = write(packed, at, text);
  return packed.subarray(0, at);
}

function write(packed: Buffer, at: number, text: string | Buffer): number {
  const isShort = bound(text) - longHead <= shortMost;
  const start = at + (isShort ? shortHead : longHead);
  const length = typeof text === 'string' ? packed.write(text, start) : text.copy(packed, start);
  packed[at] = isShort ? string16 : string32;
  if (isShort) packed.writeUInt16BE(length, at + 1);
  else packed.writeUInt32BE(length, at + 1);
  return start + length;
}

/** What a script begins with, to find its arguments in `ARGV` as if they had come one by one. */
export const UNPACK_ARGS = 'local ARGV = cmsgpack.unpack(ARGV[1])\n';

/** What a script packed with `cmsgpack`: lists, numbers, and strings as Buffers. */
export type Unpacked = number | Buffer | Unpacked[];

/**
 * Reads a script's reply that came as one MessagePack text: as RESP, piece by piece, reading it took longer than making the
 * requests that it grants. Throws when it is anything else than lists, numbers and strings.
 */
export function unpackReply(reply: unknown): Unpacked {
  if (!Buffer.isBuffer(reply)) throw new Error('the script did not answer with MessagePack');
  return new Reader(reply).value();
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  value(): Unpacked {
    const marker = this.#bytes.readUInt8(this.#at);
    this.#at += 1;
    if (marker < 0x80) return marker;
    if (marker >= 0xe0) return marker - 0x100;
    if (marker >= 0xa0 && marker < 0xc0) return this.#text(marker & 0x1f);
    if (marker >= 0x90 && marker < 0xa0) return this.#list(marker & 0x0f);
    return this.#sized(marker);
  }

  /** What follows a marker that names the size of a length or a number. */
  #sized(marker: number): Unpacked {
    switch (marker) {
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#unsigned(1 << (marker - 0xcc));
      case 0xcf:
        return Number(this.#bytes.readBigUInt64BE(this.#skip(8)));
      case 0xd0:
      case 0xd1:
      case 0xd2: {
        const size = 1 << (marker - 0xd0);
        return this.#bytes.readIntBE(this.#skip(size), size);
      }
      case 0xd3:
        return Number(this.#bytes.readBigInt64BE(this.#skip(8)));
      case 0xca:
        return this.#bytes.readFloatBE(this.#skip(4));
      case 0xcb:
        return this.#bytes.readDoubleBE(this.#skip(8));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#unsigned(1 << (marker - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#list(this.#unsigned(2 << (marker - 0xdc)));
      default:
        throw new Error(`the script answered with the MessagePack marker ${marker}, which it has no use for`);
    }
  }

  #unsigned(size: number): number {
    return this.#bytes.readUIntBE(this.#skip(size), size);
  }

  #text(length: number): Buffer {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, this.#at);
  }

  #list(length: number): Unpacked[] {
    const items: Unpacked[] = [];
    for (let left = length; left > 0; left -= 1) items.push(this.value());
    return items;
  }

  /** Where the next `size` bytes begin: they are behind us now. */
  #skip(size: number): number {
    const start = this.#at;
    this.#at += size;
    if (this.#at > this.#bytes.length) throw new Error('the script answered with half a MessagePack text');
    return start;
  }
}
