import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import type {Type} from 'avsc';
import {isWhole, readLine} from '../../core/audit/chain.ts';
import type {Place} from '../../core/audit/finding.ts';
import type {Linked, WrittenRecord} from '../../core/audit/written.ts';
import type {Result} from '../../core/failure.ts';
import {readFrame, schemaIdOf} from './codec.ts';

/** One message of the audit's topic. */
export interface TopicMessage {
  partition: number;
  offset: number;
  key: string | null;
  value: Buffer | null;
}

/** Which part of the topic. */
export interface TopicRead {
  subject?: string | undefined;
  sinceMs?: number | undefined;
  /** Of each partition the last so many. */
  most?: number | undefined;
  /** Is told of what is left out for that, in words. */
  skip?: ((what: string) => void) | undefined;
}

/** The audit's topic as it is read: up to where it ends when the reading begins. */
export interface AuditTopic {
  name: string;
  /** With `subject` the one partition that its records are in; with `sinceMs` not what is older. */
  read(which: TopicRead): AsyncIterable<TopicMessage>;
  /** The schema of an id. Failures: `undecodable` when there is none, `unavailable` when that is not known. */
  schema(id: number): Promise<Result<Type>>;
}

/** Where audit records are read: files one after another, the oldest first, or the topic. */
export type AuditSource = {files: readonly string[]} | {topic: AuditTopic};

/** What stands at one place. */
export type ReadAt = {place: Place} & (
  | {is: 'record'; record: Linked; isWhole: boolean; key?: string | null}
  | {is: 'unchained'; record: WrittenRecord}
  | {is: 'nothing'; isTorn: boolean}
);

export interface FilesRead {
  /** Lines that have it in them; all when there is none. */
  text?: string;
  /** Of all files together the last so many bytes. */
  lastBytes?: number | undefined;
  /** Is told of what is left out for that, in words. */
  skip?: (what: string) => void;
}

/** The lines of files. Rejects when one can not be read. */
export async function* readFiles(
  files: readonly string[],
  {text = '', lastBytes, skip}: FilesRead = {},
): AsyncGenerator<ReadAt> {
  for (const [file, start] of await startsOf(files, lastBytes)) {
    if (start > 0) skip?.(`of ${file} what stands before byte ${start} was not read`);
    let at = start;
    for await (const line of linesOf(file, start)) {
      const place = start > 0 ? {lane: file, at, isByte: true as const} : {lane: file, at: (at += 1)};
      if (start > 0) at += Buffer.byteLength(line) + 1;
      if (line !== '' && line.includes(text)) yield {place, ...readLine(line)};
    }
  }
}

/** Where each file is begun: at the beginning of a line. */
async function startsOf(
  files: readonly string[],
  lastBytes: number | undefined,
): Promise<[file: string, start: number][]> {
  if (lastBytes === undefined) return files.map((file) => [file, 0]);
  const starts: [string, number][] = [];
  let left = lastBytes;
  for (const file of files.toReversed()) {
    const {size} = await stat(file);
    if (left > 0 || size === 0)
      starts.unshift([file, size <= left ? 0 : await lineBehind(file, size - left)]);
    else starts.unshift([file, size]);
    left = Math.max(0, left - size);
  }
  return starts;
}

/** The first byte of the line after this one. */
async function lineBehind(file: string, from: number): Promise<number> {
  let at = from;
  for await (const chunk of createReadStream(file, {start: from}) as AsyncIterable<Buffer>) {
    const end = chunk.indexOf(0x0a);
    if (end >= 0) return at + end + 1;
    at += chunk.length;
  }
  return at;
}

/** No record is longer: what is, is none, and is not kept. */
const longestLine = 80 * 1024 * 1024;

/** By line feeds alone: a text within a line may have other ends of lines in it. */
async function* linesOf(file: string, start = 0): AsyncGenerator<string> {
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of createReadStream(file, {encoding: 'utf8', start}) as AsyncIterable<string>) {
    const [first = '', ...more] = chunk.split('\n');
    if (length < longestLine) parts.push(first);
    length += first.length;
    const last = more.pop();
    if (last === undefined) continue;
    yield parts.join('');
    yield* more;
    parts = [last];
    length = last.length;
  }
  const rest = parts.join('');
  if (rest !== '') yield rest;
}

/** The messages of the topic. Rejects when the brokers or the registry do not answer. */
export async function* readMessages(
  topic: AuditTopic,
  which: Parameters<AuditTopic['read']>[0],
): AsyncGenerator<ReadAt> {
  const types = new Map<number, Type | undefined>();
  for await (const {partition, offset, key, value} of topic.read(which)) {
    const place = {lane: `${topic.name}/${partition}`, at: offset};
    const id = schemaIdOf(value);
    if (id !== undefined && !types.has(id)) types.set(id, await typeOf(topic, id));
    const type = id === undefined ? undefined : types.get(id);
    const record = value && type && readFrame(value, type);
    if (record) yield {place, is: 'record', record, isWhole: isWhole(record), key};
    else yield {place, is: 'nothing', isTorn: false};
  }
}

async function typeOf(topic: AuditTopic, id: number): Promise<Type | undefined> {
  const found = await topic.schema(id);
  if (found.ok) return found.value;
  if (found.failure.kind === 'undecodable') return undefined;
  throw new Error(found.failure.message);
}
