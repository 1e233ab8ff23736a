import {isObject, textOf, type JsonObject} from '../../../src/core/json.ts';
import type {Json} from '../../../src/core/resource.ts';
import {createGroup, deleteGroup, replaceGroup, type GroupRules} from './groups.ts';
import {listResources, page, type ListRules} from './lists.ts';
import {forbidden, notFound, refusal, wrongStatus, type Reply} from './refusals.ts';
import {groupRow, userRow, type StoredUser} from './store.ts';
import {changeStatus, createUser, deleteUser, updateUser, type UserRules} from './users.ts';

export interface OrgRules extends UserRules, GroupRules, ListRules {
  /** The account that made the API token. */
  ownerId: string;
  ownerRoles: string[];
  mayReadSchema: boolean;
  mayReadTokens: boolean;
  /** Whether the credential may read which roles its own account has. */
  mayReadRoles: boolean;
  /** False where the role of the credential covers no writing. */
  mayWrite: boolean;
  /** Accounts that the role of the credential does not cover: none of their own resources is to be had. */
  beyondRole: Set<string>;
}

export interface Asked {
  operation: string;
  path: string[];
  url: URL;
  body: Json | undefined;
}

const sample = '2026-01-05T08:00:00.000Z';

/** What the org does, by the operation's name in the published document. */
export function perform(rules: OrgRules, asked: Asked): Reply {
  const {operation, path, url} = asked;
  const query = url.searchParams;
  const body: JsonObject = isObject(asked.body) ? asked.body : {};
  // Okta looks at the right before it looks at what is to be written.
  if (!rules.mayWrite && !/^(list|get)/.test(operation)) return forbidden();
  switch (operation) {
    case 'listUsers':
      return listResources(rules, 'user', query, url);
    case 'createUser':
      return createUser(rules, body, query);
    case 'listGroups':
      return listResources(rules, 'group', query, url);
    case 'addGroup':
      return createGroup(rules, body);
    case 'getUserSchema':
      return rules.mayReadSchema ? schema(rules.customAttributes) : forbidden();
    case 'getGroupSchema':
      return rules.mayReadSchema ? schema(rules.customGroupAttributes) : forbidden();
    case 'listApiTokens': {
      const token = {
        id: '00T1',
        name: 'avro-scim',
        userId: rules.ownerId,
        created: sample,
        tokenWindow: 'P30D',
      };
      return rules.mayReadTokens ? {status: 200, body: [token]} : forbidden();
    }
    default:
      return path[3] === 'groups' ? performOnGroup(rules, asked, body) : performOnUser(rules, asked, body);
  }
}

function schema(custom: readonly string[]): Reply {
  const attributes = (names: readonly string[]): JsonObject =>
    Object.fromEntries(names.map((name) => [name, {title: name, type: 'string'}]));
  const definitions = {
    base: {id: '#base', type: 'object', properties: attributes(['login', 'email', 'firstName', 'lastName'])},
    custom: {id: '#custom', type: 'object', properties: attributes(custom)},
  };
  return {
    status: 200,
    body: {id: 'https://org.example/meta/schemas/user/default', type: 'object', definitions},
  };
}

function performOnGroup(rules: OrgRules, {operation, path}: Asked, body: JsonObject): Reply {
  const [groupId = '', , userId = ''] = path.slice(4);
  const group = rules.store.groups.get(groupId);
  if (!group) return notFound(groupId, 'UserGroup');
  switch (operation) {
    case 'getGroup':
      return {status: 200, body: groupRow(group)};
    case 'replaceGroup':
      return replaceGroup(rules, group, body);
    case 'deleteGroup':
      return deleteGroup(rules, group);
    case 'assignUserToGroup':
      if (!rules.store.users.has(userId)) return notFound(userId, 'User');
      group.members.add(userId);
      return {status: 204};
    case 'unassignUserFromGroup':
      group.members.delete(userId);
      return {status: 204};
    default:
      return refusal(405, 'E0000022', 'The endpoint does not support the provided HTTP method');
  }
}

/** By id or login, as Okta takes either. */
function userAt(rules: OrgRules, name: string): StoredUser | undefined {
  const {users} = rules.store;
  const id = name === 'me' ? rules.ownerId : name;
  return (
    users.get(id) ??
    [...users.values()].find(({profile}) => textOf(profile['login'])?.toLowerCase() === id.toLowerCase())
  );
}

function performOnUser(rules: OrgRules, {operation, path, url}: Asked, body: JsonObject): Reply {
  const [name = '', , below = ''] = path.slice(4);
  const user = userAt(rules, name);
  if (!user) return notFound(name, 'User');
  if (rules.beyondRole.has(user.id)) return forbidden();
  switch (operation) {
    case 'getUser':
      return {status: 200, body: userRow(user)};
    case 'updateUser':
      return updateUser(rules, user, body);
    case 'deleteUser':
      return deleteUser(rules, user);
    case 'activateUser':
    case 'deactivateUser':
    case 'suspendUser':
    case 'unsuspendUser':
      return changeStatus(rules, user, below, url.searchParams);
    case 'listUserGroups':
      return {
        status: 200,
        body: [...rules.store.groups.values()].filter(({members}) => members.has(user.id)).map(groupRow),
      };
    case 'listAssignedRolesForUser':
      if (!rules.mayReadRoles) return forbidden();
      return {status: 200, body: user.id === rules.ownerId ? rules.ownerRoles.map(roleRow) : []};
    default:
      return performOnAccess(rules, user, operation, below, url);
  }
}

const roleRow = (type: string, place: number): JsonObject => ({
  id: `ra${place}`,
  label: type,
  type,
  status: 'ACTIVE',
  assignmentType: 'USER',
  created: sample,
  lastUpdated: sample,
});

/** Sessions, grants and refresh tokens: each ends by its own call, so that a step that is left out is noticed. */
function performOnAccess(
  rules: OrgRules,
  user: StoredUser,
  operation: string,
  client: string,
  url: URL,
): Reply {
  const query = url.searchParams;
  if (rules.refusesAccessIn.includes(user.status)) return wrongStatus();
  switch (operation) {
    case 'revokeUserSessions':
      user.sessions = 0;
      if (query.get('oauthTokens') === 'true') user.refreshTokens = [];
      return {status: 204};
    case 'listUserGrants': {
      const rows = user.grants.map((clientId) => ({
        id: `oag-${clientId}`,
        clientId,
        issuer: 'https://org.example',
        scopeId: 'openid',
        status: 'ACTIVE',
        userId: user.id,
      }));
      return page(rows, rules.pageSize, query, url);
    }
    case 'revokeUserGrants':
      user.grants = [];
      return {status: 204};
    case 'listUserClients': {
      const clients = [...new Set([...user.grants, ...user.refreshTokens])];
      return {status: 200, body: clients.map((id) => ({client_id: id, client_name: 'An app'}))};
    }
    case 'listRefreshTokensForUserAndClient': {
      const rows = user.refreshTokens
        .filter((id) => id === client)
        .map((clientId) => ({id: `oar-${clientId}`, clientId, status: 'ACTIVE', userId: user.id}));
      return page(rows, rules.pageSize, query, url);
    }
    case 'revokeTokensForUserAndClient':
      user.refreshTokens = user.refreshTokens.filter((id) => id !== client);
      return {status: 204};
    default:
      return refusal(405, 'E0000022', 'The endpoint does not support the provided HTTP method');
  }
}
