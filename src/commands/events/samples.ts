import type {Type} from 'avsc';
import type {SourceRecord} from '../../core/change.ts';
import type {Result} from '../../core/failure.ts';
import type {Json} from '../../core/resource.ts';
import type {Statement} from '../../core/statement.ts';
import {plainSample, type EventMapping, type ReadMapped} from '../../stages/decode/index.ts';

/** One sample record, or what is wrong with its line (counted from 1). */
export type Sample = {line: number} & ({record: SourceRecord; plain: Json} | {message: string});

/**
 * The records of JSON lines: each a record of the writer's schema, or `{"key": …, "value": {…record…}, "timestamp": …}`. A
 * `null` value is a tombstone. Empty lines do not count.
 */
export function readSamples(text: string, type: Type, topic: string): Sample[] {
  return text.split('\n').flatMap((row, at): Sample[] => {
    if (row.trim() === '') return [];
    const line = at + 1;
    let parsed: unknown;
    try {
      parsed = JSON.parse(row);
    } catch (error) {
      return [{line, message: `expected JSON: ${error instanceof Error ? error.message : String(error)}`}];
    }
    const {key, value, timestamp} = enveloped(parsed, type) ?? {key: undefined, value: parsed, timestamp: 0};
    const plain = plainSample(type, value);
    const [problem] = plain.ok ? [] : plain.problems;
    if (!plain.ok) return [{line, message: problem ? `${problem.path}: ${problem.message}` : 'no record'}];
    const bytes = key === undefined ? null : Buffer.from(key);
    const record = {topic, partition: 0, offset: at, timestamp, key: bytes, value: null, headers: {}};
    return [{line, record, plain: plain.value}];
  });
}

function enveloped(
  parsed: unknown,
  type: Type,
): {key: string | undefined; value: unknown; timestamp: number} | undefined {
  if (typeof parsed !== 'object' || parsed === null || !('value' in parsed)) return undefined;
  if (plainSample(type, parsed).ok) return undefined;
  const {value} = parsed;
  const key = 'key' in parsed && typeof parsed.key === 'string' ? parsed.key : undefined;
  const timestamp = 'timestamp' in parsed && typeof parsed.timestamp === 'number' ? parsed.timestamp : 0;
  return {key, value, timestamp};
}

/** What a sample says; where neither the line nor the mapping gives a key, it is taken to be the subject's id. */
export async function readSample(
  {record, plain}: {record: SourceRecord; plain: Json},
  mapping: EventMapping,
  read: ReadMapped,
): Promise<Result<Statement>> {
  if (record.key !== null || mapping.key) return read(record, plain);
  const {topic, partition, offset, timestamp} = record;
  const mapped = await mapping.map.run(plain, {record: {topic, partition, offset, timestamp, key: null}});
  const id = mapped.ok ? idOf(mapped.value) : undefined;
  return read({...record, key: id === undefined ? null : Buffer.from(id)}, plain);
}

function idOf(event: Json | undefined): string | undefined {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return undefined;
  for (const name of ['user', 'group', 'membership', 'deletion']) {
    const body = event[name];
    if (typeof body !== 'object' || body === null || Array.isArray(body)) continue;
    const id = body[name === 'membership' ? 'groupId' : 'id'];
    if (typeof id === 'string') return id;
  }
  return undefined;
}

/** A statement as the event that says it. */
export function eventOf(statement: Statement): Record<string, unknown> | undefined {
  const {subject, meta} = statement;
  switch (statement.kind) {
    case 'user':
      return {...meta, user: statement.user};
    case 'group':
      return {...meta, group: statement.group};
    case 'membership':
      return {
        ...meta,
        membership: {groupId: subject, added: statement.added, removed: statement.removed},
      };
    case 'deletion':
      return {...meta, deletion: {id: subject, kind: statement.of}};
    case 'unknown':
      return undefined;
    default:
      return statement satisfies never;
  }
}
