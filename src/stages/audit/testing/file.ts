import {generateKeyPairSync} from 'node:crypto';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {AuditRecord} from '../../../core/audit.ts';
import type {Linked} from '../../../core/audit/written.ts';
import {createAudit, createSignatureCheck, verifyAudit, type AuditStage} from '../index.ts';
import {memoryHeads} from './heads.ts';

export const signingKey = generateKeyPairSync('ed25519').privateKey.export({type: 'pkcs8', format: 'pem'});
export const signature = createSignatureCheck([signingKey]);

/** A decision about the subject of this name. */
export const record = (id: string): AuditRecord => ({
  ...{id, at: 5, target: 't', subject: `u${id}`, outcome: 'applied'},
});

/** An audit file in a folder of its own, signed. */
export interface AuditFile {
  folder: string;
  file: string;
  heads: ReturnType<typeof memoryHeads>;
  /** A process's audit over it. `records`: between two checkpoints. */
  open(records?: number, maxRecordBytes?: number): AuditStage;
  lines(): Promise<Linked[]>;
  /** Of what is no checkpoint, in the order of the lines. */
  ids(): Promise<string[]>;
  verified(): ReturnType<typeof verifyAudit>;
  remove(): Promise<void>;
}

/** Nothing is written yet. `file` may be set: what is opened, read and verified after that is another. */
export async function makeAuditFile(): Promise<AuditFile> {
  const folder = await mkdtemp(join(tmpdir(), 'audit-'));
  const made: AuditFile = {
    folder,
    file: join(folder, 'audit.jsonl'),
    heads: memoryHeads(),
    open: (records = 1000, maxRecordBytes = 524_288) =>
      createAudit({
        settings: () => ({values: 'hashed', signingKey}),
        checkpoint: {records, seconds: 3600},
        ...{maxRecordBytes, heads: made.heads, host: 'here', file: made.file},
      }),
    lines: async () =>
      (await readFile(made.file, 'utf8'))
        .split('\n')
        .filter((line) => line.endsWith('}'))
        .map((line) => JSON.parse(line) as Linked),
    ids: async () => (await made.lines()).filter(({checkpoint}) => !checkpoint).map(({id}) => id),
    verified: () => verifyAudit({files: [made.file]}, {signature, names: [`here:${made.file}`]}),
    remove: () => rm(folder, {recursive: true}),
  };
  return made;
}
