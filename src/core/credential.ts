import {ok, type Result} from './failure.ts';
import type {CallOptions} from './port.ts';

/** Where the `authorization` header of a request comes from. */
export interface Authorizer {
  /** The header to send, by the config as it is now. */
  header(options: CallOptions): Promise<Result<string>>;
  /** The target refused this header: another is given where there is one. */
  refuse(header: string): void;
}

/**
 * Sends with the credential of now. A token may end, and a secret may be rotated, in the middle of work: after a 401 it is
 * sent once more with another, if there is one.
 */
export async function sendAuthorized<T>(
  authorizer: Authorizer,
  options: CallOptions,
  send: (header: string) => Promise<Result<T>>,
): Promise<Result<T>> {
  const first = await authorizer.header(options);
  if (!first.ok) return first;
  const answered = await send(first.value);
  if (answered.ok || answered.failure.status !== 401) return answered;
  authorizer.refuse(first.value);
  const second = await authorizer.header(options);
  if (!second.ok) return second;
  if (second.value === first.value) return answered;
  const again = await send(second.value);
  if (!again.ok && again.failure.status === 401) authorizer.refuse(second.value);
  return again;
}

/** An access token as a token endpoint gave it. */
export interface AccessToken {
  header: string;
  lifeMs: number;
}

/** A token is fetched again when a tenth of its life, at most a minute, is left. */
const refreshAheadMs = 60_000;

export interface TokenKeeper {
  /** The header of the token; fetched once for all who wait. `madeFrom` says by which config: by another it is fetched anew. */
  header(madeFrom: string, fetch: () => Promise<Result<AccessToken>>): Promise<Result<string>>;
  /** A token with this header is not used again. */
  refuse(header: string): void;
}

/** Keeps one access token (RFC 6749 section 4.4) as long as it is good. `now` is in ms since the epoch. */
export function createTokenKeeper(now: () => number): TokenKeeper {
  let token: {madeFrom: string; header: string; refreshAt: number} | undefined;
  let pending: {madeFrom: string; result: Promise<Result<string>>} | undefined;

  async function renew(madeFrom: string, fetch: () => Promise<Result<AccessToken>>): Promise<Result<string>> {
    const fetched = await fetch();
    if (!fetched.ok) return fetched;
    const {header, lifeMs} = fetched.value;
    token = {madeFrom, header, refreshAt: now() + lifeMs - Math.min(lifeMs / 10, refreshAheadMs)};
    return ok(header);
  }

  return {
    async header(madeFrom, fetch) {
      if (token?.madeFrom === madeFrom && now() < token.refreshAt) return ok(token.header);
      if (pending?.madeFrom !== madeFrom) {
        const result = renew(madeFrom, fetch).finally(() => {
          if (pending?.result === result) pending = undefined;
        });
        pending = {madeFrom, result};
      }
      return pending.result;
    },
    refuse(header) {
      if (token?.header === header) token = undefined;
    },
  };
}
