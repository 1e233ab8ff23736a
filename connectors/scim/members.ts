import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {isObject} from '../../src/core/json.ts';
import type {CallOptions, GroupPort} from '../../src/core/port.ts';
import type {Json, Remote} from '../../src/core/resource.ts';
import {patchBody, type Operation} from './patch.ts';
import type {Profile} from './profile.ts';
import {read, readWhole} from './read.ts';
import {createResources, putOver, write} from './resources.ts';
import type {Service} from './service.ts';

interface MemberChange {
  add: readonly string[];
  remove: readonly string[];
}

/** Groups of one service, and who is in them. */
export function createGroups(service: Service): GroupPort {
  return {
    ...createResources(service, 'group'),
    get membersPerRequest() {
      return service.profile().membersPerRequest;
    },
    changeMembers: (groupId, change, options) => changeMembers(service, groupId, change, options),
    async hasMember(groupId, userId, options) {
      const group = await readWhole(service, 'group', groupId, options);
      return group.ok ? ok(group.value !== undefined && membersOf(group.value).includes(userId)) : group;
    },
  };
}

async function changeMembers(
  service: Service,
  groupId: string,
  change: MemberChange,
  options: CallOptions,
): Promise<Result<'changed' | 'missing'>> {
  if (change.add.length + change.remove.length === 0) return ok('changed');
  return change.remove.length === 0 || service.removals.work
    ? tell(service, groupId, change, options)
    : tellAndProve(service, groupId, change, options);
}

const stillIn: Failure = {
  kind: 'rejected',
  message:
    'the target answered the removal of a member, and reading back shows that the member is still in the group: another ' +
    'memberRemove, or update, of the profile may be what it understands',
  cause: 'member still in',
  maybeDone: true,
};

/**
 * Some services take a removal that they do not understand, or merge a PUT into what is there, and answer as if it were done: the
 * group is read before and after, until a removal of somebody who was shown was seen to work.
 */
async function tellAndProve(
  service: Service,
  groupId: string,
  change: MemberChange,
  options: CallOptions,
): Promise<Result<'changed' | 'missing'>> {
  const before = await readWhole(service, 'group', groupId, options);
  // One that shows no group, or too large a one, has to be believed.
  if (!before.ok)
    return before.failure.kind === 'rejected' ? tell(service, groupId, change, options) : before;
  if (!before.value) return ok('missing');
  const shown = shownIn(before.value, change.remove);
  const told = await tell(service, groupId, change, options);
  if (!told.ok || told.value === 'missing' || shown.length === 0) return told;
  const after = await readWhole(service, 'group', groupId, options);
  if (!after.ok) return failed({...after.failure, maybeDone: true});
  if (!after.value) return ok('missing');
  if (shownIn(after.value, shown).length > 0) return failed(stillIn);
  service.removals.work = true;
  return told;
}

function shownIn(group: Remote, ids: readonly string[]): string[] {
  const members = new Set(membersOf(group));
  return ids.filter((id) => members.has(id));
}

async function tell(
  service: Service,
  groupId: string,
  change: MemberChange,
  options: CallOptions,
): Promise<Result<'changed' | 'missing'>> {
  const usesPut = await service.usesPut(options);
  if (!usesPut.ok) return usesPut;
  if (usesPut.value) return putMembers(service, groupId, change, options);
  const patched = await patchMembers(service, groupId, change, options);
  if (patched.ok || change.remove.length === 0 || !patched.failure.cause.endsWith('noTarget')) return patched;

  // A PATCH is all or nothing, and this one would have removed somebody who is not in: again with those who are.
  const group = await readWhole(service, 'group', groupId, options);
  if (!group.ok) return group;
  if (!group.value) return ok('missing');
  const there = new Set(membersOf(group.value));
  const left = {
    add: change.add.filter((id) => !there.has(id)),
    remove: change.remove.filter((id) => there.has(id)),
  };
  if (left.add.length + left.remove.length === 0) return ok('changed');
  return patchMembers(service, groupId, left, options);
}

async function patchMembers(
  service: Service,
  groupId: string,
  change: MemberChange,
  options: CallOptions,
): Promise<Result<'changed' | 'missing'>> {
  const profile = service.profile();
  const body = patchBody(operationsFor(change, profile), profile);
  return settled(service, groupId, await write(service, 'group', groupId, 'PATCH', body, options), options);
}

/** Never a `remove` of `members` with a list unless the profile says so: by RFC 7644 it removes everybody. */
function operationsFor({add, remove}: MemberChange, {memberAdd, memberRemove}: Profile): Operation[] {
  const operations: Operation[] = [];
  if (memberRemove === 'filter')
    for (const id of remove) operations.push({op: 'remove', path: `members[value eq ${JSON.stringify(id)}]`});
  else if (remove.length > 0)
    operations.push({op: 'remove', path: 'members', value: listOf(remove, memberRemove === 'nested')});
  if (add.length > 0)
    operations.push({op: 'add', path: 'members', value: listOf(add, memberAdd === 'nested')});
  return operations;
}

function listOf(ids: readonly string[], nested: boolean): Json {
  const members = ids.map((value) => ({value}));
  return nested ? {members} : members;
}

async function putMembers(
  service: Service,
  groupId: string,
  change: MemberChange,
  options: CallOptions,
): Promise<Result<'changed' | 'missing'>> {
  const group = await readWhole(service, 'group', groupId, options);
  if (!group.ok) return group;
  if (!group.value) return ok('missing');
  const there = membersOf(group.value);
  const wanted = new Set([...there, ...change.add]);
  for (const id of change.remove) wanted.delete(id);
  if (wanted.size === there.length && there.every((id) => wanted.has(id))) return ok('changed');
  const members = [...wanted].map((value) => ({value}));
  return settled(service, groupId, await putOver(service, 'group', groupId, {members}, options), options);
}

/** A 404 may mean the group or a member: only a group that is gone is `missing`. */
async function settled(
  service: Service,
  groupId: string,
  written: Result<'updated' | 'missing' | 'exists'>,
  options: CallOptions,
): Promise<Result<'changed' | 'missing'>> {
  if (!written.ok) return written;
  if (written.value === 'updated') return ok('changed');
  if (written.value === 'exists')
    return failed({
      kind: 'conflict',
      message: 'the target refuses the members',
      cause: '409 members',
      status: 409,
    });
  const group = await read(service, 'group', groupId, options);
  if (!group.ok) return group;
  if (!group.value) return ok('missing');
  return failed({
    kind: 'rejected',
    message: 'the target does not know a member',
    cause: '404 member',
    status: 404,
  });
}

function membersOf(group: Remote): string[] {
  const members = group.attributes['members'];
  if (!Array.isArray(members)) return [];
  return members.flatMap((member) => {
    const value = isObject(member) ? member['value'] : member;
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
  });
}
