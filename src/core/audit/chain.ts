import {hash} from 'node:crypto';
import type {Linked, WrittenRecord} from './written.ts';

/** What the first record of a chain has for the hash of the one before. */
export const nothingBefore = '0'.repeat(64);

/**
 * JSON with sorted keys and no blanks (RFC 8785): one text for one value, whatever it was carried by. Absent and null
 * fields are left out; numbers are whole.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed());
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) text += (text === '' ? '' : ',') + canonical(item);
    return `[${text}]`;
  }
  for (const key of Object.keys(value).sort()) {
    const inner = (value as Record<string, unknown>)[key];
    if (inner !== undefined && inner !== null)
      text += `${text === '' ? '' : ','}${quoted(key)}:${canonical(inner)}`;
  }
  return `{${text}}`;
}

/** Fields' names, as JSON: few and fixed. The bound is for attributes whose names come from events. */
const names = new Map<string, string>();

function quoted(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  if (names.size >= 4096) names.clear();
  const text = JSON.stringify(name.toWellFormed());
  names.set(name, text);
  return text;
}

/** SHA-256 of a text, in hex. */
export const hashOf = (text: string): string => hash('sha256', text, 'hex');

/** Puts a record into a chain: its line has the canonical form, and the hash of that at its end. */
export function link(
  record: WrittenRecord,
  {writer, sequence, previous}: Pick<Linked, 'writer' | 'sequence' | 'previous'>,
): {linked: Linked; line: string} {
  const linked: Linked = {...record, writer, sequence, previous, hash: undefined as never};
  const text = canonical(linked);
  linked.hash = hashOf(text);
  return {linked, line: `${text.slice(0, -1)},"hash":"${linked.hash}"}`};
}

/** What a checkpoint's signature is over. */
export function signedText(record: WrittenRecord): string {
  return canonical({...record, hash: undefined, checkpoint: {...record.checkpoint, signature: undefined}});
}

/** Whether a record that was carried otherwise than as a line is as it was written. */
export const isWhole = ({hash: own, ...rest}: Linked): boolean => hashOf(canonical(rest)) === own;

/** What a line of an audit file is. `unchained`: from before records stood in chains. */
export type ReadLine =
  | {is: 'record'; record: Linked; isWhole: boolean}
  | {is: 'unchained'; record: WrittenRecord}
  | {is: 'nothing'; isTorn: boolean};

const end = /,"hash":"([0-9a-f]{64})"\}$/;

/** Reads a line. The hash is over its very bytes. A line that a crash tore may have the next writer's behind it. */
export function readLine(line: string): ReadLine {
  const value = parse(line);
  if (value === undefined) return behindTorn(line) ?? {is: 'nothing', isTorn: !line.endsWith('"}')};
  if (isLinked(value)) {
    const found = end.exec(line);
    const whole = found !== null && hashOf(`${line.slice(0, found.index)}}`) === found[1];
    return {is: 'record', record: value, isWhole: whole && found[1] === value.hash};
  }
  const isOld = isWritten(value) && !['writer', 'sequence', 'previous', 'hash'].some((name) => name in value);
  return isOld && !end.test(line) ? {is: 'unchained', record: value} : {is: 'nothing', isTorn: false};
}

function behindTorn(line: string): ReadLine | undefined {
  for (let at = line.indexOf('{"', 1); at > 0; at = line.indexOf('{"', at + 1)) {
    const found = end.exec(line);
    if (found === null) return undefined;
    if (hashOf(`${line.slice(at, found.index)}}`) === found[1]) return readLine(line.slice(at));
  }
  return undefined;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

const isWritten = (value: unknown): value is WrittenRecord =>
  typeof value === 'object' && value !== null && 'id' in value && 'at' in value;

/** Whether it has a place in a chain; the rest of it is vouched for by its hash. */
export function isLinked(value: unknown): value is Linked {
  if (!isWritten(value)) return false;
  const {writer, sequence, previous, hash: own} = value as Partial<Linked>;
  const isCounted = typeof sequence === 'number' && Number.isSafeInteger(sequence) && sequence >= 0;
  return isCounted && [writer, previous, own].every((text) => typeof text === 'string');
}
