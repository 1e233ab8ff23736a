import type {Type} from 'avsc';
import type {Json} from '../../core/resource.ts';
import {
  isArray,
  isDate,
  isDecimal,
  isEnum,
  isFixed,
  isLogical,
  isMap,
  isMicros,
  isRecord,
  isUnion,
  valuesOf,
} from './kinds.ts';

/** Bytes and how far they are read. */
interface Cursor {
  bytes: Buffer;
  at: number;
}
type Read = (cursor: Cursor) => Json;

/**
 * Compiles a reader of a writer's own values as plain JSON, for bytes that `compileLayout` found whole: unions without their
 * wrapping, times in milliseconds, dates as `2026-11-24`, decimals as text, bytes and fixed as base64, and a long that a
 * JavaScript number can not hold as text. avsc itself refuses a record that has one.
 */
export function compilePlain(writer: Type): (body: Buffer) => Json {
  const read = readOf(writer, new Map());
  return (bytes) => read({bytes, at: 0});
}

function readOf(type: Type, done: Map<Type, Read>): Read {
  const known = done.get(type);
  if (known) return known;
  /** A type may hold itself: what refers to it before it is made looks it up when it runs. */
  done.set(type, (cursor) => (done.get(type) ?? readNull)(cursor));
  const read = makeRead(type, done);
  done.set(type, read);
  return read;
}

function makeRead(type: Type, done: Map<Type, Read>): Read {
  if (isRecord(type)) return readRecord(type.fields.map(({name, type: of}) => [name, readOf(of, done)]));
  if (isUnion(type)) return readUnion(type.types.map((branch) => readOf(branch, done)));
  if (isArray(type)) return readBlocks(readOf(type.itemsType, done));
  if (isMap(type)) return readEntries(readOf(valuesOf(type), done));
  if (isDecimal(type)) return readDecimal(bytesOf(type.underlyingType), type.scale);
  if (isLogical(type)) {
    const read = readOf(type.underlyingType, done);
    if (isMicros(type)) return (cursor) => millis(read(cursor));
    return isDate(type) ? (cursor) => dateText(read(cursor)) : read;
  }
  if (isEnum(type)) return (cursor) => type.symbols[Number(readLong(cursor))] ?? null;
  return readPrimitive(type);
}

function readPrimitive(type: Type): Read {
  switch (type.typeName) {
    case 'null':
      return readNull;
    case 'boolean':
      return (cursor) => take(cursor, 1)[0] === 1;
    case 'float':
      return (cursor) => finite(take(cursor, 4).readFloatLE(0));
    case 'double':
      return (cursor) => finite(take(cursor, 8).readDoubleLE(0));
    case 'string':
      return (cursor) => takeCounted(cursor).toString('utf8');
    case 'bytes':
    case 'fixed': {
      const read = bytesOf(type);
      return (cursor) => read(cursor).toString('base64');
    }
    default:
      return readLong;
  }
}

const readNull: Read = () => null;

/** JSON has no word for what is no number. */
const finite = (value: number): Json => (Number.isFinite(value) ? value : null);

function take(cursor: Cursor, length: number): Buffer {
  const from = cursor.at;
  cursor.at += length;
  return cursor.bytes.subarray(from, cursor.at);
}

/** A zigzag number (Avro specification 1.12, "Binary Encoding"). */
function readBig(cursor: Cursor): bigint {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = cursor.bytes[cursor.at] ?? 0;
    cursor.at += 1;
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return (value >> 1n) ^ -(value & 1n);
  }
}

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER);

/** As a number where that is exact, else as text. */
function readLong(cursor: Cursor): number | string {
  const value = readBig(cursor);
  return value > maxSafe || value < -maxSafe ? value.toString() : Number(value);
}

const takeCounted = (cursor: Cursor): Buffer => take(cursor, Number(readBig(cursor)));

const bytesOf = (type: Type): ((cursor: Cursor) => Buffer) =>
  isFixed(type) ? (cursor) => take(cursor, type.size) : takeCounted;

const readRecord =
  (fields: [string, Read][]): Read =>
  (cursor) => {
    const record: Record<string, Json> = {};
    for (const [name, read] of fields) record[name] = read(cursor);
    return record;
  };

const readUnion =
  (branches: Read[]): Read =>
  (cursor) =>
    (branches[Number(readBig(cursor))] ?? readNull)(cursor);

/** Calls `item` for each item of an array or a map. */
function eachItem(cursor: Cursor, item: () => void): void {
  for (let count = Number(readBig(cursor)); count !== 0; count = Number(readBig(cursor))) {
    if (count < 0) readBig(cursor);
    for (let left = Math.abs(count); left > 0; left -= 1) item();
  }
}

const readBlocks =
  (read: Read): Read =>
  (cursor) => {
    const items: Json[] = [];
    eachItem(cursor, () => items.push(read(cursor)));
    return items;
  };

const readEntries =
  (read: Read): Read =>
  (cursor) => {
    const entries: [string, Json][] = [];
    eachItem(cursor, () => entries.push([takeCounted(cursor).toString('utf8'), read(cursor)]));
    return Object.fromEntries(entries);
  };

const readDecimal =
  (read: (cursor: Cursor) => Buffer, scale: number): Read =>
  (cursor) =>
    decimalText(read(cursor), scale);

/** Two's complement, the highest byte first, as decimal digits with the point in its place. */
export function decimalText(bytes: Buffer, scale: number): string {
  const unscaled =
    bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return unscaled < 0n ? `-${text}` : text;
}

/** Microseconds as milliseconds. */
export const millis = (value: Json): Json =>
  typeof value === 'number' ? Math.floor(value / 1000) : Number(BigInt(value as string) / 1000n);

/** Days since the epoch as `2026-11-24`. */
export function dateText(days: Json): Json {
  const date = new Date(Number(days) * 86_400_000);
  return Number.isNaN(date.getTime()) ? days : date.toISOString().slice(0, 10);
}
