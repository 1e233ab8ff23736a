import {
  conflict,
  done,
  groupXml,
  invalid,
  noSuch,
  paged,
  refuse,
  taken,
  userXml,
  type Reply,
} from './answers.ts';
import {newGroup, type Store, type StoredGroup} from './store.ts';
import {isName, shownUser} from './users.ts';

const groupNamed = (store: Store, name: string | null): StoredGroup | undefined =>
  [...store.groups.values()].find((group) => group.name.toLowerCase() === name?.toLowerCase());

const groupsOf = (store: Store, userId: string): StoredGroup[] =>
  [...store.groups.values()].filter(({members}) => members.has(userId));

/** Every action that is about groups; nothing for another. */
export function groupAction(store: Store, action: string, params: URLSearchParams): Reply | undefined {
  const name = params.get('GroupName') ?? '';
  if (action === 'ListGroups') {
    const rows = [...store.groups.values()].filter(({path}) =>
      path.startsWith(params.get('PathPrefix') ?? '/'),
    );
    return paged('Groups', rows.map(groupXml), params, store.pageSize);
  }
  if (action === 'ListGroupsForUser') {
    const user = shownUser(store, action, params.get('UserName'));
    return user
      ? paged('Groups', groupsOf(store, user.id).map(groupXml), params, store.pageSize)
      : noSuch('user');
  }
  if (!isName(name, 128)) return invalid('groupName');
  if (action === 'CreateGroup') {
    if (groupNamed(store, name)) return taken(`Group with name ${name}`);
    const made = newGroup(name, params.get('Path') ?? '/');
    store.groups.set(made.id, made);
    return done({Group: groupXml(made)});
  }
  const group = groupNamed(store, name);
  return group ? own(store, group, action, params) : noSuch(`group with name ${name}`);
}

function own(store: Store, group: StoredGroup, action: string, params: URLSearchParams): Reply | undefined {
  switch (action) {
    case 'GetGroup': {
      const members = [...group.members].flatMap((id) => store.users.get(id) ?? []);
      return paged(
        'Users',
        members.map((user) => userXml(user, false)),
        params,
        store.pageSize,
        {Group: groupXml(group)},
      );
    }
    case 'UpdateGroup': {
      const name = params.get('NewGroupName') ?? group.name;
      const other = groupNamed(store, name);
      if (!isName(name, 128)) return invalid('newGroupName');
      if (other && other !== group) return taken(`Group with name ${name}`);
      group.name = name;
      return done();
    }
    case 'DeleteGroup':
      if (group.members.size > 0) return conflict('remove users from group');
      if (group.attached.size > 0) return conflict('detach all policies');
      store.groups.delete(group.id);
      return done();
    case 'ListAttachedGroupPolicies':
      return paged(
        'AttachedPolicies',
        [...group.attached].map((PolicyArn) => ({PolicyArn})),
        params,
        store.pageSize,
      );
    case 'ListGroupPolicies':
      return paged('PolicyNames', [], params, store.pageSize);
    case 'AddUserToGroup':
    case 'RemoveUserFromGroup':
      return move(store, group, action, params.get('UserName'));
  }
  return undefined;
}

/** Adding twice is no error; removing who is not in is (API_RemoveUserFromGroup: NoSuchEntity). */
function move(store: Store, group: StoredGroup, action: string, name: string | null): Reply {
  const user = shownUser(store, action, name);
  if (!user) return noSuch(`user with name ${name ?? ''}`);
  if (action === 'RemoveUserFromGroup')
    return group.members.delete(user.id) ? done() : noSuch('user in the group');
  if (!group.members.has(user.id) && groupsOf(store, user.id).length >= store.groupsPerUser)
    return refuse(409, 'LimitExceeded', 'Cannot exceed quota for GroupsPerUser: 10');
  group.members.add(user.id);
  return done();
}
