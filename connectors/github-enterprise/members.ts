import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {CORE_GROUP, type Json} from '../../src/core/resource.ts';
import {objectsOf, textOf, type JsonObject} from '../github/json.ts';
import {read, write, type Scim} from '../github/scim.ts';
import {patchBody} from './mapping.ts';

interface MemberChange {
  add: readonly string[];
  remove: readonly string[];
}

/** The members of a group as it was read. */
export const membersOf = (group: JsonObject | undefined): JsonObject[] => objectsOf(group?.['members']);

/**
 * One PATCH, and where somebody went, a read: GitHub says of users that filters in a path have no effect, and does not say how
 * it is with members. Who is still in is taken out by a PUT of the whole list. Never a `remove` of `members` with a list: by
 * RFC 7644 that removes everybody.
 */
export async function changeMembers(
  scim: Scim,
  groupId: string,
  change: MemberChange,
  options: CallOptions,
): Promise<Result<'changed' | 'missing'>> {
  if (change.add.length + change.remove.length === 0) return ok('changed');
  const request = {
    method: 'PATCH',
    body: patchBody(operationsFor(change)),
    operation: 'change members',
  } as const;
  const written = await write(scim, 'group', groupId, request, options);
  const patched = await settled(scim, groupId, written, options);
  if (!patched.ok || patched.value === 'missing' || change.remove.length === 0) return patched;
  const group = await read(scim, 'group', groupId, options, true);
  if (!group.ok) return group;
  if (!group.value) return ok('missing');
  const isGone = (member: JsonObject): boolean => !change.remove.includes(textOf(member['value']) ?? '');
  const members = membersOf(group.value);
  if (members.every(isGone)) return ok('changed');
  return putMembers(scim, groupId, group.value, members.filter(isGone), options);
}

function operationsFor({add, remove}: MemberChange): {op: string; path: string; value?: Json}[] {
  return [
    ...remove.map((id) => ({op: 'remove', path: `members[value eq ${JSON.stringify(id)}]`})),
    ...(add.length > 0 ? [{op: 'add', path: 'members', value: add.map((value) => ({value}))}] : []),
  ];
}

async function putMembers(
  scim: Scim,
  groupId: string,
  {externalId = null, displayName = null}: JsonObject,
  members: readonly JsonObject[],
  options: CallOptions,
): Promise<Result<'changed' | 'missing'>> {
  const body = {
    schemas: [CORE_GROUP],
    externalId,
    displayName,
    members: members.map(({value = null, display, displayName: shown}) => ({
      value,
      displayName: textOf(display) ?? textOf(shown) ?? '',
    })),
  };
  const request = {method: 'PUT', body, operation: 'change members'} as const;
  return settled(scim, groupId, await write(scim, 'group', groupId, request, options), options);
}

/** A 404 may mean the group or a member: only a group that is gone is `missing`. */
async function settled(
  scim: Scim,
  groupId: string,
  written: Result<'updated' | 'missing' | 'exists'>,
  options: CallOptions,
): Promise<Result<'changed' | 'missing'>> {
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
