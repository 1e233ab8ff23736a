import type {Group} from '@aws-sdk/client-iam';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions, ChangeMembers, GroupPort} from '../../src/core/port.ts';
import type {Remote} from '../../src/core/resource.ts';
import type {Account} from './account.ts';
import {nextOf} from './directory.ts';
import {isMissing, isOwnerMissing, isTaken, notVisible} from './errors.ts';
import {held} from './holding.ts';
import {memberships} from './holdings.ts';
import {exists} from './users.ts';

/** The groups of one account, below the configured path. IAM's groups have no tags: they are known by name alone. */
export function createGroups(account: Account): GroupPort {
  return {
    membersPerRequest: 1,
    async find({by, value}, options) {
      if (by !== 'displayName') return ok(undefined);
      const group = await account.groups.readByName(value, options);
      if (!group.ok) return group;
      return ok(group.value?.GroupName === value ? toRemote(group.value) : undefined);
    },
    async get(id, options) {
      const group = await account.groups.look(id, options);
      return group.ok ? ok(group.value && toRemote(group.value)) : group;
    },
    create: ({displayName}, options) =>
      create(account, typeof displayName === 'string' ? displayName : '', options),
    update: (id, {desired}, options) => rename(account, id, desired['displayName'], options),
    remove: (id, options) => remove(account, id, options),
    async *list(options) {
      for await (const page of account.groups.list(options))
        yield page.ok ? ok(page.value.map(toRemote)) : page;
    },
    async changeMembers(groupId, change, options) {
      const moves = await movesIn(account, groupId, options);
      if (!moves.ok) return moves;
      return moves.value === 'missing' ? ok('missing') : moves.value(groupId, change, options);
    },
    prepareMembers: (groupId, _change, options) => movesIn(account, groupId, options),
    hasMember: (groupId, userId, options) => hasMember(account, groupId, userId, options),
  };
}

const toRemote = ({GroupId = '', GroupName = ''}: Group): Remote => ({
  id: GroupId,
  attributes: {displayName: GroupName},
});

async function create(
  {aws, config, groups}: Account,
  GroupName: string,
  options: CallOptions,
): Promise<Result<Remote | 'exists'>> {
  const input = {GroupName, Path: config().path};
  const made = await aws.ask('CreateGroup', options, (iam, passed) => iam.createGroup(input, passed));
  if (!made.ok) return isTaken(made.failure) ? exists(groups, GroupName, options) : made;
  const id = made.value.Group?.GroupId;
  if (!id)
    return failed({
      kind: 'rejected',
      message: 'IAM answered something that it does not document',
      cause: '200 undocumented',
      maybeDone: true,
    });
  groups.named(id, GroupName);
  return ok({id, attributes: {displayName: GroupName}});
}

async function rename(
  {aws, groups}: Account,
  id: string,
  name: unknown,
  options: CallOptions,
): Promise<Result<'updated' | 'missing' | 'exists'>> {
  const group = await groups.read(id, options);
  if (!group.ok) return group;
  if (!group.value) return ok('missing');
  if (typeof name !== 'string' || name === '' || name === group.value.GroupName) return ok('updated');
  const input = {GroupName: group.value.GroupName, NewGroupName: name};
  const renamed = await aws.ask('UpdateGroup', options, (iam, passed) => iam.updateGroup(input, passed));
  if (renamed.ok) {
    groups.named(id, name);
    return ok('updated');
  }
  if (isTaken(renamed.failure)) return ok('exists');
  return isMissing(renamed.failure) ? failed(notVisible) : renamed;
}

/** DeleteGroup is refused while there are members, which go first, or policies, which are a person's to take off. */
async function remove(
  {aws, groups}: Account,
  id: string,
  options: CallOptions,
): Promise<Result<'removed' | 'missing'>> {
  const group = await groups.read(id, options);
  if (!group.ok) return group;
  if (!group.value) return ok('missing');
  const {GroupName = ''} = group.value;
  const policies = await hasPolicies({aws}, GroupName, options);
  if (!policies.ok) return policies;
  if (policies.value) return failed(withPolicies);
  for (let next: {Marker?: string} | undefined = {}; next;) {
    const input = {GroupName, ...next};
    const page = await aws.askIfThere('GetGroup', options, (iam, passed) => iam.getGroup(input, passed));
    if (!page.ok) return page;
    for (const {UserName = ''} of page.value?.Users ?? []) {
      const out = await move({aws}, 'RemoveUserFromGroup', GroupName, UserName, options);
      if (!out.ok) return out;
    }
    const {next: marker} = nextOf(page.value ?? {});
    next = marker === undefined ? undefined : {Marker: marker};
  }
  const deleted = await aws.askIfThere('DeleteGroup', options, (iam, passed) =>
    iam.deleteGroup({GroupName}, passed),
  );
  if (deleted.ok || deleted.failure.maybeDone) groups.forget(id);
  return deleted.ok ? ok('removed') : deleted;
}

const withPolicies: Failure = {
  kind: 'rejected',
  message: 'the group holds policies: take them off at IAM, and replay this',
  cause: 'group with policies',
};

async function hasPolicies(
  {aws}: Pick<Account, 'aws'>,
  GroupName: string,
  options: CallOptions,
): Promise<Result<boolean>> {
  const attached = await aws.askIfThere('ListAttachedGroupPolicies', options, (iam, passed) =>
    iam.listAttachedGroupPolicies({GroupName, MaxItems: 1}, passed),
  );
  if (!attached.ok || (attached.value?.AttachedPolicies ?? []).length > 0)
    return attached.ok ? ok(true) : attached;
  const inline = await aws.askIfThere('ListGroupPolicies', options, (iam, passed) =>
    iam.listGroupPolicies({GroupName, MaxItems: 1}, passed),
  );
  return inline.ok ? ok((inline.value?.PolicyNames ?? []).length > 0) : inline;
}

/** `missing`: who is to go out was not in. */
async function move(
  {aws}: Pick<Account, 'aws'>,
  operation: 'AddUserToGroup' | 'RemoveUserFromGroup',
  GroupName: string,
  UserName: string,
  options: CallOptions,
): Promise<Result<'moved' | 'missing'>> {
  const input = {GroupName, UserName};
  const moved = await aws.ask(operation, options, async (iam, passed) => {
    if (operation === 'AddUserToGroup') await iam.addUserToGroup(input, passed);
    else await iam.removeUserFromGroup(input, passed);
    return 'moved' as const;
  });
  if (moved.ok || !isMissing(moved.failure)) return moved;
  // Both were read a moment ago.
  const isOut = operation === 'RemoveUserFromGroup' && !isOwnerMissing(moved.failure);
  return isOut ? ok('missing') : failed(notVisible);
}

/** Reads the group once; each member is read before it is moved, as its name may be another's by now. */
async function movesIn(
  account: Account,
  groupId: string,
  options: CallOptions,
): Promise<Result<ChangeMembers | 'missing'>> {
  const group = await account.groups.read(groupId, options);
  if (!group.ok) return group;
  if (!group.value) return ok('missing');
  const {GroupName = ''} = group.value;
  return ok((_groupId, change, asked) => changeMembers(account, GroupName, change, asked));
}

async function changeMembers(
  account: Account,
  GroupName: string,
  {add, remove: out}: Parameters<ChangeMembers>[1],
  options: CallOptions,
): Promise<Result<'changed'>> {
  const moves = [
    ...out.map((id) => ({id, operation: 'RemoveUserFromGroup'}) as const),
    ...add.map((id) => ({id, operation: 'AddUserToGroup'}) as const),
  ];
  for (const {id, operation} of moves) {
    const user = await account.users.read(id, options);
    if (!user.ok) return user;
    if (!user.value && operation === 'AddUserToGroup') return failed(unknownMember);
    if (!user.value) continue;
    const moved = await move(account, operation, GroupName, user.value.UserName ?? '', options);
    if (!moved.ok) return moved;
  }
  return ok('changed');
}

const unknownMember: Failure = {
  kind: 'rejected',
  message: 'IAM does not know a member',
  cause: '404 member',
  status: 404,
};

/** A user is in ten groups at most unless the quota was raised, and a group may be large. */
async function hasMember(
  {aws, users, groups}: Account,
  groupId: string,
  userId: string,
  options: CallOptions,
): Promise<Result<boolean>> {
  const user = await users.read(userId, options);
  if (!user.ok || !user.value) return user.ok ? ok(false) : user;
  const group = await groups.read(groupId, options);
  if (!group.ok || !group.value) return group.ok ? ok(false) : group;
  const {GroupName} = group.value;
  const found = await held(aws, memberships, user.value.UserName ?? '', options);
  return found.ok ? ok(found.value.some(({id}) => id === GroupName)) : found;
}
