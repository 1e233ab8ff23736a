import {isObject, textOf, type JsonObject} from '../../../src/core/json.ts';
import {
  alreadyActive,
  invalid,
  notFound,
  stillActivating,
  taken,
  wrongStatus,
  type Reply,
} from './refusals.ts';
import {newId, userRow, wrote, type Store, type StoredUser} from './store.ts';

export interface UserRules {
  store: Store;
  /** Attributes that the org added to the profile. */
  customAttributes: string[];
  /** PROVISIONED: the person has to set a password. ACTIVE: the org has made passwords optional. */
  activatesTo: 'PROVISIONED' | 'ACTIVE';
  /** Ids of users who were sent an activation email. */
  mailed: string[];
  /** Requests that an activation or a deactivation takes; 0: it is done when it is answered. */
  transitionRequests: number;
  /** Statuses of an account in which its sessions, grants and clients are not to be had: there are none then. */
  refusesAccessIn: string[];
}

const base = [
  'login email secondEmail firstName lastName middleName honorificPrefix honorificSuffix title displayName nickName profileUrl',
  'primaryPhone mobilePhone streetAddress city state zipCode countryCode postalAddress preferredLanguage locale timezone',
  'userType employeeNumber costCenter organization division department managerId manager',
].flatMap((line) => line.split(' '));
const required = ['login', 'email', 'firstName', 'lastName'];

/** Why the profile is refused, if it is. */
function refuseProfile(rules: UserRules, profile: JsonObject, id?: string): Reply | undefined {
  for (const name of required)
    if (!textOf(profile[name])) return invalid(name, `${name}: The field cannot be left blank`);
  for (const name of Object.keys(profile))
    if (![...base, ...rules.customAttributes].includes(name))
      return invalid(
        'profile',
        `Property name and value restrictions: ${name} is not defined in the user profile`,
      );
  const login = textOf(profile['login'])?.toLowerCase() ?? '';
  if (!login.includes('@'))
    return invalid('login', 'login: Username must be in the form of an email address');
  for (const other of rules.store.users.values())
    if (other.id !== id && textOf(other.profile['login'])?.toLowerCase() === login) return taken('login');
  return undefined;
}

const withoutNulls = (profile: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== null));

export function createUser(rules: UserRules, body: JsonObject, query: URLSearchParams): Reply {
  const profile = isObject(body['profile']) ? body['profile'] : {};
  const refused = refuseProfile(rules, profile);
  if (refused) return refused;
  const at = new Date(rules.store.now()).toISOString();
  const user: StoredUser = {
    id: newId('00u'),
    status: 'STAGED',
    profile: withoutNulls(profile),
    created: at,
    lastUpdated: at,
    sessions: 0,
    grants: [],
    refreshTokens: [],
  };
  rules.store.users.set(user.id, user);
  if (query.get('activate') !== 'false') {
    user.status = rules.activatesTo;
    rules.mailed.push(user.id);
  }
  wrote(rules.store, 'user', user.id);
  return {status: 200, body: userRow(user)};
}

export function updateUser(rules: UserRules, user: StoredUser, body: JsonObject): Reply {
  if (user.heading) return underWay(user.heading.to);
  if (user.status === 'DEPROVISIONED') return wrongStatus();
  const profile = {...user.profile, ...(isObject(body['profile']) ? body['profile'] : {})};
  const refused = refuseProfile(rules, profile, user.id);
  if (refused) return refused;
  user.profile = withoutNulls(profile);
  wrote(rules.store, 'user', user.id);
  return {status: 200, body: userRow(user)};
}

function reach({refusesAccessIn}: UserRules, user: StoredUser, to: string): void {
  user.status = to;
  if (to === 'DEPROVISIONED') user.sessions = 0;
  if (refusesAccessIn.includes(to)) Object.assign(user, {sessions: 0, grants: [], refreshTokens: []});
}

/** Starts a change of status that is answered before it is done. */
function head(rules: UserRules, user: StoredUser, to: string): void {
  const {store, transitionRequests} = rules;
  if (transitionRequests === 0) reach(rules, user, to);
  else user.heading = {to, doneAt: store.requests + transitionRequests};
}

/** Ends the changes of status whose time has come. */
export function arrive(rules: UserRules): void {
  const {store} = rules;
  for (const user of store.users.values()) {
    if (!user.heading || user.heading.doneAt > store.requests) continue;
    reach(rules, user, user.heading.to);
    delete user.heading;
    wrote(store, 'user', user.id);
  }
}

/** What is asked of an account whose status is changing. */
const underWay = (to: string): Reply => (to === 'DEPROVISIONED' ? wrongStatus() : stillActivating());

/** The first call deactivates, the second deletes. */
export function deleteUser(rules: UserRules, user: StoredUser): Reply {
  const {store} = rules;
  if (user.heading) return underWay(user.heading.to);
  if (user.status === 'DEPROVISIONED') {
    store.users.delete(user.id);
    for (const group of store.groups.values()) group.members.delete(user.id);
  } else head(rules, user, 'DEPROVISIONED');
  wrote(store, 'user', user.id);
  return {status: 204};
}

const allowedFrom: Record<string, string[]> = {
  activate: ['STAGED', 'DEPROVISIONED'],
  deactivate: ['STAGED', 'PROVISIONED', 'ACTIVE', 'RECOVERY', 'PASSWORD_EXPIRED', 'LOCKED_OUT', 'SUSPENDED'],
  suspend: ['ACTIVE'],
  unsuspend: ['SUSPENDED'],
};

export function changeStatus(
  rules: UserRules,
  user: StoredUser,
  operation: string,
  query: URLSearchParams,
): Reply {
  const from = allowedFrom[operation];
  if (!from) return notFound(operation, 'Lifecycle');
  if (user.heading) return underWay(user.heading.to);
  if (!from.includes(user.status)) {
    if (operation === 'activate') return user.status === 'ACTIVE' ? alreadyActive() : wrongStatus();
    return operation === 'deactivate'
      ? wrongStatus()
      : invalid(operation, `Cannot ${operation} a user in this status`);
  }
  if (operation === 'activate' || operation === 'deactivate')
    head(rules, user, operation === 'activate' ? rules.activatesTo : 'DEPROVISIONED');
  else user.status = operation === 'suspend' ? 'SUSPENDED' : 'ACTIVE';
  wrote(rules.store, 'user', user.id);
  if (operation !== 'activate') return {status: 200, body: {}};
  if (query.get('sendEmail') !== 'false') {
    rules.mailed.push(user.id);
    return {status: 200, body: {}};
  }
  const activationToken = crypto.randomUUID();
  return {
    status: 200,
    body: {activationUrl: `https://org.example/welcome/${activationToken}`, activationToken},
  };
}
