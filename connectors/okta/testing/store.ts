import type {JsonObject} from '../../../src/core/json.ts';

export interface StoredUser {
  id: string;
  status: string;
  /** A change of status under way, and the request by which it is done. */
  heading?: {to: string; doneAt: number};
  profile: JsonObject;
  created: string;
  lastUpdated: string;
  sessions: number;
  /** Client ids. */
  grants: string[];
  refreshTokens: string[];
}

export interface StoredGroup {
  id: string;
  type: string;
  profile: JsonObject;
  lastUpdated: string;
  members: Set<string>;
}

/** What the org holds, and what its search index knows of that by now. */
export interface Store {
  users: Map<string, StoredUser>;
  groups: Map<string, StoredGroup>;
  /** Requests so far: the index's clock. */
  requests: number;
  /** The index shows a write only so many requests later. */
  searchLag: number;
  index: Map<string, {row: JsonObject | undefined; visibleAt: number}[]>;
  now: () => number;
}

let serial = 0;
export const newId = (prefix: string): string => `${prefix}${String(++serial).padStart(17, '0')}`;

/** A user as a list and a read show it. */
export const userRow = (user: StoredUser): JsonObject => ({
  id: user.id,
  status: user.status,
  ...(user.heading ? {transitioningToStatus: user.heading.to} : {}),
  created: user.created,
  activated: null,
  statusChanged: null,
  lastLogin: null,
  lastUpdated: user.lastUpdated,
  passwordChanged: null,
  type: {id: 'oty0000000000000001'},
  profile: user.profile,
  credentials: {provider: {type: 'OKTA', name: 'OKTA'}},
  _links: {self: {href: `https://org.example/api/v1/users/${user.id}`}},
});

export const groupRow = (group: StoredGroup): JsonObject => ({
  id: group.id,
  created: group.lastUpdated,
  lastUpdated: group.lastUpdated,
  lastMembershipUpdated: group.lastUpdated,
  objectClass: ['okta:user_group'],
  type: group.type,
  profile: group.profile,
});

/** Notes a write: the time of it, and that the index will show it later. */
export function wrote(store: Store, kind: 'user' | 'group', id: string): void {
  const lastUpdated = new Date(store.now()).toISOString();
  const user = store.users.get(id);
  const group = store.groups.get(id);
  const written = kind === 'user' ? user : group;
  if (written) written.lastUpdated = lastUpdated;
  const row = kind === 'user' ? user && userRow(user) : group && groupRow(group);
  const history = store.index.get(id) ?? [];
  history.push({row: row && structuredClone(row), visibleAt: store.requests + store.searchLag});
  store.index.set(id, history);
}

/** What `search` looks through. */
export function indexed(store: Store, kind: 'user' | 'group'): JsonObject[] {
  const prefix = kind === 'user' ? '00u' : '00g';
  return [...store.index].flatMap(([id, history]) => {
    const shown = history.findLast(({visibleAt}) => visibleAt <= store.requests)?.row;
    return shown && id.startsWith(prefix) ? [shown] : [];
  });
}
