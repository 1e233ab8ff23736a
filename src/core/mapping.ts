import type {Address, Group, PersonName, TypedValue, User} from './event.ts';
import {ENTERPRISE, type Attributes, type Json} from './resource.ts';

type Optional<T> = T | null | undefined;

/** A user mapped for a target. `managerId` is a subject id: `null` clears the manager, `undefined` says nothing. */
export interface MappedUser {
  attributes: Attributes;
  managerId: string | null | undefined;
}

const texts = ['displayName', 'nickName', 'profileUrl', 'title', 'userType'] as const;
const regional = ['preferredLanguage', 'locale', 'timezone'] as const;
const lists = ['emails', 'phoneNumbers', 'photos', 'ims', 'roles', 'entitlements'] as const;
const enterprise = ['employeeNumber', 'costCenter', 'organization', 'division', 'department'] as const;

const enterprisePaths = enterprise.map((name) => [name, `${ENTERPRISE}:${name}`] as const);

/**
 * The default mapping of a user to SCIM (RFC 7643 sections 4.1 and 4.3): null and empty become `null` (cleared), a field
 * that says nothing is left out. `externalId` is the subject's id when the event gives no other.
 */
export function mapUser(user: User): MappedUser {
  const attributes: Attributes = {
    userName: user.userName,
    active: user.active,
    externalId: mapText(user.externalId) ?? user.id,
  };
  for (const name of texts) put(attributes, name, mapText(user[name]));
  for (const name of regional) put(attributes, name, mapText(user[name]));
  put(attributes, 'name', mapName(user.name));
  for (const name of lists) put(attributes, name, mapValues(user[name], hasValue));
  put(attributes, 'addresses', mapValues(user.addresses, hasPlace));
  const extension = user.enterprise;
  for (const [name, path] of enterprisePaths) put(attributes, path, mapText(extension && extension[name]));
  return {attributes, managerId: mapText(extension && extension.managerId)};
}

/** The default mapping of a group to SCIM (RFC 7643 section 4.2); members are not attributes. */
export function mapGroup(group: Group): Attributes {
  return {displayName: group.displayName, externalId: mapText(group.externalId) ?? group.id};
}

function put(attributes: Attributes, path: string, value: Json | undefined): void {
  if (value !== undefined) attributes[path] = value;
}

function mapText(text: Optional<string>): string | null | undefined {
  return text === '' ? null : text;
}

function mapName(name: Optional<PersonName>): Json | undefined {
  if (name == null) return name;
  const cleaned = withoutEmpty(name);
  return Object.keys(cleaned).length === 0 ? null : cleaned;
}

/** Values without their nulls, and at most one of them primary (RFC 7643 section 2.4): the first that says so. */
function mapValues<T extends object>(
  values: Optional<readonly T[]>,
  keep: (value: T) => boolean,
): Json | undefined {
  if (values == null) return values;
  const mapped: Json[] = [];
  let primary = false;
  for (const value of values) {
    if (!keep(value)) continue;
    const cleaned = withoutEmpty(value);
    if (cleaned['primary'] === true && primary) delete cleaned['primary'];
    primary ||= cleaned['primary'] === true;
    mapped.push(cleaned);
  }
  return mapped.length === 0 ? null : mapped;
}

function withoutEmpty(value: object): Record<string, Json> {
  const cleaned: Record<string, Json> = {};
  for (const [name, part] of Object.entries(value) as [string, Json | undefined][]) {
    if (part !== null && part !== undefined && part !== '') cleaned[name] = part;
  }
  return cleaned;
}

const hasValue = (value: TypedValue) => Boolean(value.value);

const placeParts = ['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country'] as const;
const hasPlace = (address: Address) => placeParts.some((part) => Boolean(address[part]));
