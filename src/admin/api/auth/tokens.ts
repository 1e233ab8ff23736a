import {timingSafeEqual} from 'node:crypto';
import {hashToken, type TokenEntry} from '../../../core/token-lines.ts';
import type {Principal} from './principal.ts';

/** Whose token it is. All entries are compared, each in constant time: how long it takes says nothing. */
export function findToken(entries: readonly TokenEntry[], token: string): Principal | undefined {
  const hash = hashToken(token);
  let found: Principal | undefined;
  for (const {name, role, sha256} of entries) {
    if (timingSafeEqual(hash, sha256)) found ??= {name, role, via: 'token'};
  }
  return found;
}
