import type {User} from '../../src/core/event.ts';
import type {DemoEvent} from './company.ts';

/** What a target must hold of one person, in plain terms; absent is none. */
export interface ExpectedUser {
  userName: string;
  active: boolean;
  displayName?: string;
  title?: string;
  department?: string;
  email?: string;
  /** A subject id. */
  manager?: string;
}

/** What a target must hold, by subject id. */
export interface Expected {
  users: Map<string, ExpectedUser>;
  groups: Map<string, {displayName: string; members: Set<string>}>;
}

/**
 * What the events say, worked out without any of the program's own code: the last word on each subject counts, a leaver is
 * in no group, and a userName that the target refuses is not there.
 */
export function expectedOf(events: Iterable<DemoEvent>, refused: ReadonlySet<string>): Expected {
  const expected: Expected = {users: new Map(), groups: new Map()};
  for (const event of events) apply(expected, event);
  for (const [id, {userName}] of expected.users) if (refused.has(userName)) expected.users.delete(id);
  for (const {members} of expected.groups.values())
    for (const id of members) if (!expected.users.has(id)) members.delete(id);
  return expected;
}

function apply({users, groups}: Expected, {user, group, membership, deletion}: DemoEvent): void {
  if (user) {
    users.set(user.id, flatten(user));
    if (!user.active) for (const {members} of groups.values()) members.delete(user.id);
  }
  if (group) {
    const members = group.members ?? groups.get(group.id)?.members ?? [];
    groups.set(group.id, {displayName: group.displayName, members: new Set(members)});
  }
  if (membership) {
    const members = groups.get(membership.groupId)?.members;
    for (const id of membership.added) members?.add(id);
    for (const id of membership.removed) members?.delete(id);
  }
  if (deletion?.kind === 'group') groups.delete(deletion.id);
}

function flatten({userName, active, displayName, title, enterprise, emails}: User): ExpectedUser {
  const texts = {
    displayName,
    title,
    department: enterprise?.department,
    manager: enterprise?.managerId,
    email: emails?.[0]?.value,
  };
  const said = Object.entries(texts).filter(([, text]) => text != null && text !== '');
  return {userName, active, ...Object.fromEntries(said)};
}
