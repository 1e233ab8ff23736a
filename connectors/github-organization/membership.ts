import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {isObject, textOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Call} from '../github/client.ts';
import {unknownAnswer} from '../github/errors.ts';
import {idOf} from '../github/json.ts';
import {pages, rowsOf} from '../github/pages.ts';
import {askAbout, teamsRead, type Org} from './org.ts';

const membershipPath = (org: Org, login: string): string =>
  org.path(`/memberships/${encodeURIComponent(login)}`);

/**
 * Removes an account from the organization and all its teams, and from single repositories, where an owner has made an outside
 * collaborator of the member; one that is in none is done.
 */
export async function leaveOrganization(
  org: Org,
  login: string,
  options: CallOptions,
): Promise<Result<undefined>> {
  const call: Call = {
    use: 'app',
    method: 'DELETE',
    path: membershipPath(org, login),
    operation: 'remove from organization',
    missing: teamsRead(org),
  };
  const answered = await askAbout(org, call, options);
  if (!answered.ok) return answered;
  const isOut = await isOutsider(org, login, options);
  if (!isOut.ok) return isOut;
  return isOut.value ? leaveRepositories(org, login, options) : ok(undefined);
}

/** "Remove outside collaborator": out of all the organization's repositories, in one request. */
async function leaveRepositories(org: Org, login: string, options: CallOptions): Promise<Result<undefined>> {
  const call: Call = {
    use: 'app',
    method: 'DELETE',
    path: org.path(`/outside_collaborators/${encodeURIComponent(login)}`),
    operation: 'remove outside collaborator',
    missing: teamsRead(org),
  };
  const answered = await askAbout(org, call, options);
  return answered.ok ? ok(undefined) : answered;
}

/** Whether an account is in a repository without being a member. GitHub shows them in a list alone. */
async function isOutsider(org: Org, login: string, options: CallOptions): Promise<Result<boolean>> {
  const call: Call = {
    use: 'app',
    method: 'GET',
    path: org.path('/outside_collaborators'),
    operation: 'read outside collaborators',
  };
  for await (const page of pages(org.ask, call, options)) {
    if (!page.ok) return page;
    if (page.value.some((row) => textOf(row['login'])?.toLowerCase() === login.toLowerCase()))
      return ok(true);
  }
  return ok(false);
}

/** Whether an account is still a member, or has repositories without being one. Failures are those of `isMember`. */
export async function isInside(org: Org, login: string, options: CallOptions): Promise<Result<boolean>> {
  const member = await isMember(org, login, options);
  return !member.ok || member.value ? member : isOutsider(org, login, options);
}

/** Whether an account is still a member. Failure: one that an enterprise team keeps in, which no call here can end. */
async function isMember(org: Org, login: string, options: CallOptions): Promise<Result<boolean>> {
  const call: Call = {
    use: 'app',
    method: 'GET',
    path: membershipPath(org, login),
    operation: 'read membership',
    missing: teamsRead(org),
  };
  const answered = await org.ask(call, options);
  if (!answered.ok) return answered;
  const {body, status, exchange} = answered.value;
  if (status === 404) return ok(false);
  if (!isObject(body) || textOf(body['state']) === undefined) return unknownAnswer(exchange, status);
  const teams = body['enterprise_teams_providing_indirect_membership'];
  if (body['direct_membership'] === false && Array.isArray(teams)) return failed(keptIn(teams.map(String)));
  return ok(true);
}

const keptIn = (teams: readonly string[]): Failure => ({
  kind: 'rejected',
  message: `still a member by teams of the enterprise: take this person out of ${teams.join(', ')} there`,
  cause: 'member by enterprise team',
});

/** Whether an invitation is one of those that are meant. */
export type IsMeant = (invitation: JsonObject) => boolean;

/** To one of these addresses. */
export const toOneOf =
  (emails: readonly string[]): IsMeant =>
  ({email}) =>
    emails.includes(textOf(email)?.toLowerCase() ?? '');

/** Takes back these invitations, as far as they are pending. */
export async function withdrawInvitations(
  org: Org,
  isMeant: IsMeant,
  options: CallOptions,
): Promise<Result<undefined>> {
  const pending = await invitations(org, isMeant, options);
  if (!pending.ok) return pending;
  for (const {id} of pending.value) {
    const path = org.path(`/invitations/${idOf(id)}`);
    const call: Call = {
      use: 'app',
      method: 'DELETE',
      path,
      operation: 'withdraw invitation',
      missing: teamsRead(org),
    };
    const answered = await askAbout(org, call, options);
    if (!answered.ok) return answered;
  }
  return ok(undefined);
}

/** Whether one of these invitations can still be accepted. */
export async function isInvited(org: Org, isMeant: IsMeant, options: CallOptions): Promise<Result<boolean>> {
  const pending = await invitations(org, isMeant, options);
  return pending.ok ? ok(pending.value.length > 0) : pending;
}

async function invitations(org: Org, isMeant: IsMeant, options: CallOptions): Promise<Result<JsonObject[]>> {
  const call: Call = {
    use: 'app',
    method: 'GET',
    path: org.path('/invitations'),
    operation: 'read invitations',
  };
  const rows = await rowsOf(org.ask, call, options);
  return rows.ok ? ok(rows.value.filter(isMeant)) : rows;
}
