import {failed, ok, type Result} from '../../src/core/failure.ts';
import {isObject, textOf} from '../../src/core/json.ts';
import type {CallOptions, ChangeMembers} from '../../src/core/port.ts';
import {unknownAnswer} from '../github/errors.ts';
import {accountsOf, type Account} from '../github/identities.ts';
import {rowsOf} from '../github/pages.ts';
import {move, notAccepted, readBelow, write} from './members.ts';
import {teamsRead, type Org} from './org.ts';

type Change = Parameters<ChangeMembers>[1];

/** A member alone takes three: the identity, whose account it is, and whether it is in the team. */
const readsOfOne = 3;

/** For fewer the lists are hardly ever shorter: the team, and a page of each list at the least. */
const fewestPrepared = 4;

const rowsAPage = 100;

/** What was read at once for one change. */
interface Known {
  team: string;
  /** By the id of the identity; who is not listed is read alone. */
  accounts: ReadonlyMap<string, Account>;
  /** Logins in lower case of who is in the team, be it through a team below it. */
  inTeam: ReadonlySet<string>;
}

/**
 * Reads whose accounts these members are and who is in the team, a hundred a page, where that takes fewer requests than
 * reading each: then one request puts a member in or takes one out.
 */
export async function prepareMembers(
  org: Org,
  teamId: string,
  change: Change,
  options: CallOptions,
): Promise<Result<ChangeMembers | 'missing' | undefined>> {
  const ids = new Set([...change.add, ...change.remove]);
  if (ids.size < fewestPrepared) return ok(undefined);
  const team = await org.teamPath(teamId, '', options);
  if (!team.ok) return team;
  const answered = await readBelow(org, team.value, options);
  if (!answered.ok) return answered;
  const {body, exchange, status} = answered.value;
  if (status === 404) return ok('missing');
  if (!isObject(body)) return unknownAnswer(exchange, status);
  const pagesOfTeam = Math.ceil(Number(body['members_count'] ?? 0) / rowsAPage);
  const mostPages = ids.size * readsOfOne - pagesOfTeam;
  if (mostPages < 1) return ok(undefined);
  const owner = {kind: 'organization', name: org.context.config().organization} as const;
  const accounts = await accountsOf(org.ask, owner, {ids, mostPages}, options);
  if (!accounts.ok || !accounts.value) return accounts.ok ? ok(undefined) : accounts;
  const inTeam = await loginsIn(org, team.value, options);
  if (!inTeam.ok) return inTeam;
  const known = {team: team.value, accounts: accounts.value, inTeam: inTeam.value};
  return ok((groupId, moves, asked) => changeKnown(org, groupId, moves, known, asked));
}

async function loginsIn(org: Org, team: string, options: CallOptions): Promise<Result<Set<string>>> {
  const path = `${team}/members`;
  const call = {use: 'app', method: 'GET', path, operation: 'list members', missing: teamsRead(org)} as const;
  const rows = await rowsOf(org.ask, call, options);
  return rows.ok ? ok(new Set(rows.value.map(({login}) => textOf(login)?.toLowerCase() ?? ''))) : rows;
}

async function changeKnown(
  org: Org,
  teamId: string,
  {add, remove}: Change,
  known: Known,
  options: CallOptions,
): ReturnType<ChangeMembers> {
  const moves = [...remove.map((id) => ({id, isAdd: false})), ...add.map((id) => ({id, isAdd: true}))];
  for (const {id, isAdd} of moves) {
    const moved = await moveKnown(org, teamId, id, {isAdd, known}, options);
    if (!moved.ok || moved.value === 'missing') return moved;
  }
  return ok('changed');
}

/** What the lists do not tell, or what has changed since, is read anew for this member alone. */
async function moveKnown(
  org: Org,
  teamId: string,
  id: string,
  {isAdd, known}: {isAdd: boolean; known: Known},
  options: CallOptions,
): ReturnType<ChangeMembers> {
  const account = known.accounts.get(id);
  // Who is no member of the organization is in none of its teams.
  if (account === 'unlinked') return isAdd ? failed(notAccepted) : ok('changed');
  const isIn = account !== undefined && known.inTeam.has(account.login.toLowerCase());
  // Not written again: it would make a member of a maintainer.
  if (isIn && isAdd) return ok('changed');
  // The list does not show who was invited to the team: taking out who is not in it begins with a look.
  if (!account || isIn === isAdd) return move(org, teamId, id, isAdd, options);
  const written = await write(org, known.team, account.login, isAdd, options);
  const isOver = written.ok && written.value === 'not there';
  if (isOver) return move(org, teamId, id, isAdd, options);
  return written.ok ? ok('changed') : written;
}
