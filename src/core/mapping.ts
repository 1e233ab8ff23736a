import type {Address, Group, PersonName, TypedValue, User} from './event.ts';
import type {Attributes, Json} from './resource.ts';

type Optional<T> = T | null | undefined;

/** A user mapped for a target. `managerId` is a subject id: `null` clears the manager, `undefined` says nothing. */
export interface MappedUser {
  attributes: Attributes;
  managerId: string | null | undefined;
}

/**
 * The default mapping of a user to SCIM (RFC 7643 sections 4.1 and 4.3): null and empty become `null` (cleared), a field
 * that says nothing is left out. `externalId` is the subject's id when the event gives no other.
 */
export function mapUser(user: User): MappedUser {
  const extension = user.enterprise;
  // Written out whole: an object that grows name by name is several times slower to make, to print and to compare.
  const attributes = {
    userName: user.userName,
    active: user.active,
    externalId: mapText(user.externalId) ?? user.id,
    displayName: mapText(user.displayName),
    nickName: mapText(user.nickName),
    profileUrl: mapText(user.profileUrl),
    title: mapText(user.title),
    userType: mapText(user.userType),
    preferredLanguage: mapText(user.preferredLanguage),
    locale: mapText(user.locale),
    timezone: mapText(user.timezone),
    name: cleanName(user.name),
    emails: cleanValues(user.emails),
    phoneNumbers: cleanValues(user.phoneNumbers),
    photos: cleanValues(user.photos),
    ims: cleanValues(user.ims),
    roles: cleanValues(user.roles),
    entitlements: cleanValues(user.entitlements),
    addresses: cleanAddresses(user.addresses),
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber': mapText(
      extension && extension.employeeNumber,
    ),
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter': mapText(
      extension && extension.costCenter,
    ),
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization': mapText(
      extension && extension.organization,
    ),
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division': mapText(
      extension && extension.division,
    ),
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department': mapText(
      extension && extension.department,
    ),
  };
  return {attributes: onlySaid(attributes), managerId: mapText(extension && extension.managerId)};
}

/** The default mapping of a group to SCIM (RFC 7643 section 4.2); members are not attributes. */
export function mapGroup(group: Group): Attributes {
  return {displayName: group.displayName, externalId: mapText(group.externalId) ?? group.id};
}

/** Most events say something of every attribute: they are not copied. */
function onlySaid(attributes: Record<string, Json | undefined>): Attributes {
  const isAllSaid = (every: Record<string, Json | undefined>): every is Attributes =>
    !Object.values(every).includes(undefined);
  if (isAllSaid(attributes)) return attributes;
  const said: Attributes = {};
  for (const [path, value] of Object.entries(attributes)) if (value !== undefined) said[path] = value;
  return said;
}

function mapText(text: Optional<string>): string | null | undefined {
  return text === '' ? null : text;
}

/** A name without its empty parts; `null` when nothing is left. */
export function cleanName(name: Optional<PersonName>): Json | undefined {
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

/** Values of a multi-valued attribute: those without a value left out, empty parts too, one primary at most. */
export const cleanValues = (values: Optional<readonly TypedValue[]>) => mapValues(values, hasValue);

/** Addresses likewise. */
export const cleanAddresses = (values: Optional<readonly Address[]>) => mapValues(values, hasPlace);
