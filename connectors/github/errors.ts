import {unread, type Exchange} from '../../src/core/exchange.ts';
import type {Failure, Result} from '../../src/core/failure.ts';
import {isObject, objectsOf, parseJson, textOf, type JsonObject} from '../../src/core/json.ts';

const saml = /SAML|single sign-on/i;

/** What GitHub's own words tell of a refusal; none of them enters a cause as it stands. */
const words: {says: RegExp; code: string; message: string}[] = [
  {
    says: saml,
    code: 'SAML',
    message:
      "the token is not authorized for the organization's single sign-on: Settings > Developer settings > Personal access " +
      'tokens (classic) > Configure SSO',
  },
  {
    says: /not accessible by/i,
    code: 'not accessible',
    message: 'the credential lacks a permission for this: see the rights in the README of the connector',
  },
  {says: /bad credentials/i, code: 'bad credentials', message: 'GitHub refuses the credential'},
  {
    says: /must be|must have|admin rights|scope/i,
    code: 'rights',
    message: 'the credential may not do this: it has to be an owner, with the scopes that the README names',
  },
];

const scimMessages: Record<string, string> = {
  uniqueness: 'GitHub says that a value is taken',
  invalidFilter: 'GitHub refuses the filter',
  invalidValue: 'GitHub refuses a value',
  invalidSyntax: 'GitHub refuses the form of the request',
  invalidPath: 'GitHub knows no such attribute',
  noTarget: 'GitHub says that the path points at nothing',
  mutability: 'GitHub says that an attribute can not be changed',
};

/** The body of a refusal, where it is one of GitHub's: the API's own form, or SCIM's (RFC 7644 section 3.12). */
export function errorBody(text: string | undefined): JsonObject | undefined {
  const body = parseJson(text ?? '');
  const isError = isObject(body) && ['message', 'detail', 'scimType'].some((name) => textOf(body[name]));
  return isError ? body : undefined;
}

/** Whether a refusal, or GraphQL's with status 200, is about single sign-on that the credential was not authorized for. */
export function lacksSso(text: string | undefined): boolean {
  const body = parseJson(text ?? '');
  if (!isObject(body)) return false;
  const errors = objectsOf(body['errors']);
  const isTold = errors.some(({extensions}) => isObject(extensions) && extensions['saml_failure'] === true);
  return isTold || saml.test(textOf(body['message']) ?? textOf(body['detail']) ?? '');
}

/** Whether a name that must be unique is taken: a team's comes as a 422, a SCIM resource's as a 409. */
export function isTaken({status, exchange}: Failure): boolean {
  if (status === 409) return true;
  const body = errorBody(exchange?.answerBody);
  return (
    status === 422 &&
    objectsOf(body?.['errors']).some(
      ({code, field, message}) =>
        field === 'name' && (code === 'already_exists' || /unique|taken|exists/i.test(textOf(message) ?? '')),
    )
  );
}

/** The failure with GitHub's own code in its cause: never free text. */
export function withGithubError(failure: Failure): Failure {
  if (failure.status === undefined || failure.status < 400) return failure;
  const body = errorBody(failure.exchange?.answerBody);
  if (!body) return {...failure, cause: `${failure.status} not GitHub`};
  const scimType = codeOf(body['scimType']);
  if (scimType !== undefined)
    return {
      ...failure,
      message: scimMessages[scimType] ?? failure.message,
      cause: `${failure.status} ${scimType}`,
    };
  const [error] = objectsOf(body['errors']);
  const parts = error && [codeOf(error['resource']), codeOf(error['field']), codeOf(error['code'])];
  const named = parts?.filter((part) => part !== undefined).join('.');
  if (named) return {...failure, cause: `${failure.status} ${named}`};
  if (failure.kind !== 'unauthorized') return failure;
  const said = textOf(body['message']) ?? textOf(body['detail']) ?? '';
  const known = words.find(({says}) => says.test(said));
  return known ? {...failure, message: known.message, cause: `${failure.status} ${known.code}`} : failure;
}

const codeOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[A-Za-z][A-Za-z_]{2,40}$/.test(value) ? value : undefined;

/** A 2xx that is not JSON: a page for people, a proxy's word. */
export const notGithub = (exchange: Exchange, status: number): Result<never> =>
  unread(exchange, status, {
    kind: 'rejected',
    message: 'what answers is not the GitHub API',
    cause: `${status} not GitHub`,
  });

/** JSON of a form that GitHub does not document. */
export const unknownAnswer = (exchange: Exchange, status: number, isRead?: boolean): Result<never> =>
  unread(
    exchange,
    status,
    {
      kind: 'rejected',
      message: 'GitHub answered something that it does not document',
      cause: `${status} undocumented`,
    },
    isRead,
  );
