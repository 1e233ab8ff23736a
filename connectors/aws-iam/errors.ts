import type {Exchange} from '../../src/core/exchange.ts';
import type {Failure} from '../../src/core/failure.ts';

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

/** A failure of AWS's own, by name; its free text names people and is only kept in the exchange. */
export function iamFailure(
  error: {name: string; status: number},
  /** With its service: `iam:CreateUser`. */
  action: string,
  exchange?: Exchange,
): Failure {
  const name = error.name.replace(/Exception$/, '');
  const kind = kinds[name] ?? 'rejected';
  const message =
    name === 'AccessDenied'
      ? noRight(action)
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

const noRight = (action: string): string =>
  `the credential may not do this: allow it ${action}, and see that no boundary or service control policy denies it`;

/** Of a credential that may do other things: one right is missing, or is denied for one account. */
export const lacking = (refused: Failure, operation: string): Failure => ({
  ...refused,
  kind: 'rejected',
  cause: `${refused.cause} ${operation}`,
});

/** Before anything left for IAM: no credential, no role. The SDK's text may name files and keys. */
export function credentialFailure(error: {
  name: string;
  status: number | undefined;
  code: string | undefined;
}): Failure {
  const {name, status, code} = error;
  if (status !== undefined) return roleRefused(iamFailure({name, status}, 'sts:AssumeRole'));
  if (name === 'TimeoutError' || /^(E[A-Z]+(_AGAIN)?|UND_ERR_\w+)$/.test(code ?? ''))
    return {
      kind: 'unavailable',
      message: 'the service that gives out AWS credentials does not answer',
      cause: `credential ${code ?? name}`,
    };
  return {
    kind: 'unauthorized',
    message:
      'no AWS credential was found by the default chain: environment, shared files, web identity, container, instance',
    cause: `credential ${/^\w{1,60}$/.test(name) ? name : 'Error'}`,
  };
}

/** What STS says to AssumeRole; to refuse is its only way to say that something is wrong with the role. */
const roleRefused = ({kind, message, cause, status}: Failure): Failure => ({
  kind: kind === 'rejected' ? 'unauthorized' : kind,
  message:
    kind === 'throttled'
      ? message
      : `the role to assume was refused: ${message}; the role's trust policy, and the external id that it may ask for, must let it in`,
  cause: `AssumeRole ${cause}`,
  ...(status === undefined ? {} : {status}),
});

/** An answer that is not IAM's: a page for people, a proxy's word, another service. */
export function notIam(status: number, isRead: boolean, exchange: Exchange): Failure {
  const kind = ({400: 'rejected', 403: 'unauthorized', 404: 'unavailable', 409: 'conflict'} as const)[status];
  return {
    kind: kind ?? 'rejected',
    message: 'what answers is not AWS IAM',
    cause: `${status} not IAM`,
    status,
    ...(isRead || kind ? {} : {maybeDone: true}),
    exchange,
  };
}

export const isMissing = ({cause}: Failure): boolean => cause === '404 NoSuchEntity';
export const isTaken = ({cause}: Failure): boolean => cause === '409 EntityAlreadyExists';
export const isRefused = ({cause}: Failure): boolean => cause === '403 AccessDenied';
/** AWS does not know the credential, or says that it is over: another one may be there. Not what a clock that is off may cause. */
export const isOfCredential = ({kind, cause}: Failure): boolean =>
  kind === 'unauthorized' && / (ExpiredToken|InvalidClientTokenId|UnrecognizedClient)$/.test(cause);
/** STS was asked for a session, and refused the one who asks. */
export const isOfRole = ({cause}: Failure): boolean => cause.startsWith('AssumeRole ');
export const isOverQuota = ({cause}: Failure): boolean => cause === '409 LimitExceeded';

/** Of somebody whom IAM has just shown, or whose name was given here: it is eventually consistent. */
export const notVisible: Failure = {
  kind: 'transient',
  message: 'IAM does not show yet, or shows no more, what was just made, renamed or read',
  cause: 'not visible yet',
};

/** A 404 to a call about something of a user's or group's: it is they who are not seen, by the form of IAM's text. */
export const isOwnerMissing = ({cause, exchange}: Failure): boolean =>
  cause === '404 NoSuchEntity' && /<Message>The (user|group) with name /i.test(exchange?.answerBody ?? '');
