import avro, {type Schema, type Type} from 'avsc';
import type {SourceRecord} from '../../core/change.ts';
import type {IdentityEvent} from '../../core/event.ts';
import {
  compileChecked,
  mapBindings,
  placeText,
  type Expression,
  type RunFailure,
} from '../../core/expression.ts';
import {failed, ok, type Failure, type Result} from '../../core/failure.ts';
import type {Json} from '../../core/resource.ts';
import {readStatement, type Statement} from '../../core/statement.ts';
import {complete} from './complete.ts';

/** How the records of one writer's schema become events. */
export interface EventMapping {
  /** The full name of the writer's schema. */
  schema: string;
  /** What the map is called where something is wrong with it: its file. */
  name: string;
  map: Expression;
  /** Absent: the record's own key is the subject's id. */
  key?: Expression;
}

/** The mappings of a config, whose check has refused one that does not compile. */
export const eventMappings = (
  events: readonly {schema: string; map: string; text: string; key?: string | undefined}[],
): EventMapping[] =>
  events.map(({schema, map, text, key}) => ({
    schema,
    name: map,
    map: compileChecked(text, mapBindings),
    ...(key === undefined ? {} : {key: compileChecked(key, mapBindings)}),
  }));

/** What a record of a mapped schema says. Failure: `undecodable`, naming the map and the place in it, or the event's field. */
export type ReadMapped = (record: SourceRecord, plain: Json) => Promise<Result<Statement>>;

/** Compiles one mapping to events of the reader's schema. */
export function compileMapping(mapping: EventMapping, readerSchema: Schema): ReadMapped {
  const type = avro.Type.forSchema(readerSchema);
  return async (record, plain) => {
    const {topic, partition, offset, timestamp} = record;
    const key = record.key?.toString('utf8') ?? null;
    const given = {record: {topic, partition, offset, timestamp, key}};
    const mapped = await mapping.map.run(plain, given);
    if (!mapped.ok) return wrong(`map ${mapping.name}`, mapped.failure, mapping.map);
    if (mapped.value === undefined || mapped.value === null)
      return ok(unsaid(record, mapping.schema, `the map ${mapping.name} makes no event of it`));
    const subject = await subjectOf(mapping, plain, given);
    if (!subject.ok) return subject;
    const event = eventOf(type, mapping, record, mapped.value);
    return event.ok ? readStatement(event.value, subject.value) : event;
  };
}

/** A record that is read and says nothing, with why. */
export function unsaid(record: SourceRecord, source: string, reason: string): Statement {
  const subject = record.key?.toString('utf8') || placeOf(record);
  return {kind: 'unknown', subject, reason, meta: {eventId: '', occurredAt: record.timestamp, source}};
}

const placeOf = ({topic, partition, offset}: SourceRecord): string => `${topic}/${partition}/${offset}`;

async function subjectOf(
  {key, name}: EventMapping,
  plain: Json,
  given: {record: {key: string | null}},
): Promise<Result<string | null>> {
  if (key === undefined) return ok(given.record.key);
  const ran = await key.run(plain, given);
  if (!ran.ok) return wrong(`key of ${name}`, ran.failure, key);
  if (typeof ran.value === 'string') return ok(ran.value);
  if (Number.isSafeInteger(ran.value)) return ok(`${ran.value as number}`);
  return undecodable(`key of ${name}: expected a text`, `key of ${name}`);
}

/** Beside what the map says: where the record stands is its id, its own time and schema are time and source. */
function eventOf(
  type: Type,
  {name, schema}: EventMapping,
  record: SourceRecord,
  value: Json,
): Result<IdentityEvent> {
  const own = {eventId: placeOf(record), occurredAt: record.timestamp, source: schema};
  const isObject = typeof value === 'object' && !Array.isArray(value);
  const problems: string[] = [];
  const whole = isObject ? {...own, ...value} : value;
  const event = complete(type, whole, {problems, fills: false, makesLists: true});
  const [problem] = problems;
  if (problem === undefined) return ok(event as IdentityEvent);
  return undecodable(`map ${name}: ${problem}`, `map ${name}: not an event`);
}

const wrong = (what: string, failure: RunFailure, {text}: Expression): {ok: false; failure: Failure} =>
  undecodable(`${what}: ${placeText(failure, text)}: ${failure.message}`, what);

function undecodable(message: string, cause: string): {ok: false; failure: Failure} {
  return failed({kind: 'undecodable', message, cause: `undecodable: ${cause}`});
}
