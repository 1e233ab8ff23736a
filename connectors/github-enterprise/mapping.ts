import {isObject, objectsOf, textOf, type JsonObject} from '../../src/core/json.ts';
import {CORE_USER, type Attributes, type Json} from '../../src/core/resource.ts';
import {emailsOf, isCleared, isSame, nameOf, withWholeName} from '../github/scim-mapping.ts';

export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Roles by name and by the ids that Entra ID gives them (schema of "Provision a SCIM enterprise user"). */
const githubRoles = [
  'user',
  '27d9891d-2c17-4f45-a262-781a0e55c80a',
  'guest_collaborator',
  '1ebc4a02-e56c-43a6-92a5-02ee09b90824',
  'enterprise_owner',
  '981df190-8801-4618-a08a-d91f6206c954',
  'ba4987ab-a1c3-412a-b58c-360fc407cb10',
  'billing_manager',
  '0e338b8c-cc7f-498a-928d-ea3470d7e7e3',
  'e6be2762-e4ad-4108-b72d-1bbe884a0f91',
];

const nameParts = ['formatted', 'givenName', 'familyName', 'middleName'];

/** GitHub demands them: they are replaced, and never cleared. */
const kept = [
  'userName',
  'externalId',
  'displayName',
  'emails',
  'name.givenName',
  'name.familyName',
  'active',
];

/** A whole user as POST carries it. */
export function toBody(attributes: Attributes, sendRoles: boolean): JsonObject {
  const {userName = null, externalId, displayName, active, emails, ...rest} = withWholeName(attributes);
  const name = nameOf(rest['name']);
  const formatted = name ? textOf(name['formatted']) : undefined;
  const roles = sendRoles ? rolesOf(rest['roles']) : [];
  return {
    schemas: [CORE_USER],
    userName,
    externalId: externalId ?? userName,
    active: active !== false,
    displayName: isCleared(displayName) ? (formatted ?? userName) : (displayName ?? null),
    ...(name ? {name: partsOf(name)} : {}),
    emails: emailsOf(emails, userName),
    ...(roles.length > 0 ? {roles} : {}),
  };
}

const partsOf = (name: JsonObject): JsonObject =>
  Object.fromEntries(
    nameParts.flatMap((part) => (isCleared(name[part]) ? [] : [[part, name[part] ?? null]])),
  );

const rolesOf = (value: Json | undefined): JsonObject[] =>
  objectsOf(value).flatMap(({value: role, primary}) =>
    typeof role === 'string' && githubRoles.includes(role) ? [{value: role, primary: primary === true}] : [],
  );

export interface Operation {
  op: 'replace' | 'remove';
  path: string;
  value?: Json;
}

/** The body of a PATCH (RFC 7644 section 3.5.2). */
export const patchBody = (operations: readonly {op: string; path: string; value?: Json}[]): JsonObject => ({
  schemas: [PATCH_OP],
  Operations: operations.map((operation) => ({...operation})),
});

/** What GitHub holds of a user, by the paths that a PATCH names; filters in a path have no effect there. */
function fieldsOf(attributes: Attributes, sendRoles: boolean): Attributes {
  const {userName, emails, roles, name, ...rest} = withWholeName(attributes);
  const fields: Attributes = {};
  for (const path of ['externalId', 'displayName', 'active'])
    if (rest[path] !== undefined) fields[path] = rest[path];
  if (userName !== undefined) fields['userName'] = userName;
  if (emails !== undefined) fields['emails'] = emailsOf(emails, userName);
  if (sendRoles && rolesOf(roles).length > 0) fields['roles'] = rolesOf(roles);
  if (name === null) for (const part of nameParts) fields[`name.${part}`] = null;
  if (isObject(name)) for (const [part, value] of Object.entries(name)) fields[`name.${part}`] = value;
  return fields;
}

/**
 * The smallest PATCH: one operation for each field that differs from `current`, or of those in `changed` while that is not
 * known.
 */
export function patchOperations(
  desired: Attributes,
  changed: readonly string[] | undefined,
  current: Attributes | undefined,
  sendRoles: boolean,
): Operation[] {
  const wanted = fieldsOf(desired, sendRoles);
  const there = current && fieldsOf(current, sendRoles);
  const isAsked = (path: string): boolean =>
    there !== undefined || !changed || changed.some((one) => one === path || path.startsWith(`${one}.`));
  return Object.entries(wanted).flatMap(([path, value]): Operation[] => {
    if (!isAsked(path) || (there && isSame(value, there[path]))) return [];
    if (!isCleared(value)) return [{op: 'replace', path, value}];
    return kept.includes(path) ? [] : [{op: 'remove', path}];
  });
}
