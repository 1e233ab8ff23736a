import {afterEach, beforeEach, describe, expect, test} from '@jest/globals';
import {appendFile, mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {AuditRecord} from '../../core/audit.ts';
import {createAudit} from './index.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
  file = join(folder, 'audit.jsonl');
});
afterEach(() => rm(folder, {recursive: true}));

const record = (id: string): AuditRecord => ({id, at: 5, target: 't', subject: 'u', outcome: 'applied'});
const ids = async (): Promise<string[]> =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('{"id"') && line.endsWith('}'))
    .map((line) => (JSON.parse(line) as AuditRecord).id);

describe('an audit file', () => {
  test('batches stand in the order they were given, also after it was opened again', async () => {
    const audit = createAudit({file});
    await Promise.all([
      audit.append([record('1'), record('2')]),
      audit.append([record('3')]),
      audit.append([]),
    ]);
    await audit.close();
    const again = createAudit({file});
    await again.append([record('4')]);
    await again.close();
    expect(await ids()).toEqual(['1', '2', '3', '4']);
  });

  test('a line that a crash tore spoils no other', async () => {
    await appendFile(file, `${JSON.stringify(record('1'))}\n{"id":"2","at`);
    const audit = createAudit({file});
    await audit.append([record('3')]);
    await audit.close();
    expect(await ids()).toEqual(['1', '3']);
  });

  test('where it can not be written the batch is refused: nothing may be settled', async () => {
    file = join(folder, 'not-there', 'audit.jsonl');
    const audit = createAudit({file});
    await expect(audit.append([record('1')])).rejects.toThrow('ENOENT');
    await audit.close();
  });

  test('in the log each record is a field', async () => {
    const lines: {fields: object; message: string}[] = [];
    const write = (fields: object, message: string): void => void lines.push({fields, message});
    await createAudit({log: {debug: write, info: write, warn: write, error: write}}).append([record('1')]);
    expect(lines).toEqual([{fields: {audit: record('1')}, message: 'Decided'}]);
  });
});
