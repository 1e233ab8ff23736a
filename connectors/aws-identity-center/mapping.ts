import {isObject, textOf, type JsonObject} from '../../src/core/json.ts';
import {
  CORE_GROUP,
  CORE_USER,
  ENTERPRISE,
  type Attributes,
  type Json,
  type Remote,
} from '../../src/core/resource.ts';

export type Kind = 'user' | 'group';

/** Attributes by their path, each with its value or `null` for none; a name by its parts: `name.givenName`. */
export type Fields = Record<string, Json>;

const MANAGER = `${ENTERPRISE}:manager`;

/** What is one text (developer guide, "Limitations from SCIM specification"). */
const texts: Record<Kind, readonly string[]> = {
  user: [
    ...['userName', 'externalId', 'displayName', 'nickName', 'profileUrl', 'title', 'userType'],
    ...['preferredLanguage', 'locale', 'timezone'],
    ...['employeeNumber', 'costCenter', 'organization', 'division', 'department'].map(
      (name) => `${ENTERPRISE}:${name}`,
    ),
  ],
  group: ['displayName', 'externalId'],
};

const nameParts = [
  'formatted',
  'familyName',
  'givenName',
  'middleName',
  'honorificPrefix',
  'honorificSuffix',
];
const placeParts = ['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country'];

/** AWS demands them: they are replaced, and never cleared. */
const required = ['userName', 'displayName', 'name.givenName', 'name.familyName', 'active'];

/** What the endpoint can hold of these attributes, in its own form: of several emails, phones or addresses one. */
export function toFields(kind: Kind, attributes: Attributes): Fields {
  const fields: Fields = {};
  for (const [path, value] of Object.entries(attributes)) Object.assign(fields, fieldsOf(kind, path, value));
  const kept = Object.entries(fields).filter(([path, value]) => value !== null || !required.includes(path));
  return Object.fromEntries(kept);
}

function fieldsOf(kind: Kind, path: string, value: Json): Fields {
  if (texts[kind].includes(path)) return {[path]: textOrNull(value)};
  if (kind === 'group') return {};
  if (path.startsWith('name.') && nameParts.includes(path.slice(5))) return {[path]: textOrNull(value)};
  switch (path) {
    case 'active':
      return {active: value};
    case 'name': {
      const parts = isObject(value) ? value : {};
      return Object.fromEntries(nameParts.map((part) => [`name.${part}`, textOrNull(parts[part] ?? null)]));
    }
    case 'emails':
      return {emails: oneOf(value, ['value', 'type'], {primary: true})};
    case 'phoneNumbers':
      return {phoneNumbers: oneOf(value, ['value', 'type'])};
    case 'addresses':
      return {addresses: oneOf(value, [...placeParts, 'type'])};
    case MANAGER: {
      const id = isObject(value) ? textOf(value['value']) : textOf(value);
      return {[MANAGER]: id ? {value: id} : null};
    }
    default:
      return {};
  }
}

const textOrNull = (value: Json): Json => (typeof value === 'string' && value !== '' ? value : null);

/** One value, with these parts alone: the primary, else the one for work, else the first. */
function oneOf(value: Json, parts: readonly string[], more: JsonObject = {}): Json {
  const values = Array.isArray(value) ? value.filter((one) => isObject(one)) : [];
  const chosen =
    values.find((one) => one['primary'] === true) ??
    values.find((one) => textOf(one['type'])?.toLowerCase() === 'work') ??
    values[0];
  const said = parts.flatMap((part) => {
    const text = textOf(chosen?.[part]);
    return text ? [[part, text] as const] : [];
  });
  return said.some(([part]) => part !== 'type') ? [{...Object.fromEntries(said), ...more}] : null;
}

/** Which of these fields a change of the attributes at `changed` is about. */
export function fieldsAt(fields: Fields, changed: readonly string[]): Fields {
  const entries = Object.entries(fields).filter(
    ([path]) => changed.includes(path) || (path.startsWith('name.') && changed.includes('name')),
  );
  return Object.fromEntries(entries);
}

/** Which fields of `wanted` are not so in `known`. */
export function differing(wanted: Fields, known: Fields): Fields {
  const entries = Object.entries(wanted).filter(
    ([path, value]) => JSON.stringify(value) !== JSON.stringify(known[path] ?? null),
  );
  return Object.fromEntries(entries);
}

/** A whole new resource. AWS demands a display name; a person without one is shown by their name. */
export function toResource(kind: Kind, fields: Fields): JsonObject {
  const schemas = [kind === 'user' ? CORE_USER : CORE_GROUP];
  const resource: JsonObject = {schemas};
  const inside = (name: string, part: string, value: Json): void => {
    const object = resource[name];
    resource[name] = {...(isObject(object) ? object : {}), [part]: value};
  };
  for (const [path, value] of Object.entries(fields)) {
    if (value === null) continue;
    if (path.startsWith('name.')) inside('name', path.slice(5), value);
    else if (path.startsWith(`${ENTERPRISE}:`)) inside(ENTERPRISE, path.slice(ENTERPRISE.length + 1), value);
    else resource[path] = value;
  }
  if (ENTERPRISE in resource) schemas.push(ENTERPRISE);
  if (kind === 'user') {
    resource['displayName'] ??= displayNameOf(fields);
    resource['active'] ??= true;
  }
  return resource;
}

const displayNameOf = (fields: Fields): Json =>
  fields['name.formatted'] ?? `${textOf(fields['name.givenName'])} ${textOf(fields['name.familyName'])}`;

/** What AWS demands of a new user and this one lacks: its own refusal does not say what. */
export const lacking = (fields: Fields): string[] =>
  ['userName', 'name.givenName', 'name.familyName'].filter((path) => !fields[path]);

/** A resource as AWS answered it; nothing when it has no id. Members are never shown, so that their list says nothing. */
export function toRemote(body: JsonObject): Remote | undefined {
  const id = textOf(body['id']);
  if (!id) return undefined;
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(body)) {
    if (value === null || ['id', 'schemas', 'meta', 'members'].includes(name)) continue;
    if (name !== ENTERPRISE || !isObject(value)) attributes[name] = value;
    else
      for (const [part, inner] of Object.entries(value))
        if (inner !== null) attributes[`${ENTERPRISE}:${part}`] = inner;
  }
  return {id, attributes};
}
