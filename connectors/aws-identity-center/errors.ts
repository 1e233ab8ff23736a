import {unread, type Exchange} from '../../src/core/exchange.ts';
import type {Failure, Result} from '../../src/core/failure.ts';
import {isObject, parseJson} from '../../src/core/json.ts';
import type {Json} from '../../src/core/resource.ts';

const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** Whether a body is an error of the endpoint's own: it writes `schema` where RFC 7644 says `schemas`, or both. */
export const isAwsError = (body: Json | undefined): boolean =>
  isObject(body) && [body['schema'], body['schemas']].flat().includes(errorUrn);

/** AWS's names for its answers (developer guide, each operation's errors): the body has a status alone. */
const names: Record<number, [name: string, message: string]> = {
  400: ['ValidationException', 'AWS refuses the form of the request, or a value in it'],
  401: ['UnauthorizedException', 'AWS refuses the token, or has no such tenant'],
  403: ['AccessDeniedException', 'the token may not do this'],
  404: ['ResourceNotFoundException', 'AWS has no such resource'],
  409: ['ConflictException', 'AWS has this already'],
  429: ['ThrottlingException', 'AWS asks for fewer requests'],
  500: ['InternalServerException', 'AWS failed'],
};

/** The failure with AWS's name for it in its cause: never free text. */
export function withAwsError(failure: Failure): Failure {
  const {status} = failure;
  if (status === undefined || status < 400) return failure;
  if (!isAwsError(parseJson(failure.exchange?.answerBody ?? ''))) {
    // Only AWS's own word counts: from a wrong address a cut-off would look done, and every joiner refused.
    const elsewhere = {kind: 'unavailable', message: 'no SCIM endpoint at the configured address'} as const;
    return {...failure, ...(status === 404 ? elsewhere : {}), cause: `${status} not SCIM`};
  }
  const [name, message] = names[status] ?? ['error', failure.message];
  return {...failure, message, cause: `${status} ${name}`};
}

/** A 2xx that is not JSON: a page for people, a proxy's word. */
export const notScim = (exchange: Exchange, status: number): Result<never> =>
  unread(exchange, status, {
    kind: 'rejected',
    message: 'what answers is not a SCIM endpoint',
    cause: `${status} not SCIM`,
  });

/** JSON of a form that AWS does not document. */
export const unknownAnswer = (exchange: Exchange, status: number): Result<never> =>
  unread(exchange, status, {
    kind: 'rejected',
    message: 'AWS answered something that it does not document',
    cause: `${status} undocumented`,
  });
