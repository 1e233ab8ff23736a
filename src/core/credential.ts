import {ok, type Failure, type Result} from './failure.ts';
import type {CallOptions} from './port.ts';

/** Where the `authorization` header of a request comes from. */
export interface Authorizer {
  /** The header to send, by the config as it is now. */
  header(options: CallOptions): Promise<Result<string>>;
  /** The target refused this header: another is given where there is one. */
  refuse(header: string): void;
}

const isUnauthorized = (answered: Result<unknown>): boolean =>
  !answered.ok && answered.failure.status === 401;

/**
 * Sends with the credential of now. A token may end, and a secret may be rotated, in the middle of work: when it is refused,
 * by a 401 unless the vendor has other ways to say so, it is sent once more with another, if there is one.
 */
export async function sendAuthorized<T>(
  authorizer: Authorizer,
  options: CallOptions,
  send: (header: string) => Promise<Result<T>>,
  isRefused: (answered: Result<T>) => boolean = isUnauthorized,
): Promise<Result<T>> {
  const first = await authorizer.header(options);
  if (!first.ok) return first;
  const answered = await send(first.value);
  if (!isRefused(answered)) return answered;
  authorizer.refuse(first.value);
  const second = await authorizer.header(options);
  if (!second.ok) return second;
  if (second.value === first.value) return answered;
  const again = await send(second.value);
  if (isRefused(again)) authorizer.refuse(second.value);
  return again;
}

/** One secret, or two while it is rotated. */
export type Secrets = string | readonly string[] | undefined;

export const secretsOf = (given: Secrets): readonly string[] =>
  typeof given === 'string' ? [given] : (given ?? []);

export interface Turns {
  /** The header of the first of these tokens that was not refused; when all were, all of them count again. */
  header: (given: Secrets) => string;
  refuse: (header: string) => void;
}

/** Tokens that stand in the config, in turn. */
export function createTurns(scheme: 'Bearer' | 'Basic' | 'SSWS'): Turns {
  const refused = new Set<string>();
  return {
    header(given) {
      const headers = secretsOf(given).map((token) => `${scheme} ${token.trim()}`);
      const fit = headers.find((header) => !refused.has(header));
      if (fit === undefined) refused.clear();
      return fit ?? headers[0] ?? '';
    },
    refuse: (header) => void refused.add(header),
  };
}

/** What the key at the first place of a list gets, or else the one at the second, where the first is refused. */
export async function withEitherKey<T>(
  keys: Secrets,
  fetch: (place: number) => Promise<Result<T>>,
): Promise<Result<T>> {
  const first = await fetch(0);
  const isRefused = !first.ok && first.failure.kind === 'unauthorized';
  return isRefused && secretsOf(keys).length > 1 ? fetch(1) : first;
}

/**
 * Why there is no token, as the failure of the change that needs one: not with the exchange, which is made of credentials,
 * nor with `maybeDone`, as no change hangs on a token. It is not the change's fault: what can not be read, a page for
 * people, is asked again. `from` begins the message, `step` the cause.
 */
export const noToken = (
  {kind, message, cause, status, retryAfterMs}: Failure,
  from: string,
  step = 'token',
): Failure => ({
  kind: kind === 'rejected' ? 'transient' : kind,
  message: `${from}: ${message}`,
  cause: `${step} ${cause}`,
  ...(status === undefined ? {} : {status}),
  ...(retryAfterMs === undefined ? {} : {retryAfterMs}),
});

/** An access token as a token endpoint gave it. */
export interface AccessToken {
  header: string;
  lifeMs: number;
}

/** A token is fetched again when a tenth of its life, at most this, is left. */
const refreshAheadMs = 60_000;

export interface TokenKeeper {
  /** The header of the token; fetched once for all who wait. `madeFrom` says by which config: by another it is fetched anew. */
  header(madeFrom: string, fetch: () => Promise<Result<AccessToken>>): Promise<Result<string>>;
  /** A token with this header is not used again. */
  refuse(header: string): void;
}

/** Keeps one access token (RFC 6749 section 4.4) as long as it is good. `now` is in ms since the epoch. */
export function createTokenKeeper(now: () => number, aheadMs = refreshAheadMs): TokenKeeper {
  let token: {madeFrom: string; header: string; refreshAt: number} | undefined;
  let pending: {madeFrom: string; result: Promise<Result<string>>} | undefined;

  async function renew(madeFrom: string, fetch: () => Promise<Result<AccessToken>>): Promise<Result<string>> {
    const fetched = await fetch();
    if (!fetched.ok) return fetched;
    const {header, lifeMs} = fetched.value;
    token = {madeFrom, header, refreshAt: now() + lifeMs - Math.min(lifeMs / 10, aheadMs)};
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

/** What the config says that a request is sent with: tokens of its own, or what is fetched with a key or a secret. */
export type CredentialSource =
  | {tokens: Secrets; turns: Turns}
  | {
      /** All that the token depends on: by another config it is fetched anew. */
      madeFrom: unknown;
      /** The secrets that it can be fetched with; the second is for where the first is refused. */
      keys: Secrets;
      fetch: (place: number, options: CallOptions) => Promise<Result<AccessToken>>;
    };

/** Tokens in turn, or an access token that is fetched once for all who wait for it: by the config as it is at each use. */
export function authorizerOf(
  kept: TokenKeeper,
  sourceNow: () => Result<CredentialSource>,
  onFetched: () => void,
): Authorizer {
  const fetched = async (source: Extract<CredentialSource, {fetch: unknown}>, options: CallOptions) => {
    const token = await withEitherKey(source.keys, (place) => source.fetch(place, options));
    if (token.ok) onFetched();
    return token;
  };
  let inUse: Turns | undefined;
  return {
    async header(options) {
      const source = sourceNow();
      if (!source.ok) return source;
      if ('tokens' in source.value) {
        inUse = source.value.turns;
        return ok(inUse.header(source.value.tokens));
      }
      const {value} = source;
      return kept.header(JSON.stringify(value.madeFrom), () => fetched(value, options));
    },
    refuse(header) {
      inUse?.refuse(header);
      kept.refuse(header);
    },
  };
}
