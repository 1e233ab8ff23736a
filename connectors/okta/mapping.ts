import {isObject, textOf, type JsonObject} from '../../src/core/json.ts';
import {ENTERPRISE, type Attributes, type Json, type Remote} from '../../src/core/resource.ts';

const MANAGER = `${ENTERPRISE}:manager`;
/** Attributes of the org's own are written and read under this prefix: `profile.badgeNumber`. */
const OWN = 'profile.';

/** SCIM's names and Okta's for what is one text in both (Okta's base profile follows RFC 7643). */
const texts: Record<string, string> = {
  userName: 'login',
  displayName: 'displayName',
  nickName: 'nickName',
  profileUrl: 'profileUrl',
  title: 'title',
  userType: 'userType',
  preferredLanguage: 'preferredLanguage',
  timezone: 'timezone',
  [`${ENTERPRISE}:employeeNumber`]: 'employeeNumber',
  [`${ENTERPRISE}:costCenter`]: 'costCenter',
  [`${ENTERPRISE}:organization`]: 'organization',
  [`${ENTERPRISE}:division`]: 'division',
  [`${ENTERPRISE}:department`]: 'department',
};

const nameParts: Record<string, string> = {
  givenName: 'firstName',
  familyName: 'lastName',
  middleName: 'middleName',
  honorificPrefix: 'honorificPrefix',
  honorificSuffix: 'honorificSuffix',
};

const placeParts: Record<string, string> = {
  streetAddress: 'streetAddress',
  locality: 'city',
  region: 'state',
  postalCode: 'zipCode',
  country: 'countryCode',
};

/** Okta demands them: they are replaced, and never cleared. */
const kept = ['login', 'email', 'firstName', 'lastName'];

/** The profile that says the same; `null` clears. What Okta has no attribute for is left out. */
export function toProfile(attributes: Attributes, externalIdAttribute: string): JsonObject {
  const profile: JsonObject = {};
  for (const [path, value] of Object.entries(attributes))
    Object.assign(profile, fieldsOf(path, value, externalIdAttribute));
  return Object.fromEntries(
    Object.entries(profile).filter(([field, value]) => value !== null || !kept.includes(field)),
  );
}

function fieldsOf(path: string, value: Json, externalIdAttribute: string): JsonObject {
  const field = texts[path];
  if (field !== undefined) return {[field]: orNull(value)};
  if (path.startsWith(OWN)) return {[path.slice(OWN.length)]: value};
  if (path.startsWith('name.')) return partsOf({[path.slice(5)]: value}, nameParts, [path.slice(5)]);
  switch (path) {
    case 'externalId':
      return {[externalIdAttribute]: orNull(value)};
    case 'locale':
      // RFC 5646 there, an underscore here.
      return {locale: textOf(value)?.replaceAll('-', '_') ?? null};
    case 'name':
      return partsOf(value, nameParts);
    case 'emails':
      // Not secondEmail: it can recover the account, and nobody may get that by an address in an HR system.
      return {email: textOf(choose(value, 'work')?.['value']) ?? null};
    case 'phoneNumbers':
      return {
        mobilePhone: textOf(ofType(value, 'mobile')?.['value']) ?? null,
        primaryPhone: textOf(choose(withoutMobile(value), 'work')?.['value']) ?? null,
      };
    case 'addresses':
      return placeOf(choose(value, 'work'));
    case MANAGER:
      return {managerId: (isObject(value) ? textOf(value['value']) : textOf(value)) ?? null};
    default:
      return {};
  }
}

const orNull = (value: Json): Json => (value === '' ? null : value);

/** Each part under Okta's name; a part that a whole value does not have is cleared. */
function partsOf(value: Json, names: Record<string, string>, only = Object.keys(names)): JsonObject {
  const parts = isObject(value) ? value : {};
  return Object.fromEntries(
    only.flatMap((part) => {
      const name = names[part];
      return name === undefined ? [] : [[name, orNull(parts[part] ?? null)]];
    }),
  );
}

function placeOf(place: JsonObject | undefined): JsonObject {
  const fields = partsOf(place ?? null, placeParts);
  const country = textOf(fields['countryCode']);
  // Two letters (ISO 3166-1), as SCIM demands it too: a country that is written out is left out.
  return {...fields, countryCode: country?.length === 2 ? country.toUpperCase() : null};
}

const valuesOf = (value: Json): JsonObject[] =>
  Array.isArray(value) ? value.filter((one) => isObject(one)) : [];
const ofType = (value: Json, type: string): JsonObject | undefined =>
  valuesOf(value).find((one) => textOf(one['type'])?.toLowerCase() === type);
const withoutMobile = (value: Json): JsonObject[] =>
  valuesOf(value).filter((one) => textOf(one['type'])?.toLowerCase() !== 'mobile');

/** Okta has room for one: the primary, else one of this type, else the first. */
const choose = (value: Json, type: string): JsonObject | undefined =>
  valuesOf(value).find((one) => one['primary'] === true) ?? ofType(value, type) ?? valuesOf(value)[0];

/** Which fields of `wanted` are not so in `known`. */
export function differing(wanted: JsonObject, known: JsonObject): JsonObject {
  const entries = Object.entries(wanted).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(known[field] ?? null),
  );
  return Object.fromEntries(entries);
}

const statusesOff = ['STAGED', 'SUSPENDED', 'DEPROVISIONED'];

/** Whether the account can be signed in to, now or after its person's next step; a change under way counts as done. */
export function isActive(user: JsonObject): boolean {
  const status = textOf(user['transitioningToStatus']) ?? textOf(user['status']) ?? '';
  return !statusesOff.includes(status);
}

/** A user as Okta answered it, in SCIM's terms; nothing when it has no id. */
export function toRemote(user: JsonObject, externalIdAttribute: string): Remote | undefined {
  const id = textOf(user['id']);
  if (id === undefined || !isObject(user['profile'])) return undefined;
  const profile = user['profile'];
  const attributes: Attributes = {active: isActive(user)};
  const taken = new Set([
    'email',
    'secondEmail',
    'locale',
    'primaryPhone',
    'mobilePhone',
    'manager',
    'managerId',
  ]);
  const take = (field: string): Json | undefined => {
    taken.add(field);
    return profile[field] ?? undefined;
  };
  const put = (path: string, value: Json | undefined): void => {
    if (value !== undefined && value !== null) attributes[path] = value;
  };
  for (const [path, field] of Object.entries(texts)) put(path, take(field));
  put('externalId', take(externalIdAttribute));
  put('locale', textOf(profile['locale'])?.replaceAll('_', '-'));
  put('name', objectFrom(nameParts, take));
  put('emails', valueList([profile['email'], {type: 'work', primary: true}]));
  put(
    'phoneNumbers',
    valueList([profile['primaryPhone'], {type: 'work'}], [profile['mobilePhone'], {type: 'mobile'}]),
  );
  const place = objectFrom(placeParts, take);
  put('addresses', place && [{...place, type: 'work'}]);
  put(MANAGER, typeof profile['managerId'] === 'string' ? {value: profile['managerId']} : undefined);
  for (const [field, value] of Object.entries(profile)) if (!taken.has(field)) put(OWN + field, value);
  return {id, attributes};
}

function objectFrom(
  names: Record<string, string>,
  take: (field: string) => Json | undefined,
): JsonObject | undefined {
  const parts = Object.entries(names).flatMap(([part, field]) => {
    const value = take(field);
    return value === undefined ? [] : [[part, value] as const];
  });
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

function valueList(...given: [Json | undefined, JsonObject][]): Json | undefined {
  const values = given.flatMap(([value, more]) => (typeof value === 'string' ? [{value, ...more}] : []));
  return values.length === 0 ? undefined : values;
}
