import {textOf, type JsonObject} from '../../../src/core/json.ts';
import {organizationOf} from './org-scim.ts';
import {notFound, refusal, validationFailed, type Reply} from './replies.ts';
import {newNumber, type Organization, type Team} from './store.ts';
import type {Asked, Handler} from './world.ts';

const inOrganization =
  (handle: (asked: Asked, organization: Organization) => Reply): Handler =>
  (asked) => {
    const organization = organizationOf(asked);
    return organization ? handle(asked, organization) : notFound();
  };

/** The team's name or number stands at the fifth place of either address. */
const onTeam = (handle: (asked: Asked, organization: Organization, team: Team) => Reply): Handler =>
  inOrganization((asked, organization) => {
    const named = asked.path[4] ?? '';
    const team = [...organization.teams.values()].find(
      ({id, slug}) => String(id) === named || slug === named,
    );
    return team ? handle(asked, organization, team) : notFound();
  });

/** An enterprise's team can not be changed in an organization. */
const onOwnTeam = (handle: (asked: Asked, organization: Organization, team: Team) => Reply): Handler =>
  onTeam((asked, organization, team) =>
    team.type === 'enterprise'
      ? refusal(422, 'Enterprise teams cannot be modified at the organization level')
      : handle(asked, organization, team),
  );

export const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

const shown = ({id, name, slug, type}: Team, asked: Asked, status: number): JsonObject =>
  asked.like(status, {id, name, slug, type});

const taken = (): Reply => validationFailed([{resource: 'Team', code: 'already_exists', field: 'name'}]);

const isNameTaken = ({teams}: Organization, name: string, own?: Team): boolean =>
  [...teams.values()].some((team) => team !== own && team.slug === slugOf(name));

const childrenOf = ({teams}: Organization, {id}: Team): Team[] =>
  [...teams.values()].filter(({parent}) => parent === id);

/** "If you are an organization owner, deleting a parent team will delete all of its child teams as well." */
function deleteTeam(organization: Organization, team: Team): void {
  organization.teams.delete(team.id);
  for (const child of childrenOf(organization, team)) deleteTeam(organization, child);
}

const own: Record<string, Handler> = {
  'teams/list': inOrganization((asked, {teams}) =>
    asked.rows([...teams.values()].map((team) => shown(team, asked, 200))),
  ),
  'teams/create': inOrganization((asked, organization) => {
    const name = textOf(asked.body['name']) ?? '';
    if (isNameTaken(organization, name)) return taken();
    const team = newTeam(organization, name);
    return {status: 201, body: shown(team, asked, 201)};
  }),
  'teams/get-by-name': onTeam((asked, _organization, team) => ({
    status: 200,
    body: {...shown(team, asked, 200), members_count: team.members.size},
  })),
  'teams/update-in-org': onOwnTeam((asked, organization, team) => {
    const name = textOf(asked.body['name']) ?? team.name;
    if (isNameTaken(organization, name, team)) return taken();
    Object.assign(team, {name, slug: slugOf(name)});
    return {status: 200, body: shown(team, asked, 200)};
  }),
  'teams/list-child-in-org': onTeam((asked, organization, team) =>
    asked.rows(childrenOf(organization, team).map((child) => shown(child, asked, 200))),
  ),
  'teams/delete-in-org': onOwnTeam((_asked, organization, team) => {
    deleteTeam(organization, team);
    return {status: 204};
  }),
};

const memberships: Record<string, Handler> = {
  'teams/list-members-in-org': onTeam((asked, _organization, {members}) =>
    asked.rows([...members].map(([login, role]) => asked.like(200, {login, role}))),
  ),
  'teams/get-membership-for-user-in-org': onTeam((asked, _organization, {members}) => {
    const role = members.get(asked.path.at(-1)?.toLowerCase() ?? '');
    return role ? {status: 200, body: asked.like(200, {role, state: 'active'})} : notFound();
  }),
  'teams/add-or-update-membership-for-user-in-org': onOwnTeam((asked, organization, team) => {
    if (team.isSynced) return synced();
    const login = asked.path.at(-1)?.toLowerCase() ?? '';
    const role = asked.body['role'] === 'maintainer' ? 'maintainer' : 'member';
    if (!organization.members.has(login)) {
      invite(organization, login, asked.store.now());
      return {status: 200, body: asked.like(200, {role, state: 'pending'})};
    }
    team.members.set(login, role);
    return {status: 200, body: asked.like(200, {role, state: 'active'})};
  }),
  'teams/remove-membership-for-user-in-org': onOwnTeam((asked, _organization, team) => {
    if (team.isSynced) return synced();
    return team.members.delete(asked.path.at(-1)?.toLowerCase() ?? '') ? {status: 204} : notFound();
  }),
};

/** "this endpoint will send an invitation to the person via email" */
function invite({invitations}: Organization, login: string, createdAt: number): void {
  const isInvited = [...invitations.values()].some((one) => one.login === login);
  if (!isInvited) invitations.set(newNumber(), {email: '', login, createdAt});
}

/** The document names the status and not the words. */
const synced = (): Reply => refusal(403, 'This team is managed externally.');

const links: Record<string, Handler> = {
  'teams/list-external-idp-groups-for-org': inOrganization((asked) => {
    const part = asked.query.get('display_name') ?? '';
    const all = [...asked.store.enterprise.groups.values()].map(({number, resource}) => ({
      group_id: number,
      group_name: textOf(resource['displayName']) ?? '',
      updated_at: '2026-01-05T08:00:00Z',
    }));
    return asked.rows(
      all.filter(({group_name: name}) => name.includes(part)),
      'groups',
    );
  }),
  'teams/list-linked-external-idp-groups-to-team-for-org': onTeam((asked, _organization, team) => {
    const linked = [...asked.store.enterprise.groups.values()].filter(({number}) => number === team.group);
    return {
      status: 200,
      body: {
        groups: linked.map(({number, resource}) => ({
          group_id: number,
          group_name: textOf(resource['displayName']) ?? '',
          updated_at: '2026-01-05T08:00:00Z',
        })),
      },
    };
  }),
  'teams/link-external-idp-group-to-team-for-org': onOwnTeam((asked, _organization, team) => {
    if (team.members.size > 0)
      return refusal(422, 'This team has explicit members and cannot be externally managed.');
    const number = Number(asked.body['group_id']);
    if (![...asked.store.enterprise.groups.values()].some((group) => group.number === number))
      return notFound();
    team.group = number;
    return {status: 200, body: asked.like(200, {group_id: number})};
  }),
};

/** A team without members. */
export function newTeam(organization: Organization, name: string): Team {
  const team: Team = {
    id: newNumber(),
    name,
    slug: slugOf(name),
    type: 'organization',
    members: new Map(),
    isSynced: false,
  };
  organization.teams.set(team.id, team);
  return team;
}

export const teamHandlers: Record<string, Handler> = {...own, ...memberships, ...links};
