import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {objectsOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {read, write, type Scim} from '../github/scim.ts';
import type {Enterprise} from './enterprise.ts';
import {patchBody} from './mapping.ts';

interface MemberChange {
  add: readonly string[];
  remove: readonly string[];
}

type Moved = Result<'changed' | 'missing'>;

/** The members of a group as it was read. */
export const membersOf = (group: JsonObject | undefined): JsonObject[] => objectsOf(group?.['members']);

/**
 * One PATCH for who goes, by a filter in the path (RFC 7644 section 3.5.2.2), and one for who comes. GitHub says of users that
 * such filters have no effect, and nothing of members: so the group is read before and after. Never a `remove` of `members` with
 * a list: by the RFC that removes everybody. Never a PUT of what was read: suspended people are hidden from their groups.
 */
export async function changeMembers(
  enterprise: Enterprise,
  groupId: string,
  {add, remove}: MemberChange,
  options: CallOptions,
): Promise<Moved> {
  const removed = remove.length > 0 ? await takeOut(enterprise, groupId, remove, options) : undefined;
  if (removed && (!removed.ok || removed.value === 'missing')) return removed;
  if (add.length === 0) return ok('changed');
  const value = add.map((id) => ({value: id}));
  const added = await patchMembers(enterprise, groupId, [{op: 'add', path: 'members', value}], options);
  return removed ? afterWrite(added) : added;
}

async function takeOut(
  enterprise: Enterprise,
  groupId: string,
  ids: readonly string[],
  options: CallOptions,
): Promise<Moved> {
  const {scim, memberFilters} = enterprise;
  const before = await read(scim, 'group', groupId, options, true);
  if (!before.ok) return before;
  if (!before.value) return ok('missing');
  const shown = shownIn(before.value, ids);
  const removed = await removeMembers(enterprise, groupId, ids, options);
  if (!removed.ok || removed.value === 'missing') return removed;
  if (shown.length > 0) {
    const after = await read(scim, 'group', groupId, options, true);
    if (!after.ok) return afterWrite(after);
    if (!after.value) return ok('missing');
    memberFilters.work = shownIn(after.value, shown).length === 0;
    if (!memberFilters.work) return failed(stillIn);
  }
  const unseen = ids.filter((id) => !shown.includes(id));
  return memberFilters.work ? ok('changed') : afterWrite(await noneHidden(enterprise, unseen, options));
}

/** Who is not in may be answered with `noTarget`, and all of the request is refused then: one by one, that is done. */
async function removeMembers(
  enterprise: Enterprise,
  groupId: string,
  ids: readonly string[],
  options: CallOptions,
): Promise<Moved> {
  const operations = ids.map((id) => ({op: 'remove', path: `members[value eq ${JSON.stringify(id)}]`}));
  const removed = await patchMembers(enterprise, groupId, operations, options);
  if (removed.ok || removed.failure.cause !== '400 noTarget') return removed;
  if (ids.length === 1) return ok('changed');
  for (const id of ids) {
    const alone = await removeMembers(enterprise, groupId, [id], options);
    if (!alone.ok || alone.value === 'missing') return afterWrite(alone);
  }
  return ok('changed');
}

/** Who can be seen, and was not in, is out. Of who is suspended no read tells. */
async function noneHidden(
  {scim}: Enterprise,
  ids: readonly string[],
  options: CallOptions,
): Promise<Result<'changed'>> {
  for (const id of ids) {
    const user = await read(scim, 'user', id, options);
    if (!user.ok) return user;
    if (user.value?.['active'] === false) return failed(notShown);
  }
  return ok('changed');
}

async function patchMembers(
  {scim}: Enterprise,
  groupId: string,
  operations: Parameters<typeof patchBody>[0],
  options: CallOptions,
): Promise<Moved> {
  const request = {method: 'PATCH', body: patchBody(operations), operation: 'change members'} as const;
  return settled(scim, groupId, await write(scim, 'group', groupId, request, options), options);
}

const shownIn = (group: JsonObject, ids: readonly string[]): string[] => {
  const members = new Set(membersOf(group).map(({value}) => value));
  return ids.filter((id) => members.has(id));
};

const afterWrite = <T>(result: Result<T>): Result<T> =>
  result.ok ? result : failed({...result.failure, maybeDone: true});

const stillIn: Failure = {
  kind: 'rejected',
  message:
    'GitHub answered the removal of a member, and reading back shows that the member is still in the group',
  cause: 'member still in',
  maybeDone: true,
};

const notShown: Failure = {
  kind: 'unresolved',
  message:
    'GitHub hides suspended people from their groups, so that the removal can not be read back: it counts once a removal of ' +
    'somebody who is shown was seen to work',
  cause: 'removal not shown',
  maybeDone: true,
};

/** A 404 may mean the group or a member: only a group that is gone is `missing`. */
async function settled(
  scim: Scim,
  groupId: string,
  written: Result<'updated' | 'missing' | 'exists'>,
  options: CallOptions,
): Promise<Moved> {
  if (!written.ok) return written;
  if (written.value === 'updated') return ok('changed');
  if (written.value === 'exists') return failed(refusedMembers);
  const group = await read(scim, 'group', groupId, options);
  if (!group.ok) return group;
  return group.value ? failed(unknownMember) : ok('missing');
}

const refusedMembers: Failure = {
  kind: 'conflict',
  message: 'GitHub refuses the members',
  cause: '409 members',
  status: 409,
};

const unknownMember: Failure = {
  kind: 'rejected',
  message: 'GitHub does not know a member',
  cause: '404 member',
  status: 404,
};
