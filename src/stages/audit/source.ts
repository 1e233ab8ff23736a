import {createReadStream} from 'node:fs';
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

/** The audit's topic as it is read: up to where it ends when the reading begins. */
export interface AuditTopic {
  name: string;
  /** With `subject` the one partition that its records are in; with `sinceMs` not what is older. */
  read(which: {subject?: string | undefined; sinceMs?: number | undefined}): AsyncIterable<TopicMessage>;
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

/** The lines of files that have the text in them, all when there is none. Rejects when one can not be read. */
export async function* readFiles(files: readonly string[], text = ''): AsyncGenerator<ReadAt> {
  for (const file of files) {
    let at = 0;
    for await (const line of linesOf(file)) {
      at += 1;
      if (line !== '' && line.includes(text)) yield {place: {lane: file, at}, ...readLine(line)};
    }
  }
}

/** By line feeds alone: a text within a line may have other ends of lines in it. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
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
