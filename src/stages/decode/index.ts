import {isUtf8} from 'node:buffer';
import avro, {type Schema, type Type} from 'avsc';
import type {SourceRecord} from '../../core/change.ts';
import {failed, ok, type Failure, type Result} from '../../core/failure.ts';
import {readStatement, tombstone, type Statement} from '../../core/statement.ts';
import {compileLayout} from './layout.ts';
import {compileMapping, unsaid, type EventMapping} from './mapped.ts';
import {compilePlain} from './plain.ts';
import {resolveReader, Unresolvable} from './resolve.ts';

export {readCanonicalSchema} from './canonical.ts';
export {createEncoder, type Encoder} from './encode.ts';
export {compileMapping, eventMappings, type EventMapping, type ReadMapped} from './mapped.ts';
export {writerOptions} from './kinds.ts';
export {madeRecord} from './made.ts';
export {plainSample} from './sample.ts';
export {createRegistry, type Registry, type RegistryConfig} from './registry.ts';

/** Where writers' schemas come from. Failure: `undecodable` when there is no such schema, `unavailable` when it is not known. */
export interface SchemaSource {
  schema(id: number): Promise<Result<Type>>;
}

export interface DecoderOptions {
  registry: SchemaSource;
  /** The canonical schema, parsed from JSON. */
  readerSchema: Schema;
  /** Largest encoded record, in bytes. */
  maxBytes: number;
  /** How long an answer that a schema does not exist is believed, in ms. */
  negativeCacheMs?: number;
  /** Told of a topic at the first event of a kind that this version does not know: such events are skipped. */
  onNewKind?: (topic: string) => void;
  /** Writers' schemas that are not events, and how their records become some. With any, a record of a third schema is skipped. */
  mappings?: readonly EventMapping[];
  /** Told of a schema at its first record that is skipped because no mapping names it. */
  onUnmapped?: (topic: string, schema: string) => void;
  now?: () => number;
}

export interface Decoder {
  /**
   * What a record says: at once when its writer's schema is known. Failures: `undecodable` with the reason in words;
   * `unavailable` when the registry does not answer (the record's turn comes again).
   */
  decode(record: SourceRecord): Result<Statement> | Promise<Result<Statement>>;
}

type Read<T> = T | Promise<T>;
type Reader = (record: SourceRecord, body: Buffer) => Read<Result<Statement>>;

/** The Confluent wire format: a zero byte, the writer's schema id in four bytes, the body. */
const frameBytes = 5;

/** Decodes records of the Confluent wire format into statements: one resolver for each writer's schema, kept. */
export function createDecoder(options: DecoderOptions): Decoder {
  const {now = Date.now} = options;
  const readerType = avro.Type.forSchema(options.readerSchema);
  const find = cacheReaders(options, chooseReader(options, readerType));

  const told = new Set<string>();
  const tell = (record: SourceRecord, statement: Result<Statement>): Result<Statement> => {
    if (statement.ok && isNewKind(statement.value) && !told.has(record.topic)) {
      told.add(record.topic);
      options.onNewKind?.(record.topic);
    }
    return statement;
  };
  const read = (record: SourceRecord, value: Buffer, reader: Result<Reader>): Read<Result<Statement>> => {
    if (!reader.ok) return reader;
    const statement = reader.value(record, value.subarray(frameBytes));
    if (statement instanceof Promise) return statement.then((late) => recorded(record, late, now()));
    return recorded(record, tell(record, statement), now());
  };

  return {
    decode(record) {
      const {value} = record;
      if (value === null) return recorded(record, readTombstone(record), now());
      if (value.length > options.maxBytes) {
        return undecodable(`the value has ${value.length} bytes, more than ${options.maxBytes}`, 'too large');
      }
      if (value.length < frameBytes || value[0] !== 0) {
        return undecodable(
          'the value is not in the Confluent wire format: expected a zero byte and a schema id',
          'not framed',
        );
      }
      const found = find(value.readUInt32BE(1));
      return found instanceof Promise
        ? found.then((reader) => read(record, value, reader))
        : read(record, value, found);
    },
  };
}

/** Clocks differ, and time zones are mistaken for each other. */
const clockToleranceMs = 24 * 3_600_000;

/**
 * Nothing is recorded in the future: what says so (a date of effect, microseconds taken for milliseconds) counts from when its record was
 * written. Else all that is said of the subject elsewhere, a leave too, would be older for years.
 */
function recorded({timestamp}: SourceRecord, statement: Result<Statement>, nowMs: number): Result<Statement> {
  if (!statement.ok) return statement;
  const {meta} = statement.value;
  const latest = nowMs + clockToleranceMs;
  if (meta.occurredAt <= latest) return statement;
  const occurredAt = timestamp > 0 && timestamp <= latest ? timestamp : nowMs;
  return ok({...statement.value, meta: {...meta, occurredAt}});
}

const isNewKind = (statement: Statement): boolean =>
  statement.kind === 'unknown' && statement.reason === undefined;

/** How records of one writer are read: by the mapping that names its schema, else as events. */
function chooseReader(options: DecoderOptions, readerType: Type): (writer: Type) => Result<Reader> {
  const {mappings = [], onUnmapped, readerSchema} = options;
  const mapped = new Map(mappings.map((mapping) => [mapping.schema, compileMapping(mapping, readerSchema)]));
  return (writer) => {
    const name = writer.name ?? writer.typeName;
    const read = mapped.get(name);
    if (read) return compileMapped(writer, read);
    if (mapped.size === 0 || name === readerType.name) return compileReader(readerType, writer);
    let isTold = false;
    return ok((record) => {
      if (!isTold) onUnmapped?.(record.topic, name);
      isTold = true;
      return ok(unsaid(record, name, `no mapping names its schema ${name}`));
    });
  };
}

/** The whole way for each record: decoded with its own schema, then mapped. */
function compileMapped(writer: Type, read: ReturnType<typeof compileMapping>): Result<Reader> {
  const damage = compileLayout(writer);
  const plain = compilePlain(writer);
  return ok((record, body) => {
    const damaged = damage(body);
    if (damaged !== undefined) return undecodable(`the value ${damaged}`, 'damaged');
    return read(record, plain(body));
  });
}

/** Readers by schema id: kept for good, asked for once at a time, and a schema that does not exist kept for a while. */
function cacheReaders(options: DecoderOptions, compile: (writer: Type) => Result<Reader>) {
  const {registry, negativeCacheMs = 10_000, now = Date.now} = options;
  const known = new Map<number, {reader: Result<Reader>; untilMs: number}>();
  const asked = new Map<number, Promise<Result<Reader>>>();

  async function ask(id: number): Promise<Result<Reader>> {
    try {
      const writer = await registry.schema(id);
      const reader = writer.ok ? compile(writer.value) : writer;
      const believed = writer.ok ? Number.POSITIVE_INFINITY : now() + negativeCacheMs;
      if (reader.ok || reader.failure.kind === 'undecodable') known.set(id, {reader, untilMs: believed});
      return reader;
    } finally {
      asked.delete(id);
    }
  }

  return (id: number): Result<Reader> | Promise<Result<Reader>> => {
    const entry = known.get(id);
    if (entry && now() < entry.untilMs) return entry.reader;
    const pending = asked.get(id) ?? ask(id);
    asked.set(id, pending);
    return pending;
  };
}

function compileReader(readerType: Type, writer: Type): Result<Reader> {
  try {
    const damage = compileLayout(writer);
    const readEvent = resolveReader(readerType, writer);
    return {ok: true, value: (record, body) => readBody(record, body, damage, readEvent)};
  } catch (error) {
    if (!(error instanceof Unresolvable)) throw error;
    return undecodable(`the writer's schema does not resolve: ${error.message}`, 'schema does not resolve');
  }
}

function readBody(
  record: SourceRecord,
  body: Buffer,
  damage: ReturnType<typeof compileLayout>,
  readEvent: ReturnType<typeof resolveReader>,
): Result<Statement> {
  const damaged = damage(body);
  if (damaged !== undefined) return undecodable(`the value ${damaged}`, 'damaged');
  let event;
  try {
    event = readEvent(body);
  } catch (error) {
    return undecodable(`the value: ${error instanceof Error ? error.message : 'can not be read'}`, 'damaged');
  }
  return readStatement(event, keyOf(record));
}

/** No body says whom it is about: a key that is no text must not be read as one. */
function readTombstone(record: SourceRecord): Result<Statement> {
  if (record.key && !isUtf8(record.key)) return notUtf8;
  return tombstone(keyOf(record), record.timestamp);
}

const notUtf8 = failed({
  kind: 'undecodable',
  message: 'key is not UTF-8: expected the id of the subject',
  cause: 'undecodable key',
});

const keyOf = (record: SourceRecord): string | null => record.key?.toString('utf8') ?? null;

function undecodable(message: string, cause: string): {ok: false; failure: Failure} {
  return failed({kind: 'undecodable', message, cause: `undecodable: ${cause}`});
}
