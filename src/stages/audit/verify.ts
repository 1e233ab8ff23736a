import type {NamedHead, SignatureCheck, Verified} from '../../core/audit/finding.ts';
import {Verification} from '../../core/audit/verify.ts';
import {readFiles, readMessages, type AuditSource, type ReadAt} from './source.ts';
import {keyOf} from './topic.ts';

export interface VerifySettings {
  /** Absent: signatures are not checked. */
  signature?: SignatureCheck | undefined;
  /** What is known from elsewhere of how far the chains reach. */
  heads?: readonly NamedHead[];
  /** As writers name the files that are read: `host:path`. */
  names?: readonly string[];
}

/** Checks everything that is there. Rejects when it can not be read. */
export async function verifyAudit(
  source: AuditSource,
  {signature, heads = [], names = []}: VerifySettings,
): Promise<Verified> {
  const isSequential = 'files' in source;
  const verification = new Verification({
    isSequential,
    names: isSequential ? names : [source.topic.name],
    ...(signature ? {signature} : {}),
  });
  const all = isSequential ? readFiles(source.files) : readMessages(source.topic, {});
  for await (const read of all) take(verification, read);
  return verification.end(heads);
}

function take(verification: Verification, read: ReadAt): void {
  const {place} = read;
  switch (read.is) {
    case 'unchained':
      verification.takeUnchained(place, read.record.at);
      return;
    case 'nothing':
      verification.takeBad(place, undefined, read.isTorn);
      return;
    case 'record': {
      const {record, isWhole, key} = read;
      if (!isWhole) {
        verification.takeBad(place, record);
        return;
      }
      verification.take(record, place);
      const expected = keyOf(record);
      if (key !== undefined && key !== expected)
        verification.misplaced(record, place, `its key is ${key ?? 'null'}, expected ${expected}`);
      return;
    }
    default:
      read satisfies never;
  }
}
