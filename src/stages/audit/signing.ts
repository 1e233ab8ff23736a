import {createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject} from 'node:crypto';
import {signedText} from '../../core/audit/chain.ts';
import type {SignatureCheck} from '../../core/audit/finding.ts';

/** Signs checkpoints with one key. */
export interface Signer {
  /** Names the key in what it signs. */
  key: string;
  /** Ed25519 (RFC 8032), base64. */
  sign(text: string): string;
}

/** The name of a key: the beginning of the SHA-256 of its public half (SPKI, DER). */
const nameOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({type: 'spki', format: 'der'}))
    .digest('hex')
    .slice(0, 16);

/** Throws for a text that is not an Ed25519 private key in PEM, which the config's check would have refused. */
export function createSigner(pem: string): Signer {
  const key = createPrivateKey(pem);
  return {
    key: nameOf(createPublicKey(key)),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
  };
}

/** Checks signatures by public keys in PEM (a private one has its public half in it). Throws for a text that is no key. */
export function createSignatureCheck(pems: readonly string[]): SignatureCheck {
  const keys = new Map(
    pems.map((pem) => {
      const key = createPublicKey(pem);
      if (key.asymmetricKeyType !== 'ed25519')
        throw new Error(`expected an Ed25519 key, found ${key.asymmetricKeyType ?? 'another'}`);
      return [nameOf(key), key];
    }),
  );
  return (record) => {
    const {key: name, signature} = record.checkpoint ?? {};
    if (signature === undefined || name === undefined) return 'none';
    const key = keys.get(name);
    if (key === undefined) return 'unknown key';
    const isGood = verify(null, Buffer.from(signedText(record)), key, Buffer.from(signature, 'base64'));
    return isGood ? 'good' : 'wrong';
  };
}
