import {createHash} from 'node:crypto';
import {roles, type Role} from './role.ts';

/** One bearer token that may sign in: only its SHA-256 is kept. */
export interface TokenEntry {
  name: string;
  role: Role;
  /** 32 bytes. */
  sha256: Buffer;
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const hashPattern = /^sha256:([0-9a-f]{64})$/i;

/** Whether a token may go by this name; it stands in the audit for whoever holds the token. */
export const isTokenName = (name: string): boolean => namePattern.test(name);

/** SHA-256 of a token's characters. A token is random and long, so that no slow hash is needed. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The line of one token: `name role sha256:<hex>`. */
export const tokenLine = ({name, role, sha256}: TokenEntry): string =>
  `${name} ${role} sha256:${sha256.toString('hex')}`;

/** Reads the lines of all tokens; empty lines and those that begin with # are none. `wrongLine` counts from 1. */
export function readTokenLines(text: string): {entries: TokenEntry[]; wrongLine?: number} {
  const entries: TokenEntry[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const entry = readLine(line.trim());
    if (entry === undefined) return {entries: [], wrongLine: index + 1};
    entries.push(entry);
  }
  return {entries};
}

function readLine(line: string): TokenEntry | undefined {
  const [name = '', word = '', hash = '', ...rest] = line.split(/\s+/);
  const role = roles.find((one) => one === word);
  const hex = hashPattern.exec(hash)?.[1];
  if (!isTokenName(name) || role === undefined || hex === undefined || rest.length > 0) return undefined;
  return {name, role, sha256: Buffer.from(hex, 'hex')};
}
