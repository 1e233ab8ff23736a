import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {isObject, textOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions, GroupPort, LookUp} from '../../src/core/port.ts';
import type {Attributes, Remote} from '../../src/core/resource.ts';
import type {Call} from '../github/client.ts';
import {isTaken, unknownAnswer} from '../github/errors.ts';
import {pages, rowsIn} from '../github/pages.ts';
import {changeMembers, hasMember} from './members.ts';
import {prepareMembers} from './prepared.ts';
import {askAbout, teamsRead, type Org} from './org.ts';

type Update = Parameters<GroupPort['update']>[1];

/** The teams of one organization, by their numbers. One request moves one member. */
export function createTeams(org: Org): GroupPort {
  return {
    membersPerRequest: 1,
    find: (lookUp, options) => findTeam(org, lookUp, options),
    get: async (id, options) => {
      const team = await readTeam(org, id, options);
      return team.ok ? ok(team.value && toRemote(team.value)) : team;
    },
    create: (attributes, options) => createTeam(org, attributes, options),
    update: (id, update, options) => renameTeam(org, id, update, options),
    remove: (id, options) => removeTeam(org, id, options),
    list: (options) => listTeams(org, options),
    changeMembers: (groupId, change, options) => changeMembers(org, groupId, change, options),
    prepareMembers: (groupId, change, options) => prepareMembers(org, groupId, change, options),
    hasMember: (groupId, userId, options) => hasMember(org, groupId, userId, options),
  };
}

/** An enterprise's teams are shown in its organizations, and can not be changed there. */
const isOwn = (team: JsonObject): boolean => team['type'] !== 'enterprise';

function toRemote({id, name}: JsonObject): Remote | undefined {
  if (typeof id !== 'number') return undefined;
  return {id: String(id), attributes: {...(textOf(name) === undefined ? {} : {displayName: name ?? null})}};
}

/** Teams have a name and nothing that could hold an externalId. */
async function findTeam(
  org: Org,
  {by, value}: LookUp,
  options: CallOptions,
): Promise<Result<Remote | undefined>> {
  if (by !== 'displayName') return ok(undefined);
  for await (const page of listOwn(org, options)) {
    if (!page.ok) return page;
    // The names of an organization's teams are unique.
    const team = page.value.find(({name}) => name === value);
    if (team) return ok(toRemote(team));
  }
  return ok(undefined);
}

async function* listOwn(org: Org, options: CallOptions): AsyncGenerator<Result<JsonObject[]>> {
  const call: Call = {use: 'app', method: 'GET', path: org.path('/teams'), operation: 'list teams'};
  for await (const page of pages(org.ask, call, options)) yield page.ok ? ok(page.value.filter(isOwn)) : page;
}

async function* listTeams(org: Org, options: CallOptions): AsyncGenerator<Result<Remote[]>> {
  for await (const page of listOwn(org, options))
    yield page.ok ? ok(page.value.flatMap((team) => toRemote(team) ?? [])) : page;
}

async function readTeam(org: Org, id: string, options: CallOptions): Promise<Result<JsonObject | undefined>> {
  const path = await org.teamPath(id, '', options);
  if (!path.ok) return path;
  const answered = await org.ask(
    {use: 'app', method: 'GET', path: path.value, operation: 'read team', missing: teamsRead(org)},
    options,
  );
  if (!answered.ok) return answered;
  const {body, status, exchange} = answered.value;
  if (status === 404) return ok(undefined);
  return isObject(body) && typeof body['id'] === 'number' ? ok(body) : unknownAnswer(exchange, status);
}

async function createTeam(
  org: Org,
  attributes: Attributes,
  options: CallOptions,
): Promise<Result<Remote | 'exists'>> {
  const answered = await askAbout(
    org,
    {
      use: 'app',
      method: 'POST',
      path: org.path('/teams'),
      body: {name: attributes['displayName'] ?? '', privacy: org.context.config().teamPrivacy},
      operation: 'create team',
    },
    options,
  );
  if (!answered.ok) return isTaken(answered.failure) ? ok('exists') : answered;
  const {body, status, exchange} = answered.value;
  const remote = isObject(body) ? toRemote(body) : undefined;
  return remote ? ok(remote) : unknownAnswer(exchange, status);
}

/** A team has but its name: its members, its parent and its repositories stay. */
async function renameTeam(
  org: Org,
  id: string,
  {desired, current, changed}: Update,
  options: CallOptions,
): Promise<Result<'updated' | 'missing' | 'exists'>> {
  const {displayName} = desired;
  const isSaid =
    typeof displayName === 'string' && (current !== undefined || (changed?.includes('displayName') ?? true));
  if (!isSaid || current?.attributes['displayName'] === displayName) return ok('updated');
  const path = await org.teamPath(id, '', options);
  if (!path.ok) return path;
  const call: Call = {
    use: 'app',
    method: 'PATCH',
    path: path.value,
    body: {name: displayName},
    operation: 'update team',
    missing: teamsRead(org),
  };
  const answered = await askAbout(org, call, options);
  if (!answered.ok) return isTaken(answered.failure) ? ok('exists') : answered;
  return ok(answered.value.status === 404 ? 'missing' : 'updated');
}

const hasChildren: Failure = {
  kind: 'rejected',
  message:
    'the team has child teams, which GitHub would delete with it: move them, or delete the team by hand if that is meant',
  cause: 'team has child teams',
};

/** Only a team that has none below it: an owner's deletion of a parent takes all of them with it. */
async function removeTeam(
  org: Org,
  id: string,
  options: CallOptions,
): Promise<Result<'removed' | 'missing'>> {
  const path = await org.teamPath(id, '', options);
  if (!path.ok) return path;
  const below: Call = {
    use: 'app',
    method: 'GET',
    path: `${path.value}/teams`,
    query: {per_page: '1'},
    operation: 'read child teams',
    missing: teamsRead(org),
  };
  const read = await org.ask(below, options);
  if (!read.ok) return read;
  if (read.value.status === 404) return ok('missing');
  const children = rowsIn(read.value);
  if (!children.ok) return children;
  if (children.value.length > 0) return failed(hasChildren);
  const call: Call = {
    use: 'app',
    method: 'DELETE',
    path: path.value,
    operation: 'delete team',
    missing: teamsRead(org),
  };
  const answered = await askAbout(org, call, options);
  if (!answered.ok) return answered;
  return ok(answered.value.status === 404 ? 'missing' : 'removed');
}
