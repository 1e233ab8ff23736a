import type {StoredPolicy} from './policies.ts';

export interface StoredUser {
  id: string;
  arn: string;
  name: string;
  /** What a list still calls it while its new name is not shown. */
  oldName?: string;
  path: string;
  tags: Map<string, string>;
  inline: Map<string, string>;
  attached: Set<string>;
  /** Each kind of credential that can be inactive: id and status. */
  keys: Map<string, string>;
  services: Map<string, string>;
  certificates: Map<string, string>;
  ssh: Map<string, string>;
  mfa: Set<string>;
  hasPassword: boolean;
  /** Request by which IAM shows it, and by which it forgets what was removed from it. */
  shownAt: number;
  settledAt: number;
}

export interface StoredGroup {
  id: string;
  name: string;
  path: string;
  /** Ids of users. */
  members: Set<string>;
  attached: Set<string>;
}

export interface Store {
  users: Map<string, StoredUser>;
  groups: Map<string, StoredGroup>;
  /** Customer managed policies, by ARN. */
  policies: Map<string, StoredPolicy>;
  /** Virtual devices, which outlive their deactivation. */
  devices: Set<string>;
  requests: number;
  /** So many requests later a new user or name is shown, and a removal no longer stands in the way of DeleteUser. */
  lag: number;
  /** Actions that are answered by a replica that has not heard of any user yet. */
  behind: Set<string>;
  /** Who asks, as a user, where it is one. */
  caller?: StoredUser;
  pageSize: number;
  groupsPerUser: number;
  /** Characters of all inline policies of one user, blanks not counted; managed policies attached to one. */
  inlinePerUser: number;
  attachedPerUser: number;
}

let serial = 0;
const newId = (prefix: string): string => `${prefix}${String(++serial).padStart(17, '0')}`;

export const newUser = (store: Store, name: string, path: string): StoredUser => ({
  id: newId('AIDA'),
  arn: `arn:aws:iam::123456789012:user${path}${name}`,
  name,
  path,
  tags: new Map(),
  inline: new Map(),
  attached: new Set(),
  keys: new Map(),
  services: new Map(),
  certificates: new Map(),
  ssh: new Map(),
  mfa: new Set(),
  hasPassword: false,
  shownAt: store.requests + store.lag,
  settledAt: 0,
});

export const newGroup = (name: string, path: string): StoredGroup => ({
  id: newId('AGPA'),
  name,
  path,
  members: new Set(),
  attached: new Set(),
});

/** One of everything that a person can come to hold at IAM. */
export function equip(store: Store, user: StoredUser): void {
  const device = `arn:aws:iam::123456789012:mfa/${user.name}`;
  user.keys.set(newId('AKIA'), 'Active').set(newId('AKIA'), 'Inactive');
  user.services.set(newId('ACCA'), 'Active');
  user.certificates.set(newId('CERT'), 'Active');
  user.ssh.set(newId('APKA'), 'Active');
  user.mfa.add(device);
  store.devices.add(device);
  user.hasPassword = true;
  user.attached.add('arn:aws:iam::aws:policy/ReadOnlyAccess');
  user.inline.set('own', '%7B%7D');
  const group = newGroup(`of-${user.id}`, '/');
  group.members.add(user.id);
  store.groups.set(group.id, group);
}
