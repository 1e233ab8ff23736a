/**
 * Why something did not succeed, as a value. What to do about each kind is `judge`'s decision alone.
 *
 * - `transient`: passing and this change's own (a timeout, one 500, a lost answer)
 * - `throttled`: the target asks for fewer requests (429)
 * - `unavailable`: the target does not answer (refused, DNS, 502/503/504)
 * - `unauthorized`: the credential is refused (401, 403)
 * - `rejected`: the target refuses this content (400, 404 of an endpoint, 412, 413, 422)
 * - `conflict`: an account or a name is another's (409, ownership, an ambiguous look-up)
 * - `unresolved`: it refers to a subject that the target does not have yet
 * - `undecodable`: the record is not an event
 * - `bug`: an exception nobody expected
 */
export const failureKinds = [
  'transient',
  'throttled',
  'unavailable',
  'unauthorized',
  'rejected',
  'conflict',
  'unresolved',
  'undecodable',
  'bug',
] as const;

export type FailureKind = (typeof failureKinds)[number];

/** Whether trying again, with nothing else changed, can not help. */
export const isLasting = (kind: FailureKind): boolean =>
  kind === 'rejected' || kind === 'conflict' || kind === 'undecodable';

export interface Failure {
  kind: FailureKind;
  /** Static text in words: what happened. Without secrets and personal data. */
  message: string;
  /** Normalised, low-cardinality text that is the same for every change of one cause: `400 invalidValue`. */
  cause: string;
  status?: number;
  /** How long the target asked to wait, from its headers. */
  retryAfterMs?: number;
  /** The request may have been carried out although its answer was lost. */
  maybeDone?: boolean;
  /** The request and answer for an operator, masked on display: no header, no credential. */
  exchange?: {method: string; url: string; requestBody?: string; answerBody?: string};
}

export type Result<T> = {ok: true; value: T} | {ok: false; failure: Failure};

export const ok = <T>(value: T): Result<T> => ({ok: true, value});
export const failed = (failure: Failure): {ok: false; failure: Failure} => ({ok: false, failure});
