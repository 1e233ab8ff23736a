import type {Failure} from '../../src/core/failure.ts';

type Exchange = NonNullable<Failure['exchange']>;

/** What an error of IAM's means, by its name without `Exception`; any other is a refusal. */
const kinds: Record<string, Failure['kind']> = {
  AccessDenied: 'unauthorized',
  ExpiredToken: 'unauthorized',
  IncompleteSignature: 'unauthorized',
  InvalidClientTokenId: 'unauthorized',
  MissingAuthenticationToken: 'unauthorized',
  OptInRequired: 'unauthorized',
  RequestExpired: 'unauthorized',
  SignatureDoesNotMatch: 'unauthorized',
  UnrecognizedClient: 'unauthorized',
  Throttling: 'throttled',
  RequestLimitExceeded: 'throttled',
  TooManyRequests: 'throttled',
  // IAM is eventually consistent: what was just removed may still be in the way.
  DeleteConflict: 'transient',
  EntityTemporarilyUnmodifiable: 'transient',
  ConcurrentModification: 'transient',
  EntityAlreadyExists: 'conflict',
};

const messages: Record<string, string> = {
  DeleteConflict: 'IAM still sees something that belongs to it',
  EntityAlreadyExists: 'IAM has this name already',
  EntityTemporarilyUnmodifiable: 'IAM is still changing it',
  ConcurrentModification: 'IAM is still changing it',
  LimitExceeded: 'a quota of the account is used up',
  NoSuchEntity: 'IAM has no such thing',
  RequestExpired: 'AWS refuses the time of the request: the clock here may be off',
  SignatureDoesNotMatch: 'AWS refuses the signature: the secret key, or the clock here, is wrong',
  Throttling: 'IAM asks for fewer requests',
};

/** A failure of IAM's own, by name; its free text names people and is only kept in the exchange. */
export function iamFailure(
  error: {name: string; status: number},
  operation: string,
  exchange?: Exchange,
): Failure {
  const name = error.name.replace(/Exception$/, '');
  const kind = kinds[name] ?? 'rejected';
  const message =
    name === 'AccessDenied'
      ? `the credential may not do this: allow it iam:${operation}, and see that no boundary or service control policy denies it`
      : (messages[name] ??
        (kind === 'unauthorized' ? 'AWS refuses the credential' : 'IAM refuses the request'));
  return {
    kind,
    message,
    cause: `${error.status} ${name}`,
    status: error.status,
    ...(exchange ? {exchange} : {}),
  };
}

/** An answer that is not IAM's: a page for people, a proxy's word, another service. */
export function notIam(status: number, isRead: boolean, exchange: Exchange): Failure {
  const kind = ({400: 'rejected', 403: 'unauthorized', 404: 'unavailable', 409: 'conflict'} as const)[status];
  return {
    kind: kind ?? 'transient',
    message: 'what answers is not AWS IAM',
    cause: `${status} not IAM`,
    status,
    ...(isRead || kind ? {} : {maybeDone: true}),
    exchange,
  };
}

export const isMissing = ({cause}: Failure): boolean => cause === '404 NoSuchEntity';
export const isTaken = ({cause}: Failure): boolean => cause === '409 EntityAlreadyExists';
