import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {textOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions, ResourcePort} from '../../src/core/port.ts';
import {CORE_USER, type Attributes, type Remote} from '../../src/core/resource.ts';
import {create, read, reads, write} from '../github/scim.ts';
import {emailsOf, isCleared, isSame, nameOf, toRemote, withWholeName} from '../github/scim-mapping.ts';
import type {Org} from './org.ts';

type Update = Parameters<ResourcePort['update']>[1];
type Updated = Result<'updated' | 'missing' | 'exists'>;

/** Attributes that an organization's SCIM has (https://docs.github.com/en/enterprise-cloud@latest/rest/scim/scim). */
const held = ['userName', 'externalId', 'displayName', 'name', 'emails', 'active'];

/** The members of one organization, and those who are invited. */
export function createUsers(org: Org): ResourcePort {
  return {
    ...reads(org.scim, 'user'),
    create: (attributes, options) => invite(org, attributes, options),
    update: (id, update, options) => updateUser(org, id, update, options),
  };
}

/** A whole user as POST and PUT carry it; GitHub demands both names and an address. */
export function toBody(attributes: Attributes): Result<JsonObject> {
  const {userName = null, externalId, displayName, name, emails} = attributes;
  const wholeName = nameOf(name);
  if (!wholeName) return failed(incomplete('name.givenName and name.familyName', 'no name'));
  const addresses = emailsOf(emails, userName);
  if (addresses.length === 0) return failed(incomplete('an email address', 'no email'));
  const formatted = textOf(wholeName['formatted']);
  return ok({
    schemas: [CORE_USER],
    userName,
    ...(isCleared(externalId) ? {} : {externalId: externalId ?? null}),
    ...(isCleared(displayName) ? {} : {displayName: displayName ?? null}),
    name: {
      givenName: wholeName['givenName'] ?? null,
      familyName: wholeName['familyName'] ?? null,
      ...(formatted ? {formatted} : {}),
    },
    emails: addresses,
    active: true,
  });
}

const incomplete = (what: string, cause: string): Failure => ({
  kind: 'rejected',
  message: `an organization of GitHub demands ${what} of everybody`,
  cause,
});

const neverInactive: Failure = {
  kind: 'rejected',
  message: 'an organization of GitHub has no inactive members: who is inactive is no member',
  cause: 'inactive member',
};

async function invite(
  org: Org,
  attributes: Attributes,
  options: CallOptions,
): Promise<Result<Remote | 'exists'>> {
  if (attributes['active'] === false) return failed(neverInactive);
  const body = toBody(withWholeName(attributes));
  return body.ok ? create(org.scim, 'user', body.value, options) : body;
}

/** A PUT carries the user as it was read, with the change over it: what others wrote would be lost otherwise. */
async function updateUser(org: Org, id: string, update: Update, options: CallOptions): Promise<Updated> {
  const {desired, changed, current} = update;
  if (!current && changed && !changed.some((path) => held.includes(path.split('.')[0] ?? '')))
    return ok('updated');
  const known = current ? ok(current) : await readRemote(org, id, options);
  if (!known.ok) return known;
  // Who is inactive is no member, so that is how it should be.
  if (!known.value) return ok(desired['active'] === false ? 'updated' : 'missing');
  if (desired['active'] === false) return endMembership(org, id, options);
  const {attributes} = known.value;
  const wanted = toBody({...attributes, ...withWholeName(over(attributes, desired))});
  if (!wanted.ok) return wanted;
  const there = toBody(attributes);
  const isThere = there.ok && isSame(wanted.value, there.value) && isSame(there.value, wanted.value);
  if (isThere) return ok('updated');
  return write(org.scim, 'user', id, {method: 'PUT', body: wanted.value}, options);
}

/** Parts of a name that are given alone go over the name that is there. */
function over({name = null}: Attributes, desired: Attributes): Attributes {
  const hasParts = Object.keys(desired).some((path) => path.startsWith('name.'));
  return hasParts && desired['name'] === undefined ? {name, ...desired} : desired;
}

async function readRemote(org: Org, id: string, options: CallOptions): Promise<Result<Remote | undefined>> {
  const found = await read(org.scim, 'user', id, options);
  return found.ok ? ok(found.value && toRemote(found.value)) : found;
}

/**
 * Ends the membership, or the invitation, and with it the identity: GitHub deletes its id (the form is the one that
 * its documentation warns of).
 */
export const endMembership = (org: Org, id: string, options: CallOptions): Promise<Updated> =>
  write(
    org.scim,
    'user',
    id,
    {
      method: 'PATCH',
      body: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{op: 'replace', value: {active: false}}],
      },
      operation: 'end membership',
    },
    options,
  );
