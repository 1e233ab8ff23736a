import {isObject, textOf, type JsonObject} from '../../../src/core/json.ts';
import {CORE_GROUP, CORE_USER, ENTERPRISE, type Json} from '../../../src/core/resource.ts';
import type {Store} from './store.ts';

const texts = [
  ...['userName', 'externalId', 'displayName', 'nickName', 'profileUrl', 'title', 'userType'],
  ...['preferredLanguage', 'locale', 'timezone'],
];
const nameParts = [
  'formatted',
  'familyName',
  'givenName',
  'middleName',
  'honorificPrefix',
  'honorificSuffix',
];
const placeParts = ['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country'];
const enterpriseTexts = ['employeeNumber', 'costCenter', 'organization', 'division', 'department'];

/** PatchUser: "Modification is only allowed for"; `enterprise` is the extension. */
export const patchable = [
  ...texts,
  'active',
  'name',
  ...nameParts.map((part) => `name.${part}`),
  'emails',
  'addresses',
  'phoneNumbers',
  ...[...enterpriseTexts, 'manager'].map((name) => `${ENTERPRISE}:${name}`),
];

/** UserName and the other texts as the identity store documents them: no blanks in a user name, nothing empty. */
const isText = (value: Json | undefined): boolean =>
  typeof value === 'string' && value.length >= 1 && value.length <= 1024;
const isName = (value: Json | undefined): boolean =>
  typeof value === 'string' && /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u.test(value);

const hasOnly = (object: JsonObject, names: readonly string[]): boolean =>
  Object.keys(object).every((name) => names.includes(name));
const allTexts = (object: JsonObject, names: readonly string[]): boolean =>
  names.every((name) => object[name] === undefined || isText(object[name]));

/** Whether AWS takes this as a whole user (developer guide, CreateUser: constraints, and what is not supported). */
export function isUser(store: Store, body: JsonObject): boolean {
  const {schemas, name, active, emails, phoneNumbers, addresses, userName, externalId} = body;
  const known = [
    'schemas',
    ...texts,
    'name',
    'active',
    'emails',
    'phoneNumbers',
    'addresses',
    'roles',
    ENTERPRISE,
  ];
  if (!hasOnly(body, known)) return false;
  if (!Array.isArray(schemas) || !schemas.includes(CORE_USER)) return false;
  if (!isName(userName) || !isText(body['displayName']) || !allTexts(body, texts)) return false;
  if (!isObject(name) || !isText(name['givenName']) || !isText(name['familyName'])) return false;
  if (!hasOnly(name, nameParts) || !allTexts(name, nameParts)) return false;
  if (active !== undefined && typeof active !== 'boolean') return false;
  if (externalId !== undefined && /[\s:]/.test(textOf(externalId) ?? ':')) return false;
  return (
    isSingle(
      emails,
      (one) => isText(one['value']) && one['primary'] === true && hasOnly(one, ['value', 'type', 'primary']),
    ) &&
    isSingle(phoneNumbers, (one) => isText(one['value']) && hasOnly(one, ['value', 'type', 'primary'])) &&
    isSingle(addresses, (one) => hasOnly(one, [...placeParts, 'type', 'primary'])) &&
    isEnterprise(store, body[ENTERPRISE], schemas)
  );
}

/** "We do not support multiple values in multi-value attributes." */
function isSingle(value: Json | undefined, fits: (one: JsonObject) => boolean): boolean {
  if (value === undefined) return true;
  return Array.isArray(value) && value.length === 1 && isObject(value[0]) && fits(value[0]);
}

function isEnterprise(store: Store, value: Json | undefined, schemas: Json[]): boolean {
  if (value === undefined) return true;
  if (!isObject(value) || !schemas.includes(ENTERPRISE)) return false;
  if (!hasOnly(value, [...enterpriseTexts, 'manager']) || !allTexts(value, enterpriseTexts)) return false;
  const manager = value['manager'];
  if (manager === undefined) return true;
  return (
    isObject(manager) &&
    hasOnly(manager, ['value', '$ref']) &&
    store.users.has(textOf(manager['value']) ?? '')
  );
}

/** Whether AWS takes this as a whole group (developer guide, CreateGroup). */
export function isGroup(body: JsonObject): boolean {
  const {schemas, members = []} = body;
  if (!hasOnly(body, ['schemas', 'displayName', 'externalId', 'members'])) return false;
  if (!Array.isArray(schemas) || !schemas.includes(CORE_GROUP)) return false;
  if (!Array.isArray(members) || members.length > 100) return false;
  return isText(body['displayName']) && allTexts(body, ['externalId']);
}

/** A name that another has, in any case. */
export function isTaken(store: Store, kind: 'user' | 'group', body: JsonObject, id?: string): boolean {
  const name = kind === 'user' ? 'userName' : 'displayName';
  const stored = kind === 'user' ? [...store.users.values()] : [...store.groups.values()];
  const wanted = textOf(body[name])?.toLowerCase();
  return stored.some((one) => one.id !== id && textOf(one.body[name])?.toLowerCase() === wanted);
}
