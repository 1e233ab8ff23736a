import type {HttpAnswer} from '../../src/core/connector.ts';
import {unread, type Exchange} from '../../src/core/exchange.ts';
import type {Failure, Result} from '../../src/core/failure.ts';
import {dateOf, first} from '../../src/core/headers.ts';
import {isObject, parseJson, textOf} from '../../src/core/json.ts';

/** An error body (https://developer.okta.com/docs/reference/error-codes/). */
interface OktaError {
  code: string;
  /** The first words of each cause, `login: An object with this field already exists…`. */
  causes: string[];
}

const messages: Record<string, string> = {
  E0000001: 'Okta refuses a value',
  E0000003: 'Okta can not read the request',
  E0000004: 'Okta refuses the credential',
  E0000006: 'the credential may not do this: give it the scope, and an admin role that covers this account',
  E0000011: 'Okta refuses the credential',
  E0000015: 'the org does not have the feature that was asked for, or the credential may not use it',
  E0000023: 'the profile is mastered by another system',
  E0000031: 'Okta refuses the search: an attribute of the profile that it names may not exist',
  E0000038: 'Okta does not allow this in the status that the account has',
  E0000047: 'Okta asks for fewer requests',
  E0000077: 'the attribute is read-only for this credential',
  E0000112: 'the account is still being activated',
};

/** A 403 with one of these is about the credential; any other is about what was asked of this account. */
const credentialCodes = ['E0000004', 'E0000005', 'E0000006', 'E0000011', 'E0000013', 'E0000015'];

/** Okta's own error in a failure; nothing where the answer is not Okta's. */
export function errorOf(failure: Failure): OktaError | undefined {
  const body = parseJson(failure.exchange?.answerBody ?? '');
  const code = isObject(body) ? textOf(body['errorCode']) : undefined;
  if (!isObject(body) || code === undefined || !/^E\d{7}$/.test(code)) return undefined;
  const causes = Array.isArray(body['errorCauses']) ? body['errorCauses'] : [];
  return {
    code,
    causes: causes.flatMap((cause) => (isObject(cause) ? (textOf(cause['errorSummary']) ?? []) : [])),
  };
}

export const hasCode = (failure: Failure, code: string): boolean => errorOf(failure)?.code === code;

/** Whether a value that must be unique is another's. Okta says so with a general 400, not with a 409. */
export const isTaken = (failure: Failure): boolean =>
  failure.status === 400 && (errorOf(failure)?.causes ?? []).some((cause) => /already exists/i.test(cause));

/** The failure with Okta's code and, of a refused value, the attribute's name in its cause: never free text. */
export function withOktaError(failure: Failure): Failure {
  if (failure.status === undefined || failure.status < 400) return failure;
  const error = errorOf(failure);
  if (failure.status === 404 && error?.code !== 'E0000007') return nothingThere(failure);
  if (!error) return {...failure, cause: `${failure.status} not Okta`};
  const attribute = /^([A-Za-z][A-Za-z0-9_]{0,40}):/.exec(error.causes[0] ?? '')?.[1];
  return {
    ...failure,
    kind: kindOf(failure, error.code),
    message: messages[error.code] ?? failure.message,
    cause: [failure.status, error.code, ...(attribute ? [attribute] : [])].join(' '),
  };
}

/** Only Okta's own word for what is missing counts: from a wrong address a cut-off would look done. */
export const nothingThere = (failure: Failure): Failure => ({
  ...failure,
  kind: 'unavailable',
  message: 'no Okta org at the configured address',
  cause: '404 not Okta',
});

function kindOf({kind, status}: Failure, code: string): Failure['kind'] {
  if (status === 403 && !credentialCodes.includes(code)) return 'rejected';
  // "Please try again in a few minutes": nothing of another's is in the way.
  if (code === 'E0000112') return 'transient';
  return kind;
}

/** The same refusal, where it is about this account alone. */
export const refusedForAccount = (failure: Failure): Failure => ({
  ...failure,
  kind: 'rejected',
  message: "the credential may not do this to this account: an administrator's takes a Super Administrator",
  cause: `${failure.cause} account`,
});

/** A 2xx that is not JSON: a page for people, a proxy's word. */
export const notOkta = (exchange: Exchange, status: number): Result<never> =>
  unread(exchange, status, {
    kind: 'rejected',
    message: 'what answers is not the Okta API',
    cause: `${status} not Okta`,
  });

/** JSON of a form that Okta does not document. */
export const unknownAnswer = (exchange: Exchange, status: number): Result<never> =>
  unread(exchange, status, {
    kind: 'rejected',
    message: 'Okta answered something that it does not document',
    cause: `${status} undocumented`,
  });

const concurrencyWaitMs = 1000;
const longestWaitMs = 10 * 60_000;

/**
 * A 429 with the wait that it asks for. X-Rate-Limit-Reset is a moment by Okta's clock, so it is held against Okta's own
 * Date. A limit of 0 tells that too many requests ran at once: the reset is no guide then, and a moment is enough
 * (https://developer.okta.com/docs/reference/rl-best-practices/).
 */
export function throttled({headers}: HttpAnswer, exchange: Exchange, now: number): Failure {
  const at = (name: string): number => Number(first(headers[name]) ?? Number.NaN);
  const asked = at('retry-after') * 1000;
  const reset = at('x-rate-limit-reset') * 1000 - (dateOf(headers) ?? now);
  const waitMs = at('x-rate-limit-limit') === 0 ? concurrencyWaitMs : Number.isFinite(asked) ? asked : reset;
  const failure: Failure = {
    kind: 'throttled',
    message: 'Okta asks for fewer requests',
    cause: '429',
    status: 429,
    ...(Number.isFinite(waitMs)
      ? {retryAfterMs: Math.min(Math.max(waitMs, concurrencyWaitMs), longestWaitMs)}
      : {}),
    exchange,
  };
  return withOktaError(failure);
}
