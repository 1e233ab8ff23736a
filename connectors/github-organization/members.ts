import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Answer, Call} from '../github/client.ts';
import {unknownAnswer} from '../github/errors.ts';
import {isObject, textOf} from '../../src/core/json.ts';
import {dateOf} from '../../src/core/headers.ts';
import {withdrawInvitations} from './membership.ts';
import {askAbout, memberLogin, teamsRead, type Org} from './org.ts';

export const notAccepted: Failure = {
  kind: 'unresolved',
  message:
    'the invitation to the organization was not accepted yet, and nobody can be put into a team before: it is asked for again ' +
    'until retry.maxAgeHours',
  cause: 'invitation not accepted',
};

const unknownMember: Failure = {
  kind: 'rejected',
  message: 'GitHub does not know a member',
  cause: '404 member',
  status: 404,
};

const invitedInstead: Failure = {
  kind: 'unresolved',
  message:
    'the account is no member of the organization, so GitHub invited it: that was taken back, and the member is asked for ' +
    'again until retry.maxAgeHours',
  cause: 'no member of the organization',
};

/** Puts people into a team and takes them out, each with reads of their own. */
export async function changeMembers(
  org: Org,
  teamId: string,
  change: {add: readonly string[]; remove: readonly string[]},
  options: CallOptions,
): Promise<Result<'changed' | 'missing'>> {
  const moves = [
    ...change.remove.map((id) => ({id, isAdd: false})),
    ...change.add.map((id) => ({id, isAdd: true})),
  ];
  for (const {id, isAdd} of moves) {
    const moved = await move(org, teamId, id, isAdd, options);
    if (!moved.ok || moved.value === 'missing') return moved;
  }
  return ok('changed');
}

/** Puts one person in or takes one out. */
export async function move(
  org: Org,
  teamId: string,
  id: string,
  isAdd: boolean,
  options: CallOptions,
): Promise<Result<'changed' | 'missing'>> {
  const path = await org.teamPath(teamId, '', options);
  if (!path.ok) return path;
  const member = await memberLogin(org, id, options);
  if (!member.ok) return member;
  if (typeof member.value !== 'object') {
    // Who is no member of the organization is in none of its teams.
    const team = await readBelow(org, path.value, options);
    if (!team.ok) return team;
    if (team.value.status === 404) return ok('missing');
    return isAdd ? failed(member.value ? notAccepted : unknownMember) : ok('changed');
  }
  const {login} = member.value;
  const there = await readBelow(org, membershipPath(path.value, login), options);
  if (!there.ok) return there;
  const isMember = there.value.status !== 404;
  // Not written again: it would make a member of a maintainer.
  if (isMember && isAdd) return ok('changed');
  const written = isMember || isAdd ? await write(org, path.value, login, isAdd, options) : ok('not there');
  if (!written.ok || written.value === 'changed') return written.ok ? ok('changed') : written;
  // A 404 may mean the team or the person: only a team that is gone is `missing`.
  const team = await readBelow(org, path.value, options);
  if (!team.ok) return team;
  if (team.value.status === 404) return ok('missing');
  return isAdd ? failed(unknownMember) : ok('changed');
}

/** One write. `not there`: the team, or the person, or that the person is in it. */
export async function write(
  org: Org,
  team: string,
  login: string,
  isAdd: boolean,
  options: CallOptions,
): Promise<Result<'changed' | 'not there'>> {
  const call: Call = {
    use: 'app',
    method: isAdd ? 'PUT' : 'DELETE',
    path: membershipPath(team, login),
    ...(isAdd ? {body: {role: 'member'}} : {}),
    operation: isAdd ? 'add member' : 'remove member',
    missing: teamsRead(org),
  };
  const answered = await askAbout(org, call, options);
  if (!answered.ok) return answered;
  const {body, headers, status} = answered.value;
  if (status === 404) return ok('not there');
  if (!isAdd || !isObject(body) || body['state'] !== 'pending') return ok('changed');
  return uninvite(org, login, dateOf(headers) ?? org.context.now(), options);
}

/** As long as a limit of GitHub may put off taking one back; an invitation that is older is somebody else's. */
const invitedAtMostMs = 3_600_000;

/**
 * Who left the organization between the read and the write is not put into the team but invited anew, which would open the
 * way back to a leaver.
 */
async function uninvite(org: Org, login: string, now: number, options: CallOptions): Promise<Result<never>> {
  const taken = await withdrawInvitations(
    org,
    (invitation) =>
      textOf(invitation['login'])?.toLowerCase() === login.toLowerCase() &&
      Date.parse(textOf(invitation['created_at']) ?? '') > now - invitedAtMostMs,
    options,
  );
  // It stands as long as it was not taken back.
  return failed(taken.ok ? invitedInstead : {...taken.failure, maybeDone: true});
}

const membershipPath = (team: string, login: string): string =>
  `${team}/memberships/${encodeURIComponent(login)}`;

export const readBelow = (org: Org, path: string, options: CallOptions): Promise<Result<Answer>> =>
  org.ask({use: 'app', method: 'GET', path, operation: 'read membership', missing: teamsRead(org)}, options);

/** Whether GitHub says that this person is in the team, be it through a team below it. */
export async function hasMember(
  org: Org,
  teamId: string,
  userId: string,
  options: CallOptions,
): Promise<Result<boolean>> {
  const path = await org.teamPath(teamId, '', options);
  if (!path.ok) return path;
  const member = await memberLogin(org, userId, options);
  if (!member.ok) return member;
  if (typeof member.value !== 'object') return ok(false);
  const answered = await readBelow(org, membershipPath(path.value, member.value.login), options);
  if (!answered.ok) return answered;
  const {body, status, exchange} = answered.value;
  if (status === 404) return ok(false);
  const state = isObject(body) ? textOf(body['state']) : undefined;
  return state === undefined ? unknownAnswer(exchange, status) : ok(true);
}
