import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {JsonObject} from '../../src/core/json.ts';
import type {CallOptions, GroupPort} from '../../src/core/port.ts';
import type {Center} from './client.ts';
import {createResources, filtered, patch, read} from './resources.ts';

interface MemberChange {
  add: readonly string[];
  remove: readonly string[];
}

/** Groups of one Identity Center. Who is in them is never listed: it is asked one person at a time. */
export function createGroups(center: Center): GroupPort {
  return {
    ...createResources(center, 'group'),
    // Developer guide, PatchGroup: membership changes of one request.
    membersPerRequest: 100,
    changeMembers: (groupId, change, options) => changeMembers(center, groupId, change, options),
    hasMember: (groupId, userId, options) => hasMember(center, groupId, userId, options),
  };
}

async function hasMember(
  center: Center,
  groupId: string,
  userId: string,
  options: CallOptions,
): Promise<Result<boolean>> {
  const filter = `id eq ${JSON.stringify(groupId)} and members eq ${JSON.stringify(userId)}`;
  const rows = await filtered(center, 'group', filter, 'read membership', options);
  if (!rows.ok) return rows;
  // The answer shows no members, so it can only be believed where the other half of the filter was kept.
  if (rows.value.some(({id}) => id !== groupId)) return failed(ignored);
  return ok(rows.value.length > 0);
}

const ignored: Failure = {
  kind: 'rejected',
  message: 'the endpoint does not keep to the filter by which memberships are asked',
  cause: 'filter ignored',
};

/**
 * AWS does not document what it says to one who is in, or out, already: a request that is refused goes again with those
 * alone who are not yet where they should be, as asked one by one.
 */
async function changeMembers(
  center: Center,
  groupId: string,
  change: MemberChange,
  options: CallOptions,
): Promise<Result<'changed' | 'missing'>> {
  const tried = await patchMembers(center, groupId, change, options);
  if (tried.ok || !['rejected', 'conflict'].includes(tried.failure.kind)) return tried;
  // A 404 may mean the group or a person.
  const group = await read(center, 'group', groupId, options);
  if (!group.ok) return group;
  if (!group.value) return ok('missing');
  const left = await unsettled(center, groupId, change, options);
  if (!left.ok) return left;
  const isSame =
    left.value.add.length === change.add.length && left.value.remove.length === change.remove.length;
  return isSame ? tried : patchMembers(center, groupId, left.value, options);
}

async function patchMembers(
  center: Center,
  groupId: string,
  {add, remove}: MemberChange,
  options: CallOptions,
): Promise<Result<'changed'>> {
  const operations = [...operationsFor('remove', remove), ...operationsFor('add', add)];
  if (operations.length === 0) return ok('changed');
  const patched = await patch(center, 'group', groupId, operations, options);
  if (!patched.ok) return patched;
  switch (patched.value) {
    case 'updated':
      return ok('changed');
    case 'missing':
      return failed({
        kind: 'rejected',
        message: 'AWS does not know a member',
        cause: '404 member',
        status: 404,
      });
    case 'exists':
      return failed({
        kind: 'conflict',
        message: 'AWS refuses the members',
        cause: '409 members',
        status: 409,
      });
  }
}

/** AWS takes the ids in `value`, and refuses a `remove` without them, which would remove everybody (developer guide, PatchGroup). */
const operationsFor = (op: 'add' | 'remove', ids: readonly string[]): JsonObject[] =>
  ids.length === 0 ? [] : [{op, path: 'members', value: ids.map((value) => ({value}))}];

/** The part of a change that the group does not show yet. */
async function unsettled(
  center: Center,
  groupId: string,
  {add, remove}: MemberChange,
  options: CallOptions,
): Promise<Result<{add: string[]; remove: string[]}>> {
  const left: {add: string[]; remove: string[]} = {add: [], remove: []};
  for (const [side, ids] of [
    ['remove', remove],
    ['add', add],
  ] as const)
    for (const id of ids) {
      const isIn = await hasMember(center, groupId, id, options);
      if (!isIn.ok) return isIn;
      if (isIn.value !== (side === 'add')) left[side].push(id);
    }
  return ok(left);
}
