import {afterEach, beforeEach, describe, expect, test} from '@jest/globals';
import {mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {AuditRecord} from '../../core/audit.ts';
import type {Linked} from '../../core/audit/written.ts';
import {createLog, createRedactor} from '../../log.ts';
import {createAudit, searchAudit, type AuditStage} from './index.ts';
import {memoryHeads} from './testing/heads.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
  file = join(folder, 'audit.jsonl');
});
afterEach(() => rm(folder, {recursive: true}));

const record = (id: string): AuditRecord => ({id, at: 5, target: 't', subject: `u${id}`, outcome: 'applied'});
const open = (settings: {values: 'hashed' | 'plain'; hashKey?: string} = {values: 'hashed'}): AuditStage =>
  createAudit({
    settings: () => settings,
    ...{
      checkpoint: {records: 9, seconds: 3600},
      maxRecordBytes: 524_288,
      heads: memoryHeads(),
      host: 'here',
      file,
    },
  });

describe('values', () => {
  const written = {title: 'Engineer', emails: [{value: 'ada@wiki.example'}]};
  const valuesOf = async (settings: {values: 'hashed' | 'plain'; hashKey?: string}, subject = 'u1') => {
    await rm(file, {force: true});
    const audit = open(settings);
    await audit.append([{...record('1'), subject, attributes: Object.keys(written), written}]);
    await audit.close();
    return JSON.parse((await readFile(file, 'utf8')).split('\n')[1] ?? '') as Linked;
  };
  const hashKey = 'a key of thirty-two characters..';

  test('without a key names alone are written', async () => {
    const line = await valuesOf({values: 'hashed'});
    expect(line).toMatchObject({attributes: ['title', 'emails']});
    expect(JSON.stringify(line)).not.toMatch(/values|hashKey|written|Engineer|ada@/);
  });

  test('with a key their hashes, which tell whether a person had a value, and nothing else', async () => {
    const [one, again, other] = [
      await valuesOf({values: 'hashed', hashKey}),
      await valuesOf({values: 'hashed', hashKey}),
      await valuesOf({values: 'hashed', hashKey}, 'u2'),
    ];
    // By openssl, as docs/audit.md has it.
    expect(one.values?.['title']).toBe('54afaf2aaf6f2af678703a345b6c2d8f');
    expect(again.values).toEqual(one.values);
    expect(other.values?.['title']).not.toBe(one.values?.['title']);
    expect(JSON.stringify(one)).not.toMatch(/Engineer|ada@|thirty-two/);
    expect(one.hashKey).toMatch(/^[0-9a-f]{16}$/);
  });

  test('plain where the config says so', async () => {
    const line = await valuesOf({values: 'plain', hashKey});
    expect(line.values).toEqual({title: '"Engineer"', emails: '[{"value":"ada@wiki.example"}]'});
    expect(line.hashKey).toBeUndefined();
  });
});

describe('searching a file', () => {
  const found = async (filter: Parameters<typeof searchAudit>[1]): Promise<string[]> => {
    const {records} = await searchAudit({files: [file]}, filter);
    return records.map(({record: one}) => one.id);
  };

  test('by what is asked for; checkpoints are none of it, records of earlier versions are', async () => {
    await writeFile(file, `${JSON.stringify({...record('0'), at: 1})}\n`);
    const audit = open();
    await audit.append([
      {...record('1'), subject: 'ada \u2028'},
      {...record('2'), target: 'other', at: 9},
      {...record('3'), outcome: 'dead', at: 7},
    ]);
    await audit.act([
      {
        id: '4',
        at: 8,
        actor: {id: 'ada@desk', kind: 'human'},
        action: 'looked',
        subject: 'u4',
      },
    ]);
    await audit.close();
    expect(await found({})).toEqual(['0', '1', '3', '4', '2']);
    expect(await found({subject: 'ada \u2028'})).toEqual(['1']);
    expect(await found({target: 'other'})).toEqual(['2']);
    expect(await found({outcome: 'action'})).toEqual(['4']);
    expect(await found({sinceMs: 7, untilMs: 8})).toEqual(['3', '4']);
    expect(await found({limit: 2})).toEqual(['4', '2']);
  });

  test('no more is read than was allowed, and what was left out is said', async () => {
    const audit = open();
    const all = Array.from({length: 100}, (_, n) => ({...record(`${n}`), at: n + 1}));
    await audit.append(all);
    await audit.close();
    const {size} = await stat(file);
    const part = await searchAudit({files: [file]}, {bounds: {lastBytes: Math.ceil(size / 4)}, limit: 5});
    expect(part.records.map(({record: {id}}) => id)).toEqual(['95', '96', '97', '98', '99']);
    expect(part.total).toBeLessThan(30);
    expect(part.stopped).toMatch(/^of .*audit\.jsonl what stands before byte \d+ was not read\.$/);
    const [{place, record: first} = {place: {at: -1}, record: {id: ''}}] = part.records;
    const bytes = await readFile(file);
    expect(bytes.subarray(place.at, bytes.indexOf(0x0a, place.at)).toString()).toContain(
      `"id":"${first.id}"`,
    );
    const whole = await searchAudit({files: [file]}, {bounds: {lastBytes: size, ms: 60_000}});
    expect([whole.total, whole.stopped]).toEqual([100, undefined]);
    const late = await searchAudit({files: [file]}, {bounds: {ms: 0}});
    expect([late.total, late.stopped]).toEqual([
      0,
      expect.stringMatching(/^stopped after 0 s: what stands behind/),
    ]);
    const ended = await searchAudit({files: [file]}, {bounds: {signal: AbortSignal.abort()}});
    expect(ended.stopped).toMatch(/^stopped: /);
  });
});

test.each(['debug', 'info', 'warn', 'error'] as const)(
  'in a log of level %s each record is a field of a line',
  async (level) => {
    const lines: string[] = [];
    const destination = {write: (line: string): void => void lines.push(line)};
    const log = createLog({level, redactor: createRedactor(), destination});
    const audit = createAudit({log, settings: () => ({values: 'hashed'})});
    await audit.append([{...record('1'), attributes: ['title'], written: {title: 'Engineer'}}]);
    await audit.act([{id: '2', at: 1, actor: {id: 'ada@desk', kind: 'human'}, action: 'looked'}]);
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      {level: 'info', audit: {...record('1'), attributes: ['title']}, msg: 'Decided'},
      {level: 'info', audit: {action: 'looked'}, msg: 'Done by a person'},
    ]);
    expect(lines.join('')).not.toContain('Engineer');
  },
);
