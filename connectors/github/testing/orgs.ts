import {leave, organizationOf} from './org-scim.ts';
import {notFound, refusal, type Reply} from './replies.ts';
import type {Organization} from './store.ts';
import type {Asked, Handler} from './world.ts';

const inOrganization =
  (handle: (asked: Asked, organization: Organization) => Reply): Handler =>
  (asked) => {
    const organization = organizationOf(asked);
    return organization ? handle(asked, organization) : notFound();
  };

const last = ({path}: Asked): string => path.at(-1)?.toLowerCase() ?? '';

/** An organization, its members and invitations, and what it knows of their credentials. */
export const orgHandlers: Record<string, Handler> = {
  'orgs/get': inOrganization((asked, {id, name}) => ({
    status: 200,
    body: asked.like(200, {id, login: name}),
  })),
  'orgs/get-membership-for-user': inOrganization((asked, {members, indirect}) => {
    const teams = indirect.get(last(asked));
    const isDirect = members.has(last(asked));
    if (!isDirect && !teams) return notFound();
    const known = {
      state: 'active',
      role: 'member',
      direct_membership: isDirect,
      enterprise_teams_providing_indirect_membership: teams ?? [],
    };
    return {status: 200, body: asked.like(200, known)};
  }),
  'orgs/remove-membership-for-user': inOrganization((asked, organization) => {
    if (!organization.members.has(last(asked))) return notFound();
    leave(organization, last(asked));
    for (const identity of organization.identities.values())
      if (asked.rules.leavingUnlinks && identity.login?.toLowerCase() === last(asked)) delete identity.login;
    return {status: 204};
  }),
  'orgs/list-outside-collaborators': inOrganization((asked, {outsiders}) =>
    asked.rows([...outsiders].map((login) => asked.like(200, {login}))),
  ),
  'orgs/remove-outside-collaborator': inOrganization((asked, {members, outsiders}) => {
    if (members.has(last(asked)))
      return refusal(422, 'You cannot specify an organization member to remove as an outside collaborator.');
    outsiders.delete(last(asked));
    return {status: 204};
  }),
  'orgs/list-pending-invitations': inOrganization((asked, {invitations}) =>
    asked.rows(
      [...invitations].map(([id, {email, login = null, createdAt = 0}]) =>
        asked.like(200, {id, email, login, created_at: new Date(createdAt).toISOString()}),
      ),
    ),
  ),
  'orgs/cancel-invitation': inOrganization((asked, {invitations}) =>
    invitations.delete(Number(last(asked))) ? {status: 204} : notFound(),
  ),
  'orgs/list-saml-sso-authorizations': inOrganization((asked, {authorizations}) => {
    const login = asked.query.get('login')?.toLowerCase();
    const rows = authorizations.filter((row) => login === undefined || row.login.toLowerCase() === login);
    return asked.rows(rows.map((row) => asked.like(200, {...row})));
  }),
  'orgs/remove-saml-sso-authorization': inOrganization((asked, organization) => {
    const left = organization.authorizations.filter(({credential_id: id}) => String(id) !== last(asked));
    if (left.length === organization.authorizations.length) return notFound();
    organization.authorizations = left;
    return {status: 204};
  }),
  'orgs/list-pat-grants': inOrganization((asked, {personalTokens}) => {
    const owner = asked.query.get('owner[]')?.toLowerCase();
    const rows = personalTokens.filter(({login}) => owner === undefined || login.toLowerCase() === owner);
    return asked.rows(rows.map(({id, login}) => asked.like(200, {id, owner: {login, id: 1}})));
  }),
  'orgs/update-pat-access': inOrganization((asked, organization) => {
    const left = organization.personalTokens.filter(({id}) => String(id) !== last(asked));
    if (left.length === organization.personalTokens.length) return notFound();
    organization.personalTokens = left;
    return {status: 204};
  }),
};
