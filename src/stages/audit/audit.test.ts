import {afterEach, beforeEach, describe, expect, test} from '@jest/globals';
import {generateKeyPairSync} from 'node:crypto';
import {mkdir, rename, rm, stat, truncate} from 'node:fs/promises';
import {join} from 'node:path';
import type {Head} from '../../core/audit/written.ts';
import {createAudit, createSignatureCheck, verifyAudit} from './index.ts';
import {makeAuditFile, record, signature, signingKey, type AuditFile} from './testing/file.ts';
import {memoryHeads} from './testing/heads.ts';

let at: AuditFile;
beforeEach(async () => {
  at = await makeAuditFile();
});
afterEach(() => at.remove());

describe('an audit file', () => {
  test('batches stand in the order they were given, also after it was opened again', async () => {
    const audit = at.open();
    await Promise.all([
      audit.append([record('1'), record('2')]),
      audit.append([record('3')]),
      audit.append([]),
    ]);
    await audit.close();
    const again = at.open();
    await again.append([record('4')]);
    await again.close();
    expect(await at.ids()).toEqual(['1', '2', '3', '4']);
    expect(await at.verified()).toMatchObject({
      findings: [],
      chains: [
        {records: 5, isClosed: true, unsigned: 0},
        {records: 3, isClosed: true, unsigned: 0},
      ],
    });
  });

  test('a line that a crash tore spoils no other', async () => {
    const crashed = at.open();
    await crashed.append([record('1'), record('2')]);
    await truncate(at.file, (await stat(at.file)).size - 20);
    const audit = at.open();
    await audit.append([record('3')]);
    await audit.close();
    expect(await at.ids()).toEqual(['1', '3']);
    expect(await at.verified()).toMatchObject({
      findings: [],
      torn: [{at: 3}],
      chains: [{isClosed: false}, {}],
    });
  });

  test('where it can not be written the batch is refused: nothing may be settled', async () => {
    at.file = join(at.folder, 'not-there', 'audit.jsonl');
    const audit = at.open();
    await expect(audit.append([record('1')])).rejects.toThrow('ENOENT');
    await audit.close();
  });

  test('what was refused and comes again keeps its place; what another batch took along is not written twice', async () => {
    at.file = join(at.folder, 'later', 'audit.jsonl');
    const audit = at.open();
    const [one, two] = [record('1'), record('2')];
    const both = await Promise.allSettled([audit.append([one]), audit.append([two])]);
    expect(both.map(({status}) => status)).toEqual(['rejected', 'rejected']);
    await mkdir(join(at.folder, 'later'));
    await audit.append([two]);
    await audit.append([one]);
    await audit.close();
    expect(await at.ids()).toEqual(['1', '2']);
    expect(await at.verified()).toMatchObject({findings: [], duplicates: 0});
  });

  test('two that write at once each have a chain, whose lines stand whole', async () => {
    const both = [at.open(), at.open()];
    const big = 'x'.repeat(3000);
    await Promise.all(
      both.flatMap((audit, which) =>
        Array.from({length: 40}, (_, batch) =>
          audit.append(
            Array.from({length: 10}, (__, n) => ({...record(`${which}-${batch}-${n}`), reason: big})),
          ),
        ),
      ),
    );
    await Promise.all(both.map((audit) => audit.close()));
    expect(await at.verified()).toMatchObject({
      findings: [],
      torn: [],
      chains: [{records: 402}, {records: 402}],
    });
  });

  test('when it was moved away the next one goes on, and both together are whole', async () => {
    const audit = at.open();
    await audit.append([record('1')]);
    await rename(at.file, `${at.file}.1`);
    const before = Date.now;
    Date.now = () => before() + 5000;
    await audit.append([record('2')]).finally(() => (Date.now = before));
    await audit.close();
    expect(await at.ids()).toEqual(['2']);
    const {findings, chains} = await verifyAudit({files: [`${at.file}.1`, at.file]}, {signature});
    expect({findings, chains}).toMatchObject({findings: [], chains: [{records: 4, isClosed: true}]});
  });
});

describe('checkpoints', () => {
  test('stand after so many records, and name the last of the chains before', async () => {
    const crashed = at.open(2);
    await crashed.append(['1', '2', '3', '4', '5'].map(record));
    const next = at.open(2);
    await next.append([record('6')]);
    await next.close();
    const lines = await at.lines();
    expect(lines.map(({checkpoint, id}) => checkpoint?.state ?? id)).toEqual([
      ...['opened', '1', '2', 'running', '3', '4', 'running', '5'],
      ...['opened', '6', 'closed'],
    ]);
    const named = lines[8]?.checkpoint?.heads;
    expect(named).toMatchObject([{writer: lines[0]?.writer, sequence: 6, hash: lines[6]?.hash}]);
    expect(await at.heads.read()).toMatchObject([{writer: lines[8]?.writer, sequence: 2}]);
    await expect(at.verified()).resolves.toMatchObject({
      findings: [],
      chains: [{unsigned: 1}, {unsigned: 0}],
    });
  });

  test('a changed key signs from then on; one that was not given is told', async () => {
    let pem = signingKey;
    const other = generateKeyPairSync('ed25519').privateKey.export({type: 'pkcs8', format: 'pem'});
    const audit = createAudit({
      settings: () => ({values: 'hashed', signingKey: pem}),
      ...{
        checkpoint: {records: 1, seconds: 3600},
        maxRecordBytes: 524_288,
        heads: at.heads,
        host: 'here',
        file: at.file,
      },
    });
    await audit.append([record('1')]);
    pem = other;
    await audit.append([record('2')]);
    await audit.close();
    const both = createSignatureCheck([signingKey, other]);
    expect(await verifyAudit({files: [at.file]}, {signature: both})).toMatchObject({findings: []});
    expect((await at.verified()).findings).toMatchObject([
      {is: 'not signed', sequence: 4},
      {is: 'not signed', sequence: 5},
    ]);
  });

  test('a file made anew by who has not the key is found', async () => {
    const audit = at.open();
    await audit.append([record('1')]);
    await audit.close();
    await rm(at.file);
    const forged = createAudit({
      settings: () => ({values: 'hashed'}),
      ...{
        checkpoint: {records: 9, seconds: 3600},
        maxRecordBytes: 524_288,
        heads: memoryHeads(),
        host: 'here',
        file: at.file,
      },
    });
    await forged.append([record('1')]);
    await forged.close();
    const known: Head[] = await at.heads.read();
    const {findings} = await verifyAudit(
      {files: [at.file]},
      {signature, heads: known.map((head) => ({...head, by: 'Redis'}))},
    );
    expect(findings.map(({is}) => is)).toEqual(['not signed', 'not signed', 'cut off']);
  });
});
