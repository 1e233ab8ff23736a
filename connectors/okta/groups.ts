import {failed, ok, type Result} from '../../src/core/failure.ts';
import {isObject, textOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions, GroupPort, LookUp} from '../../src/core/port.ts';
import type {Attributes, Remote} from '../../src/core/resource.ts';
import {isTaken} from './errors.ts';
import {find} from './find.ts';
import {differing} from './mapping.ts';
import {act, groupPath, readById, userPath, type Org} from './org.ts';
import {objectOf, pages, rowsOf} from './pages.ts';

type Update = Parameters<GroupPort['update']>[1];

/** Groups of other types are an app's or Okta's own, and can not be written. */
const OKTA_GROUP = 'type eq "OKTA_GROUP"';

/** The Okta groups of one org, and who is in them. One request moves one member. */
export function createGroups(org: Org): GroupPort {
  return {
    membersPerRequest: 1,
    find: (lookUp, options) => findGroup(org, lookUp, options),
    get: async (id, options) => {
      const group = await readById(org, 'group', id, options);
      return group.ok ? ok(group.value && toRemote(org, group.value)) : group;
    },
    create: (attributes, options) => create(org, attributes, options),
    update: (id, update, options) => updateGroup(org, id, update, options),
    remove: async (id, options) => {
      const removed = await act(
        org,
        {method: 'DELETE', path: groupPath(id), operation: 'delete group'},
        options,
      );
      return removed.ok ? ok(removed.value === 'missing' ? 'missing' : 'removed') : removed;
    },
    list: (options) => list(org, options),
    changeMembers: (groupId, change, options) => changeMembers(org, groupId, change, options),
    hasMember: async (groupId, userId, options) => {
      // A person is in few groups, and a group may have a hundred thousand members.
      const call = {
        method: 'GET',
        path: userPath(userId, '/groups'),
        operation: 'read memberships',
        missing: true,
      } as const;
      const groups = await rowsOf(org.ask, call, options);
      return groups.ok ? ok((groups.value ?? []).some((group) => group['id'] === groupId)) : groups;
    },
  };
}

function toProfile(org: Org, {displayName, externalId}: Attributes): JsonObject {
  const attribute = org.context.config().groupExternalIdAttribute;
  return {
    ...(typeof displayName === 'string' ? {name: displayName} : {}),
    ...(attribute !== undefined && externalId !== undefined ? {[attribute]: externalId} : {}),
  };
}

function toRemote(org: Org, group: JsonObject): Remote | undefined {
  const id = textOf(group['id']);
  if (id === undefined || !isObject(group['profile'])) return undefined;
  const {name} = group['profile'];
  const attribute = org.context.config().groupExternalIdAttribute;
  const externalId = attribute === undefined ? undefined : textOf(group['profile'][attribute]);
  return {
    id,
    attributes: {
      ...(typeof name === 'string' ? {displayName: name} : {}),
      ...(externalId === undefined ? {} : {externalId}),
    },
  };
}

async function findGroup(
  org: Org,
  {by, value}: LookUp,
  options: CallOptions,
): Promise<Result<Remote | undefined>> {
  const attribute = by === 'displayName' ? 'name' : org.context.config().groupExternalIdAttribute;
  if (by === 'userName' || attribute === undefined) return ok(undefined);
  const matches = (row: JsonObject): boolean =>
    row['type'] === 'OKTA_GROUP' && isObject(row['profile']) && row['profile'][attribute] === value;
  const found = await find(org, {kind: 'group', attribute, value, matches, only: OKTA_GROUP}, options);
  return found.ok ? ok(found.value && toRemote(org, found.value)) : found;
}

async function create(
  org: Org,
  attributes: Attributes,
  options: CallOptions,
): Promise<Result<Remote | 'exists'>> {
  const wanted = toProfile(org, attributes);
  const profile = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null));
  const call = {method: 'POST', path: '/api/v1/groups', body: {profile}, operation: 'create group'} as const;
  const answered = await org.ask(call, options);
  if (!answered.ok) return isTaken(answered.failure) ? ok('exists') : answered;
  const group = objectOf(answered.value);
  if (!group.ok) return group;
  return ok(toRemote(org, group.value) ?? {id: textOf(group.value['id']) ?? '', attributes: {}});
}

/** A group's profile can only be replaced: what others wrote there is read first, and goes back with it. */
async function updateGroup(
  org: Org,
  id: string,
  {desired, current}: Update,
  options: CallOptions,
): Promise<Result<'updated' | 'missing' | 'exists'>> {
  const wanted = toProfile(org, desired);
  const isSame = (profile: JsonObject): boolean => Object.keys(differing(wanted, profile)).length === 0;
  if (current && isSame(toProfile(org, current.attributes))) return ok('updated');
  const group = await readById(org, 'group', id, options);
  if (!group.ok) return group;
  if (!group.value) return ok('missing');
  const there = isObject(group.value['profile']) ? group.value['profile'] : {};
  if (isSame(there)) return ok('updated');
  const body = {profile: {...there, ...wanted}};
  const call = {method: 'PUT', path: groupPath(id), body, operation: 'update group', missing: true} as const;
  const answered = await org.ask(call, options);
  if (!answered.ok) return isTaken(answered.failure) ? ok('exists') : answered;
  return ok(answered.value.status === 404 ? 'missing' : 'updated');
}

async function* list(org: Org, options: CallOptions): AsyncGenerator<Result<Remote[]>> {
  const query = {filter: OKTA_GROUP, limit: '200'};
  const call = {method: 'GET', path: '/api/v1/groups', query, operation: 'list groups'} as const;
  for await (const page of pages(org.ask, call, options)) {
    yield page.ok ? ok(page.value.flatMap((group) => toRemote(org, group) ?? [])) : page;
  }
}

async function changeMembers(
  org: Org,
  groupId: string,
  change: {add: readonly string[]; remove: readonly string[]},
  options: CallOptions,
): Promise<Result<'changed' | 'missing'>> {
  const moves = [
    ...change.remove.map((id) => ({id, method: 'DELETE', operation: 'remove member'}) as const),
    ...change.add.map((id) => ({id, method: 'PUT', operation: 'add member'}) as const),
  ];
  for (const {id, method, operation} of moves) {
    const path = groupPath(groupId, `/users/${encodeURIComponent(id)}`);
    const moved = await act(org, {method, path, operation}, options);
    if (!moved.ok) return moved;
    if (moved.value === 'done') continue;
    // A 404 may mean the group or the person: only a group that is gone is `missing`.
    const group = await readById(org, 'group', groupId, options);
    if (!group.ok) return group;
    if (!group.value) return ok('missing');
    if (method === 'PUT') return failed(unknownMember);
  }
  return ok('changed');
}

const unknownMember = {
  kind: 'rejected',
  message: 'Okta does not know a member',
  cause: '404 member',
  status: 404,
} as const;
