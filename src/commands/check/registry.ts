import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import type {Schema} from 'avsc';
import type {Config} from '../../config/schema.ts';
import {createDecoder, createRegistry} from '../../stages/decode/index.ts';
import {unreachable, verdict, within, type Verdict} from './verdict.ts';

/** The registry answers and lets us in. */
export const checkRegistry = async (
  settings: Config['registry'],
  deadlineMs: number,
  signal: AbortSignal,
): Promise<Verdict[]> => {
  const registry = createRegistry(settings);
  try {
    const answered = await within(registry.check(), deadlineMs, signal);
    if (answered.ok) return [verdict('registry', 'ok', `${new URL(settings.url).host} answers`)];
    const {kind, message} = answered.failure;
    return [verdict('registry', kind === 'unauthorized' ? 'wrong' : 'unreachable', message)];
  } catch (error) {
    return [unreachable('registry', error)];
  } finally {
    registry.close();
  }
};

/** Whether events can say who came and went in a group: only a reader schema of one's own may leave that out. */
export const takesDeltas = async (file: string | undefined): Promise<boolean> => {
  if (file === undefined) return true;
  try {
    const {fields} = JSON.parse(await readFile(resolve(file), 'utf8')) as {fields?: {name: string}[]};
    return fields?.some(({name}) => name === 'membership') ?? true;
  } catch {
    // What is wrong with it is told by the check of the schema itself.
    return true;
  }
};

/** A reader schema of one's own is there and is a schema. */
export const checkReaderSchema = async (file: string | undefined): Promise<Verdict[]> => {
  if (file === undefined) return [verdict('schema', 'ok', 'the program’s own reader schema')];
  try {
    const readerSchema = JSON.parse(await readFile(resolve(file), 'utf8')) as Schema;
    const registry = {schema: () => Promise.reject(new Error('a check decodes nothing'))};
    createDecoder({registry, readerSchema, maxBytes: 1});
    return [verdict('schema', 'ok', `${file} is an Avro schema`)];
  } catch (error) {
    return [verdict('schema', 'wrong', `${file}: ${error instanceof Error ? error.message : String(error)}`)];
  }
};
