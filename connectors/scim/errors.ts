import {unread, type Exchange} from '../../src/core/exchange.ts';
import type {Failure, Result} from '../../src/core/failure.ts';
import {isObject, parseJson, type JsonObject} from '../../src/core/json.ts';

/** The JSON object that a text holds, if it holds one. */
export function jsonObject(text: string): JsonObject | undefined {
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}

const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** Whether a body says of itself that it is a SCIM error (RFC 7644 section 3.12): no proxy's word does. */
export const isScimError = (body: JsonObject | undefined): boolean => {
  const schemas = body?.['schemas'];
  return Array.isArray(schemas) && schemas.includes(errorUrn);
};

/** Whether a body is a list of resources; without results `Resources` may be left out (RFC 7644 section 3.4.2). */
export const isList = (body: JsonObject | undefined): boolean =>
  body !== undefined && (Array.isArray(body['Resources']) || typeof body['totalResults'] === 'number');

/** RFC 7644 section 3.12 table 9, and RFC 9865 section 3. */
const scimTypes: Record<string, string> = {
  invalidFilter: 'the target refuses the filter',
  tooMany: 'the target says that the answer would be too large',
  uniqueness: 'the target says that a value is taken',
  mutability: 'the target says that an attribute can not be changed',
  invalidSyntax: 'the target refuses the form of the request',
  invalidPath: 'the target knows no such attribute path',
  noTarget: 'the target says that the path points at nothing',
  invalidValue: 'the target refuses a value',
  invalidVers: 'the target does not speak this version of SCIM',
  sensitive: 'the target refuses sensitive data in the address',
  invalidCursor: 'the target does not know the cursor',
  expiredCursor: 'the cursor has expired',
  invalidCount: 'the target refuses the page size',
};

/**
 * The failure with the service's own word for it. Bodies of another shape, HTML and none are read too (RFC 7644 section
 * 3.12 is not everywhere kept); only a code that looks like one enters the cause, never free text.
 */
export function withScimError(failure: Failure): Failure {
  const text = failure.exchange?.answerBody;
  if (failure.status === undefined || failure.cause.includes(' ')) return failure;
  const body = text === undefined ? undefined : jsonObject(text);
  const code = body ? codeOf(body) : undefined;
  const short = code ?? (body ? undefined : text === undefined ? 'no body' : 'not JSON');
  const refined: Failure = {...failure, ...(short ? {cause: `${failure.status} ${short}`} : {})};
  if (failure.kind === 'rejected' && code && scimTypes[code]) refined.message = scimTypes[code];
  // A list that is read again begins with a fresh cursor.
  if (code === 'expiredCursor' || code === 'invalidCursor') refined.kind = 'transient';
  return refined;
}

/**
 * Whether a value that must be unique is taken, in a refusal that is no 409: RFC 7644 names `uniqueness` among what a 400 says
 * too (section 3.12, table 9).
 */
export const isTaken = ({status, cause}: Failure): boolean => status === 400 && cause.endsWith(' uniqueness');

/** `scimType` of a refusal, or what others use in its place. */
function codeOf(body: JsonObject): string | undefined {
  for (const name of ['scimType', 'code', 'error_code', 'errorCode', 'error', '__type']) {
    const value = body[name];
    if (typeof value === 'string' && /^[A-Za-z][A-Za-z_.-]{2,40}$/.test(value)) return value;
  }
  return undefined;
}

/** A 2xx whose body is not what SCIM says: a login page, a proxy's word, another service's JSON. */
export const notScim = (exchange: Exchange, status: number): Result<never> =>
  unread(exchange, status, {
    kind: 'rejected',
    message: 'the target answered something that is not SCIM',
    cause: `${status} not SCIM`,
  });
