import type {IdentityEvent} from '../../core/event.ts';
import {readStatement} from '../../core/statement.ts';
import type {Encoder} from '../../stages/decode/index.ts';

/** One good line; `event` is null for a tombstone. */
export interface EventLine {
  key: string;
  event: IdentityEvent | null;
}

/** What is wrong with one line, counted from 1, in words that name the field. */
export interface LineProblem {
  line: number;
  message: string;
}

export interface ReadLines {
  events: EventLine[];
  problems: LineProblem[];
}

/**
 * Reads JSON lines `{"key": …, "value": {…event…} or null}`, all of them though some are bad. Empty lines do not count.
 * `stamp`: fields that take the place of each event's own.
 */
export async function readLines(
  lines: AsyncIterable<string>,
  encoder: Encoder,
  stamp: () => Partial<IdentityEvent> = () => ({}),
): Promise<ReadLines> {
  const read: ReadLines = {events: [], problems: []};
  let line = 0;
  for await (const text of lines) {
    line += 1;
    if (text.trim() === '') continue;
    const result = readLine(text, encoder, stamp);
    if (typeof result === 'string') read.problems.push({line, message: result});
    else read.events.push(result);
  }
  return read;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function readLine(text: string, encoder: Encoder, stamp: () => Partial<IdentityEvent>): EventLine | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return 'expected JSON: {"key": "…", "value": {…}}';
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'expected an object';
  const {key, value, ...others} = parsed as {key?: unknown; value?: unknown};
  const [other] = Object.keys(others);
  if (other !== undefined) return `${other}: expected key and value alone`;
  if (typeof key !== 'string' || key === '') return 'key: expected the id of the subject';
  if (value === undefined) return 'value: is missing; null is a tombstone';
  if (value === null) return {key, event: null};
  const event = encoder.read(typeof value === 'object' ? {...value, ...stamp()} : value);
  if (!event.ok) return event.failure.message;
  if (!uuid.test(event.value.eventId)) return 'eventId: expected a UUID';
  const statement = readStatement(event.value, key);
  if (!statement.ok) return statement.failure.message;
  return {key, event: event.value};
}
