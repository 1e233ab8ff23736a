import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {readPast} from './history.ts';

const all = {targets: [], since: 0, limit: 10};
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'avro-scim-history-'));
});
afterAll(() => rm(folder, {recursive: true}));

test('before the first record is written the past says so, in words', async () => {
  const file = join(folder, 'audit.jsonl');
  const note = `its past is not known: no record was written to ${file} on this machine yet`;
  expect(await readPast({files: [file]}, all)).toEqual({records: [], older: 0, note});
});

test('a file that can not be read is named with the reason', async () => {
  const past = await readPast({files: [folder]}, all);
  expect(past.note).toMatch(/^its past is not known: EISDIR/);
});
