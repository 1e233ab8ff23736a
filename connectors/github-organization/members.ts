import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Answer, Call} from '../github/client.ts';
import {unknownAnswer} from '../github/errors.ts';
import {isObject, textOf} from '../github/json.ts';
import {askAbout, memberLogin, teamsRead, type Org} from './org.ts';

const notAccepted: Failure = {
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

/** Puts people into a team and takes them out. */
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

async function move(
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
  if (isMember || isAdd) return writeMembership(org, path.value, login, isAdd, options);
  const team = await readBelow(org, path.value, options);
  return team.ok ? ok(team.value.status === 404 ? 'missing' : 'changed') : team;
}

async function writeMembership(
  org: Org,
  team: string,
  login: string,
  isAdd: boolean,
  options: CallOptions,
): Promise<Result<'changed' | 'missing'>> {
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
  if (answered.value.status !== 404) return ok('changed');
  // A 404 may mean the team or the person: only a team that is gone is `missing`.
  const found = await readBelow(org, team, options);
  if (!found.ok) return found;
  if (found.value.status === 404) return ok('missing');
  return isAdd ? failed(unknownMember) : ok('changed');
}

const membershipPath = (team: string, login: string): string =>
  `${team}/memberships/${encodeURIComponent(login)}`;

const readBelow = (org: Org, path: string, options: CallOptions): Promise<Result<Answer>> =>
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
