import {isObject, objectsOf, textOf, type JsonObject} from '../../../src/core/json.ts';
import {CORE_USER} from '../../../src/core/resource.ts';
import {scimRefusal, type Reply} from './replies.ts';
import {filtered, isReply, isTakenBy, metaOf, operationsOf, page, patched} from './scim.ts';
import {newNumber, type Identity, type Organization} from './store.ts';
import type {Asked, Handler} from './world.ts';

export const organizationOf = ({store, path}: Asked): Organization | undefined =>
  store.organizations.find(({name, id}) =>
    path.some((part) => part.toLowerCase() === name || part === String(id)),
  );

const inOrganization =
  (handle: (asked: Asked, organization: Organization) => Reply): Handler =>
  (asked) => {
    const organization = organizationOf(asked);
    // Without single sign-on there is no SCIM, and GitHub says so with a 404 in the form of SCIM.
    return organization?.hasSaml ? handle(asked, organization) : scimRefusal(404, 'Resource not found.');
  };

const onIdentity = (
  handle: (asked: Asked, organization: Organization, identity: Identity) => Reply,
): Handler =>
  inOrganization((asked, organization) => {
    const id = asked.path.at(-1) ?? '';
    const identity = organization.identities.get(id);
    return identity ? handle(asked, organization, identity) : scimRefusal(404, `Resource ${id} not found.`);
  });

/** Who is removed loses membership, identity and the id of it; an invitation that was mailed is taken back. */
function removed({rules}: Asked, organization: Organization, {id, login, resource}: Identity): void {
  organization.identities.delete(id);
  if (login && !rules.leavesMembership) leave(organization, login);
  const emails = objectsOf(resource['emails']).map(({value}) => textOf(value));
  if (!rules.leavesMembership)
    for (const [number, {email}] of organization.invitations)
      if (emails.includes(email)) organization.invitations.delete(number);
}

/** No member, in no team. */
export function leave(organization: Organization, login: string): void {
  organization.members.delete(login.toLowerCase());
  for (const team of organization.teams.values()) team.members.delete(login.toLowerCase());
}

const unique = ['userName', 'externalId'];

function replaced(asked: Asked, organization: Organization, identity: Identity, resource: JsonObject): Reply {
  if (resource['active'] === false) {
    removed(asked, organization, identity);
    return {status: 200, body: {...identity.resource, active: false}};
  }
  if (isTakenBy(organization.identities.values(), identity.id, resource, unique))
    return scimRefusal(409, 'Another identity has this value.', 'uniqueness');
  identity.resource = {...resource, id: identity.id, active: true, schemas: [CORE_USER]};
  return {status: 200, body: {...identity.resource, meta: metaOf('User', identity.id)}};
}

/** https://docs.github.com/en/enterprise-cloud@latest/rest/scim/scim */
export const orgScim: Record<string, Handler> = {
  'scim/list-provisioned-identities': inOrganization(({query, rules}, {identities}) => {
    const rows = [...identities.values()].map(({id, resource}) => ({...resource, meta: metaOf('User', id)}));
    const shown = filtered(rows, query.get('filter'), ['id', 'userName', 'externalId', 'emails']);
    return isReply(shown) ? shown : page(shown, query, rules.pageSize);
  }),
  'scim/provision-and-invite-user': inOrganization(({body, rules}, organization) => {
    if (isTakenBy(organization.identities.values(), undefined, body, unique))
      return scimRefusal(409, 'The user is provisioned already.', 'uniqueness');
    const id = crypto.randomUUID();
    const resource = {...body, schemas: [CORE_USER], id, active: true};
    organization.identities.set(id, {id, resource});
    const [email] = objectsOf(body['emails']);
    organization.invitations.set(newNumber(), {email: textOf(email?.['value']) ?? ''});
    if (rules.invitations === 'accepted at once') accept(organization, id, `mona-${id.slice(0, 8)}`);
    return {status: 201, body: {...resource, meta: metaOf('User', id)}};
  }),
  'scim/get-provisioning-information-for-user': onIdentity((_asked, _organization, {id, resource}) => ({
    status: 200,
    body: {...resource, meta: metaOf('User', id)},
  })),
  'scim/set-information-for-provisioned-user': onIdentity((asked, organization, identity) =>
    replaced(asked, organization, identity, asked.body),
  ),
  'scim/update-attribute-for-user': onIdentity((asked, organization, identity) => {
    let resource = identity.resource;
    for (const operation of operationsOf(asked.body)) {
      const next = patched(resource, operation);
      if (isReply(next)) return next;
      resource = next;
    }
    return replaced(asked, organization, identity, resource);
  }),
  'scim/delete-user-from-org': onIdentity((asked, organization, identity) => {
    removed(asked, organization, identity);
    return {status: 204};
  }),
};

/** Has a person accept the invitation with an account of theirs, and sign in by SAML. */
export function accept(organization: Organization, id: string, login: string): void {
  const identity = organization.identities.get(id);
  if (!identity) throw new Error(`there is no identity ${id}`);
  identity.login = login;
  organization.members.add(login.toLowerCase());
  const [email] = objectsOf(identity.resource['emails']);
  for (const [number, invitation] of organization.invitations)
    if (isObject(email) && invitation.email === email['value']) organization.invitations.delete(number);
}
