import {afterEach, beforeEach, describe, expect, test} from '@jest/globals';
import {appendFile, open as openFile, writeFile} from 'node:fs/promises';
import type {AuditRecord} from '../../core/audit.ts';
import {canonical, hashOf, link} from '../../core/audit/chain.ts';
import {createFileSink} from './file.ts';
import {createAudit, verifyAudit} from './index.ts';
import {makeAuditFile, record, type AuditFile} from './testing/file.ts';
import {memoryHeads} from './testing/heads.ts';

let at: AuditFile;
beforeEach(async () => {
  at = await makeAuditFile();
});
afterEach(() => at.remove());

describe('a record that is too long', () => {
  const ids = Array.from({length: 5000}, (_, n) => `member-${n}`);
  const long: AuditRecord = {
    ...record('long'),
    members: {added: ids, removed: []},
    did: 'members changed',
  };

  test('is written shortened, with a mark, and holds up nothing', async () => {
    const audit = at.open(1000, 20_000);
    await audit.append([record('1'), long, record('2')]);
    await audit.append([{...record('3'), reason: 'x'.repeat(100_000)}]);
    await audit.append([{...record('4'), subject: 'é'.repeat(50_000), id: 'y'.repeat(50_000)}]);
    await audit.close();
    const lines = await at.lines();
    expect(lines.every((line) => Buffer.byteLength(JSON.stringify(line)) <= 20_000)).toBe(true);
    expect(lines.find(({id}) => id === 'long')).toMatchObject({
      ...{did: 'members changed', members: {added: ids.slice(0, 100), removed: []}},
      shortened: {bytes: expect.any(Number), hash: hashOf(canonical(long)), fields: ['members']},
    });
    expect(lines.filter(({shortened}) => shortened).map(({shortened}) => shortened?.fields)).toEqual([
      ['members'],
      ['reason'],
      ['id', 'subject'],
    ]);
    expect(await at.ids()).toContain('2');
    expect(await at.verified()).toMatchObject({findings: [], chains: [{records: 7, isClosed: true}]});
  });

  test('heads of very many chains are named a part at a time', async () => {
    for (let n = 0; n < 40; n += 1)
      await at.heads.keep({writer: `dead-${n}`, sequence: 1, hash: 'h', at: n, file: `here:${at.file}`});
    for (const named of [19, 19]) {
      const audit = at.open(1000, 20_000);
      await audit.append([record('1')]);
      await audit.close();
      const opened = (await at.lines()).findLast(({checkpoint}) => checkpoint?.state === 'opened');
      expect(opened?.checkpoint?.heads).toHaveLength(named);
    }
    expect((await at.heads.read()).filter(({writer}) => writer.startsWith('dead')).length).toBeLessThan(5);
  });
});

test('what is written is on the disk before anything follows from it, and so is the name of a new file', async () => {
  const did: string[] = [];
  const noting: typeof openFile = async (path, ...more) => {
    const handle = await openFile(path, ...more);
    const note = (what: 'write' | 'datasync' | 'sync') => {
      const own = handle[what].bind(handle) as (...given: unknown[]) => Promise<unknown>;
      Object.assign(handle, {
        [what]: async (...given: unknown[]) => {
          const done = await own(...given);
          did.push(`${what} ${String(path) === at.file ? 'file' : 'folder'}`);
          return done;
        },
      });
    };
    for (const what of ['write', 'datasync', 'sync'] as const) note(what);
    return handle;
  };
  const sink = createFileSink(at.file, noting);
  const chained = link({id: '1', at: 1}, {writer: 'w', sequence: 0, previous: 'p'});
  await sink.write([chained]);
  did.push('told');
  await sink.write([chained]);
  did.push('told');
  await sink.close();
  expect(did).toEqual([
    'sync folder',
    'write file',
    'datasync file',
    'told',
    'write file',
    'datasync file',
    'told',
  ]);
});

describe('what nothing vouches for', () => {
  test('lines of the layout without chains are found, wherever they stand, also where their time is none', async () => {
    const old = (at: unknown) => JSON.stringify({...record('old'), at});
    await writeFile(at.file, `${old(1)}\n${old(2)}\n`);
    const audit = at.open();
    await audit.append([record('1')]);
    await audit.close();
    await appendFile(at.file, `${old('never')}\n`);
    expect(await at.verified()).toMatchObject({
      unchained: 3,
      findings: [
        {is: 'unchained', place: {at: 1}, at: 2, detail: expect.stringContaining('2 of the layout')},
        {is: 'unchained', place: {at: 6}, at: Infinity},
      ],
    });
  });

  test('a writer that signs nothing is told as such', async () => {
    const unsigned = createAudit({
      settings: () => ({values: 'hashed'}),
      ...{
        checkpoint: {records: 9, seconds: 3600},
        maxRecordBytes: 524_288,
        heads: memoryHeads(),
        host: 'here',
        file: at.file,
      },
    });
    for (const audit of [at.open(), unsigned]) {
      await audit.append([record('1')]);
      await audit.close();
    }
    const found = await verifyAudit({files: [at.file]}, {});
    expect(found.chains).toMatchObject([{isSigned: true}, {isSigned: false}]);
  });
});
