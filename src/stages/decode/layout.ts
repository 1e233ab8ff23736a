import type {Type} from 'avsc';
import {isArray, isEnum, isFixed, isLogical, isMap, isRecord, isUnion, valuesOf} from './kinds.ts';

/** Where the value that begins at `at` ends. Throws `RangeError` in words when the bytes are not such a value. */
type Skip = (bytes: Buffer, at: number) => number;

/**
 * Compiles a check that bytes are exactly one value of the writer's type. avsc looks for the end of its input only when it
 * is done: a damaged count of array items would first make it build a billion of them.
 */
export function compileLayout(writer: Type): (bytes: Buffer) => string | undefined {
  const skip = skipOf(writer, new Map());
  return (bytes) => {
    try {
      const end = skip(bytes, 0);
      return end === bytes.length ? undefined : `has ${bytes.length - end} bytes after its end`;
    } catch (error) {
      if (error instanceof RangeError) return error.message;
      throw error;
    }
  };
}

function skipOf(type: Type, done: Map<Type, Skip>): Skip {
  const known = done.get(type);
  if (known) return known;
  /** A type may hold itself: what refers to it before it is made looks it up when it runs. */
  done.set(type, (bytes, at) => (done.get(type) ?? skipNothing)(bytes, at));
  const skip = makeSkip(type, done);
  done.set(type, skip);
  return skip;
}

function makeSkip(type: Type, done: Map<Type, Skip>): Skip {
  if (isRecord(type)) return skipAll(type.fields.map((field) => skipOf(field.type, done)));
  if (isUnion(type)) return skipUnion(type.types.map((branch) => skipOf(branch, done)));
  if (isArray(type)) return skipBlocks(skipOf(type.itemsType, done));
  if (isMap(type)) return skipBlocks(skipEntry(skipOf(valuesOf(type), done)));
  if (isFixed(type)) return skipFixed(type.size);
  if (isEnum(type)) return skipEnum(type.symbols.length);
  if (isLogical(type)) return skipOf(type.underlyingType, done);
  switch (type.typeName) {
    case 'null':
      return skipNothing;
    case 'boolean':
      return skipFixed(1);
    case 'float':
      return skipFixed(4);
    case 'double':
      return skipFixed(8);
    case 'bytes':
    case 'string':
      return skipLengthAndBytes;
    default:
      return skipVarint;
  }
}

const skipNothing: Skip = (_bytes, at) => at;

const skipFixed =
  (size: number): Skip =>
  (bytes, at) =>
    within(bytes, at + size);

const skipVarint: Skip = (bytes, at) => {
  let end = at;
  while ((bytes[end] ?? 0) > 127) end += 1;
  return within(bytes, end + 1);
};

const skipLengthAndBytes: Skip = (bytes, at) => {
  const start = skipVarint(bytes, at);
  const length = readCount(bytes, at, start);
  if (length < 0) throw new RangeError(`has a text of ${length} bytes at byte ${at}`);
  return within(bytes, start + length);
};

const skipEnum =
  (symbols: number): Skip =>
  (bytes, at) => {
    const end = skipVarint(bytes, at);
    const index = readCount(bytes, at, end);
    if (index < 0 || index >= symbols)
      throw new RangeError(`names symbol ${index} of ${symbols} at byte ${at}`);
    return end;
  };

const skipUnion =
  (branches: Skip[]): Skip =>
  (bytes, at) => {
    const start = skipVarint(bytes, at);
    const index = readCount(bytes, at, start);
    const branch = branches[index];
    if (!branch) throw new RangeError(`names branch ${index} of ${branches.length} at byte ${at}`);
    return branch(bytes, start);
  };

const skipAll =
  (fields: Skip[]): Skip =>
  (bytes, at) => {
    let end = at;
    for (const skip of fields) end = skip(bytes, end);
    return end;
  };

const skipEntry =
  (value: Skip): Skip =>
  (bytes, at) =>
    value(bytes, skipLengthAndBytes(bytes, at));

/** Arrays and maps (Avro specification 1.12, "Arrays"): blocks of a count and items, ended by a count of 0. */
const skipBlocks =
  (item: Skip): Skip =>
  (bytes, at) => {
    let end = at;
    for (;;) {
      const start = end;
      end = skipVarint(bytes, start);
      const count = readCount(bytes, start, end);
      if (count === 0) return end;
      if (count < 0) end = skipVarint(bytes, end);
      const items = Math.abs(count);
      if (items > bytes.length)
        throw new RangeError(`counts ${items} items at byte ${start}, more than it has bytes`);
      for (let left = items; left > 0; left -= 1) end = item(bytes, end);
    }
  };

function within(bytes: Buffer, end: number): number {
  if (end > bytes.length) throw new RangeError(`ends after ${bytes.length} bytes, in the middle of a value`);
  return end;
}

/** A zigzag number whose bytes are known to be there; as a float, for lengths and counts. */
function readCount(bytes: Buffer, at: number, end: number): number {
  let value = 0;
  for (let place = end - 1; place >= at; place -= 1) value = value * 128 + ((bytes[place] ?? 0) & 127);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
