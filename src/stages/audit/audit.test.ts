import {afterEach, beforeEach, describe, expect, test} from '@jest/globals';
import {appendFile, mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {AuditRecord} from '../../core/audit.ts';
import {createLog, createRedactor} from '../../log.ts';
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

  test.each(['debug', 'info', 'warn', 'error'] as const)(
    'in a log of level %s each record is a field of a line',
    async (level) => {
      const lines: string[] = [];
      const destination = {write: (line: string): void => void lines.push(line)};
      const log = createLog({level, redactor: createRedactor(), destination});
      await createAudit({log}).append([record('1')]);
      expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
        {level: 'info', audit: record('1'), msg: 'Decided'},
      ]);
    },
  );
});
