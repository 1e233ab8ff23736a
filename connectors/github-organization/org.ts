import type {ConnectorContext} from '../../src/core/connector.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {createClient, type Answer, type Ask, type Call} from '../github/client.ts';
import {unknownAnswer} from '../github/errors.ts';
import {loginOf, type Linked} from '../github/identities.ts';
import {isObject, objectsOf, textOf} from '../../src/core/json.ts';
import {read, type Scim} from '../github/scim.ts';
import type {OrganizationConfig} from './manifest.ts';

/** One organization: how to ask it, and what it says of whose account an identity is. */
export interface Org {
  context: ConnectorContext<OrganizationConfig>;
  ask: Ask;
  scim: Scim;
  /** `/orgs/acme`, with what follows. */
  path: (below?: string) => string;
  /** `/organizations/1/team/2`: a team by its id, which outlives its name. */
  teamPath: (teamId: string, below: string, options: CallOptions) => Promise<Result<string>>;
}

/** An organization from its config, which is read at each use. */
export function createOrg(context: ConnectorContext<OrganizationConfig>): Org {
  const ask = createClient(context);
  const name = (): string => encodeURIComponent(context.config().organization);
  let known: {of: string; id: number} | undefined;
  const path = (below = ''): string => `/orgs/${name()}${below}`;

  /** An organization keeps its id, so one read of it serves all. */
  async function numberOf(options: CallOptions): Promise<Result<number>> {
    const of = `${context.config().apiUrl} ${name()}`;
    if (known?.of === of) return ok(known.id);
    const call: Call = {use: 'app', method: 'GET', path: path(), operation: 'read organization'};
    const answered = await ask(call, options);
    if (!answered.ok) return answered;
    const {body, exchange, status} = answered.value;
    const id = isObject(body) ? body['id'] : undefined;
    if (typeof id !== 'number') return unknownAnswer(exchange, status);
    known = {of, id};
    return ok(id);
  }

  return {
    context,
    ask,
    scim: {ask, base: () => `/scim/v2/organizations/${name()}`},
    path,
    async teamPath(teamId, below, options) {
      const id = await numberOf(options);
      return id.ok ? ok(`/organizations/${id.value}/team/${encodeURIComponent(teamId)}${below}`) : id;
    },
  };
}

/** What an owner alone may read: shows, beside a refusal, whether it was about the credential. */
export const ownersRead = (org: Org): Call => ({
  use: 'app',
  method: 'GET',
  path: org.path('/credential-authorizations'),
  query: {per_page: '1'},
  operation: 'probe',
});

/** A 404 of a team or of a membership counts once the teams can be read. */
export const teamsRead = (org: Org): Call => ({
  use: 'app',
  method: 'GET',
  path: org.path('/teams'),
  query: {per_page: '1'},
  operation: 'probe',
});

/**
 * A write whose 403 may be about what it is to change: a team that the identity provider fills answers so too. Where the
 * credential is still an owner's, this one change is refused, and the target goes on.
 */
export async function askAbout(org: Org, call: Call, options: CallOptions): Promise<Result<Answer>> {
  const answered = await org.ask(call, options);
  if (answered.ok || answered.failure.kind !== 'unauthorized' || answered.failure.status !== 403)
    return answered;
  const owner = await org.ask(ownersRead(org), options);
  return failed(owner.ok ? refusedAlone(answered.failure) : answered.failure);
}

const refusedAlone = (failure: Failure): Failure => ({
  ...failure,
  kind: 'rejected',
  message: 'GitHub refuses this change alone: a team that the identity provider fills is not changed by hand',
  cause: '403 this one',
});

/** The person behind a SCIM identity. */
export interface Person {
  /** What a sign-in may call them, in lower case: their userName and primary address; another address may be another's. */
  names: string[];
  /** In lower case. */
  emails: string[];
  /** Whose account it is linked with, as far as that could be asked. */
  account: Result<Linked>;
}

/** The account, or `unlinked`. Failure: also an identity that SCIM has and GraphQL does not list. */
export function accountOf({account}: Person): Result<{login: string} | 'unlinked'> {
  if (!account.ok) return account;
  return account.value === undefined ? failed(notShown) : ok(account.value);
}

const notShown: Failure = {
  kind: 'rejected',
  message:
    'GitHub lists no such identity of the organization, so whose account it is can not be asked: look for the member by hand',
  cause: 'identity not shown',
};

/** Who an identity is; nothing when there is no such identity. */
export async function personOf(
  org: Org,
  id: string,
  options: CallOptions,
): Promise<Result<Person | undefined>> {
  const identity = await read(org.scim, 'user', id, options);
  if (!identity.ok || !identity.value) return identity.ok ? ok(undefined) : identity;
  const {userName, emails} = identity.value;
  const owner = {kind: 'organization', name: org.context.config().organization} as const;
  const primary = objectsOf(emails).find((email) => email['primary'] === true);
  const lower = (text: unknown): string[] =>
    typeof text === 'string' && text !== '' ? [text.toLowerCase()] : [];
  return ok({
    names: [...lower(userName), ...lower(primary?.['value'])],
    emails: objectsOf(emails).flatMap((email) => lower(email['value'])),
    account: await loginOf(org.ask, owner, {id, userName: textOf(userName) ?? ''}, options),
  });
}

/** The login of a member; `invited` while nobody has accepted, nothing when there is no such identity. */
export async function memberLogin(
  org: Org,
  id: string,
  options: CallOptions,
): Promise<Result<{login: string} | 'invited' | undefined>> {
  const person = await personOf(org, id, options);
  if (!person.ok || !person.value) return person.ok ? ok(undefined) : person;
  const {account} = person.value;
  if (!account.ok) return account;
  return ok(typeof account.value === 'object' ? account.value : 'invited');
}
