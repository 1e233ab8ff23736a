import {objectsOf, parseJson, textOf, type JsonObject} from '../../../src/core/json.ts';
import {CORE_GROUP, CORE_USER} from '../../../src/core/resource.ts';
import {notFound, refusal, scimRefusal, type Reply} from './replies.ts';
import {filtered, isReply, isTakenBy, metaOf, operationsOf, page, patched} from './scim.ts';
import {newNumber, type EnterpriseState, type Group, type Identity} from './store.ts';
import type {Asked, Handler} from './world.ts';

const inEnterprise =
  (handle: (asked: Asked, enterprise: EnterpriseState) => Reply): Handler =>
  (asked) =>
    asked.path.includes(asked.store.enterprise.name) ? handle(asked, asked.store.enterprise) : notFound();

const onUser = (handle: (asked: Asked, enterprise: EnterpriseState, user: Identity) => Reply): Handler =>
  inEnterprise((asked, enterprise) => {
    const user = enterprise.identities.get(asked.path.at(-1) ?? '');
    return user ? handle(asked, enterprise, user) : notFound();
  });

const onGroup = (handle: (asked: Asked, enterprise: EnterpriseState, group: Group) => Reply): Handler =>
  inEnterprise((asked, enterprise) => {
    const group = enterprise.groups.get(asked.path.at(-1) ?? '');
    return group ? handle(asked, enterprise, group) : notFound();
  });

/** https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam, "Understand rate limits on GitHub" */
function isTooMany(times: number[], more: number, {store, rules}: Asked): boolean {
  const lately = times.filter((at) => at > store.now() - 3_600_000);
  if (lately.length + more > rules.usersAnHour) return true;
  times.splice(0, times.length, ...lately, ...Array.from({length: more}, () => store.now()));
  return false;
}

const tooMany = (): Reply => ({...scimRefusal(429, 'Too many requests'), headers: {'retry-after': '600'}});

const uniqueOfUsers = ['userName', 'externalId'];
const uniqueOfGroups = ['externalId', 'displayName'];

/** Letters, digits and hyphens of what is before the `@`, and the enterprise's short code. */
const loginFor = (userName: string): string =>
  `${(userName.split('@')[0] ?? '').replaceAll(/[^A-Za-z0-9]+/g, '-')}_acme`;
/** Suspension puts a hash in place of the name. */
const hiddenLogin = (id: string): string => `${id.replaceAll('-', '').slice(0, 12)}_acme`;

const shownUser = ({id, resource}: Identity): JsonObject => ({...resource, meta: metaOf('User', id)});

function shownGroup(
  {id, resource, members}: Group,
  enterprise: EnterpriseState,
  query: URLSearchParams,
): JsonObject {
  const shown = {...resource, meta: metaOf('Group', id)};
  if (query.get('excludedAttributes') === 'members') return shown;
  // Suspended people are hidden from their groups.
  const active = [...members].filter(
    (member) => enterprise.identities.get(member)?.resource['active'] === true,
  );
  return {
    ...shown,
    members: active.map((value) => ({
      value,
      $ref: `https://api.github.com/scim/v2/Users/${value}`,
      display: textOf(enterprise.identities.get(value)?.resource['displayName']) ?? '',
    })),
  };
}

function changed(enterprise: EnterpriseState, user: Identity, resource: JsonObject): Reply {
  if (isTakenBy(enterprise.identities.values(), user.id, resource, uniqueOfUsers))
    return scimRefusal(409, 'Duplicate record detected', 'uniqueness');
  user.resource = {...resource, id: user.id, schemas: [CORE_USER]};
  const name = textOf(resource['userName']) ?? '';
  user.login = resource['active'] === false ? hiddenLogin(user.id) : loginFor(name);
  return {status: 200, body: shownUser(user)};
}

/** https://docs.github.com/en/enterprise-cloud@latest/rest/enterprise-admin/scim */
const users: Record<string, Handler> = {
  'enterprise-admin/list-provisioned-identities-enterprise': inEnterprise(({query, rules}, {identities}) => {
    const rows = [...identities.values()].map(shownUser);
    const shown = filtered(rows, query.get('filter'), ['userName', 'externalId', 'id', 'displayName']);
    return isReply(shown) ? shown : page(shown, query, rules.pageSize);
  }),
  'enterprise-admin/provision-enterprise-user': inEnterprise((asked, enterprise) => {
    const {body} = asked;
    if (isTooMany(enterprise.madeAt, 1, asked)) return tooMany();
    if (isTakenBy(enterprise.identities.values(), undefined, body, uniqueOfUsers))
      return scimRefusal(409, 'Duplicate record detected', 'uniqueness');
    const id = crypto.randomUUID();
    const user: Identity = {id, resource: {}};
    enterprise.identities.set(id, user);
    return {...changed(enterprise, user, body), status: 201};
  }),
  'enterprise-admin/get-provisioning-information-for-enterprise-user': onUser(
    (_asked, _enterprise, user) => ({
      status: 200,
      body: shownUser(user),
    }),
  ),
  'enterprise-admin/set-information-for-provisioned-enterprise-user': onUser(({body}, enterprise, user) =>
    changed(enterprise, user, body),
  ),
  'enterprise-admin/update-attribute-for-enterprise-user': onUser(({body}, enterprise, user) => {
    let resource = user.resource;
    for (const operation of operationsOf(body)) {
      const next = patched(resource, operation);
      if (isReply(next)) return next;
      resource = next;
    }
    return changed(enterprise, user, resource);
  }),
  'enterprise-admin/delete-user-from-enterprise': onUser((_asked, enterprise, {id, login = ''}) => {
    enterprise.identities.delete(id);
    enterprise.withCredentials.delete(login.toLowerCase());
    for (const {members} of enterprise.groups.values()) members.delete(id);
    return {status: 204};
  }),
};

/** By RFC 7644 a `remove` of `members` without a filter removes everybody, whatever its value says. */
function patchMembers(
  asked: Asked,
  enterprise: EnterpriseState,
  group: Group,
  operation: JsonObject,
): Reply | undefined {
  const {op, path, value = null} = operation;
  const {rules} = asked;
  const isFilter = typeof path === 'string' && path.startsWith('members[');
  if (op === 'remove' && path === 'members') group.members.clear();
  if (op === 'remove' && isFilter && rules.memberFilters === 'work') {
    const literal = parseJson(/^members\[value eq (".*")\]$/.exec(path)?.[1] ?? '');
    const wasIn = group.members.delete(textOf(literal) ?? '');
    if (!wasIn && rules.absentMembers === 'noTarget')
      return scimRefusal(400, 'Nothing is at the path', 'noTarget');
  }
  if (op !== 'add') return undefined;
  const added = objectsOf(value).map((member) => textOf(member['value']) ?? '');
  if (added.some((id) => !enterprise.identities.has(id))) return refusal(404, 'Not Found');
  if (isTooMany(group.cameAt, added.length, asked)) return tooMany();
  added.forEach((id) => group.members.add(id));
  return undefined;
}

function changedGroup(asked: Asked, enterprise: EnterpriseState, group: Group, resource: JsonObject): Reply {
  if (isTakenBy(enterprise.groups.values(), group.id, resource, uniqueOfGroups))
    return scimRefusal(409, 'Duplicate record detected', 'uniqueness');
  const own = Object.fromEntries(Object.entries(resource).filter(([name]) => name !== 'members'));
  group.resource = {...own, id: group.id, schemas: [CORE_GROUP]};
  return {status: 200, body: shownGroup(group, enterprise, asked.query)};
}

const groups: Record<string, Handler> = {
  'enterprise-admin/list-provisioned-groups-enterprise': inEnterprise(({query, rules}, enterprise) => {
    const rows = [...enterprise.groups.values()].map((group) => shownGroup(group, enterprise, query));
    const shown = filtered(rows, query.get('filter'), ['externalId', 'id', 'displayName']);
    return isReply(shown) ? shown : page(shown, query, rules.pageSize);
  }),
  'enterprise-admin/provision-enterprise-group': inEnterprise((asked, enterprise) => {
    if (isTakenBy(enterprise.groups.values(), undefined, asked.body, uniqueOfGroups))
      return scimRefusal(409, 'Duplicate record detected', 'uniqueness');
    const group: Group = {
      id: crypto.randomUUID(),
      number: newNumber(),
      resource: {},
      members: new Set(),
      cameAt: [],
    };
    enterprise.groups.set(group.id, group);
    return {...changedGroup(asked, enterprise, group, asked.body), status: 201};
  }),
  'enterprise-admin/get-provisioning-information-for-enterprise-group': onGroup(
    ({query}, enterprise, group) => ({
      status: 200,
      body: shownGroup(group, enterprise, query),
    }),
  ),
  'enterprise-admin/set-information-for-provisioned-enterprise-group': onGroup((asked, enterprise, group) => {
    const ids = objectsOf(asked.body['members']).map(({value}) => textOf(value) ?? '');
    if (ids.some((id) => !enterprise.identities.has(id))) return notFound();
    group.members = new Set(ids);
    return changedGroup(asked, enterprise, group, asked.body);
  }),
  'enterprise-admin/update-attribute-for-enterprise-group': onGroup((asked, enterprise, group) => {
    let resource = group.resource;
    const before = new Set(group.members);
    for (const operation of operationsOf(asked.body)) {
      const isAboutMembers = textOf(operation['path'])?.startsWith('members') ?? false;
      const next = isAboutMembers
        ? (patchMembers(asked, enterprise, group, operation) ?? resource)
        : patched(resource, operation);
      if (isReply(next)) {
        // A PATCH is all or nothing.
        group.members = before;
        return next;
      }
      resource = next;
    }
    return changedGroup(asked, enterprise, group, resource);
  }),
  'enterprise-admin/delete-scim-group-from-enterprise': onGroup(({store}, enterprise, group) => {
    enterprise.groups.delete(group.id);
    for (const {teams} of store.organizations)
      for (const team of teams.values()) if (team.group === group.number) delete team.group;
    return {status: 204};
  }),
};

/** Credentials of the whole enterprise: what is asked here is done by a background job. */
const credentials: Record<string, Handler> = {
  'enterprise-admin/revoke-credential-authorizations-for-user': inEnterprise(({path, body}, enterprise) => {
    const login = path.at(-2) ?? '';
    const isKnown = [...enterprise.identities.values()].some(
      (user) => user.login?.toLowerCase() === login.toLowerCase(),
    );
    if (!isKnown) return notFound();
    enterprise.queued.push({login, destroys: body['revoke_credentials'] === true});
    return {
      status: 202,
      body: {message: `Credential authorization revocation for user '${login}' has been queued`},
    };
  }),
};

export const enterpriseScim: Record<string, Handler> = {...users, ...groups, ...credentials};
