import {generateKeyPairSync, sign, verify} from 'node:crypto';
import {link, nothingBefore, readLine, signedText} from '../chain.ts';
import type {NamedHead, Verified} from '../finding.ts';
import {Verification} from '../verify.ts';
import type {Checkpoint, Head, Linked, WrittenRecord} from '../written.ts';

const {privateKey, publicKey} = generateKeyPairSync('ed25519');
const every = 4;
const file = 'host:/audit.jsonl';

/** The lines of one writer: opened, so many decisions with a checkpoint after four, closed unless it crashed. */
export function linesOf(
  writer: string,
  count: number,
  {heads = [], crashed = false}: {heads?: readonly Head[]; crashed?: boolean} = {},
): {lines: string[]; head: Head} {
  const lines: string[] = [];
  let last: Pick<Linked, 'sequence' | 'hash'> = {sequence: -1, hash: nothingBefore};
  const add = (record: WrittenRecord): void => {
    const {linked, line} = link(record, {writer, sequence: last.sequence + 1, previous: last.hash});
    lines.push(line);
    last = linked;
  };
  const check = (state: Checkpoint['state'], more: Partial<Checkpoint> = {}): void => {
    const checkpoint = {state, every, file, key: 'k', ...more};
    const place = {writer, sequence: last.sequence + 1, previous: last.hash};
    const record = {id: `${writer}/${state}`, at: lines.length, checkpoint};
    const signature = sign(null, Buffer.from(signedText({...record, ...place})), privateKey);
    add({...record, checkpoint: {...checkpoint, signature: signature.toString('base64')}});
  };
  check('opened', {heads});
  for (let n = 1; n <= count; n += 1) {
    add({id: `t/e/0/${n}/applied`, at: lines.length, target: 't', subject: `u${n % 3}`, outcome: 'applied'});
    if (n % every === 0) check('running');
  }
  if (!crashed) check('closed');
  return {lines, head: {writer, ...last, at: lines.length, file}};
}

/** A signature takes long to check, and the same ones come again in every test. */
const checked = new Map<string, 'good' | 'wrong'>();

/** Whether a checkpoint is signed by the writers of these tests. */
export function signatureOf(record: Linked): 'good' | 'wrong' | 'none' {
  const {signature} = record.checkpoint ?? {};
  if (signature === undefined) return 'none';
  const text = signedText(record);
  const known = checked.get(text + signature);
  if (known) return known;
  const isGood = verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64'));
  checked.set(text + signature, isGood ? 'good' : 'wrong');
  return isGood ? 'good' : 'wrong';
}

/** Checks lines as those of one file. */
export function verifyLines(lines: readonly string[], heads: readonly NamedHead[] = []): Verified {
  const verification = new Verification({signature: signatureOf, isSequential: true});
  for (const [index, line] of lines.entries()) {
    const place = {lane: 'audit.jsonl', at: index + 1};
    const read = readLine(line);
    if (read.is === 'unchained') verification.takeUnchained(place, read.record.at);
    else if (read.is === 'nothing') verification.takeBad(place, undefined, read.isTorn);
    else if (read.isWhole) verification.take(read.record, place);
    else verification.takeBad(place, read.record);
  }
  return verification.end(heads);
}
