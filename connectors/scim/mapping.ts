import {isObject, type JsonObject} from '../../src/core/json.ts';
import {
  CORE_GROUP,
  CORE_USER,
  ENTERPRISE,
  type Attributes,
  type Json,
  type Remote,
} from '../../src/core/resource.ts';
import type {Profile} from './profile.ts';

export type Kind = 'user' | 'group';

const manager = `${ENTERPRISE}:manager`;
const coreSchemas: Record<Kind, string> = {user: CORE_USER, group: CORE_GROUP};

/** What the service is sent of these attributes: the allowed ones, under its own names, in its own forms. */
export function outward(attributes: Attributes, profile: Profile): Attributes {
  if (isPlain(profile)) return attributes;
  const sent: Attributes = {};
  for (const [path, value] of Object.entries(attributes))
    if (isSent(path, profile)) sent[profile.rename[path] ?? path] = formOf(path, value, profile);
  return sent;
}

/** Nothing to rename, drop or reshape. */
const isPlain = ({drop, attributes, rename, manager: form}: Profile): boolean =>
  drop.length === 0 && !attributes && form !== 'string' && Object.keys(rename).length === 0;

/** Whether the profile lets this path, or the attribute that it is a part of, be sent. */
export function isSent(path: string, profile: Profile): boolean {
  if (profile.drop.length === 0 && !profile.attributes) return true;
  // It is written by a cut-off whatever the profile says: left out, one who comes back would stay out.
  if (path === 'active' && profile.deactivation !== 'delete-only') return true;
  const {schema, names} = splitPath(path);
  const whole = (schema ? `${schema}:` : '') + (names[0] ?? '');
  if (profile.drop.includes(path) || profile.drop.includes(whole)) return false;
  return !profile.attributes || profile.attributes.includes(path) || profile.attributes.includes(whole);
}

function formOf(path: string, value: Json, profile: Profile): Json {
  return path === manager && profile.manager === 'string' && isObject(value)
    ? (value['value'] ?? null)
    : value;
}

/** Whether a value says that the attribute has none (RFC 7643 section 2.5). */
export const isCleared = (value: Json | undefined): boolean =>
  value === null ||
  value === undefined ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.values(value).every((part) => part === null));

/** A whole resource as POST and PUT carry it, with its schemas; cleared attributes are left out. */
export function toResource(kind: Kind, attributes: Attributes, id?: string): JsonObject {
  const core = coreSchemas[kind];
  const schemas = [core];
  const resource: JsonObject = {schemas, ...(id === undefined ? {} : {id})};
  for (const [path, value] of Object.entries(attributes)) {
    if (isCleared(value)) continue;
    const {schema, names} = splitPath(path);
    const extension = schema && schema !== core ? schema : undefined;
    if (extension && !schemas.includes(extension)) schemas.push(extension);
    setAt(resource, extension ? [extension, ...names] : names, withoutNulls(value));
  }
  return resource;
}

function setAt(resource: JsonObject, names: string[], value: Json): void {
  const last = names.at(-1);
  if (last === undefined) return;
  let place = resource;
  for (const name of names.slice(0, -1)) {
    const inner = place[name];
    place = place[name] = isObject(inner) ? inner : {};
  }
  place[last] = value;
}

/** `urn:…:User:manager.value` is a schema and names; the dots of a URN's version are not the path's. */
function splitPath(path: string): {schema?: string; names: string[]} {
  if (!path.toLowerCase().startsWith('urn:')) return {names: path.split('.')};
  const colon = path.lastIndexOf(':');
  return {schema: path.slice(0, colon), names: path.slice(colon + 1).split('.')};
}

/** The same without what is null, however deep: in a new resource there is nothing to clear. */
export function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const parts = Object.entries(value).filter(([, part]) => part !== null);
  return Object.fromEntries(parts.map(([name, part]) => [name, withoutNulls(part)]));
}

/**
 * A resource as a service answered it, in the flat form and under SCIM's names; nothing when it has no id. The id is the
 * body's: a Location header may be missing, relative, or by user name.
 */
export function toRemote(body: JsonObject, profile: Profile): Remote | undefined {
  const id = body['id'];
  if ((typeof id !== 'string' && typeof id !== 'number') || id === '') return undefined;
  const names = new Map(Object.entries(profile.rename).map(([ours, theirs]) => [theirs, ours]));
  const attributes: Attributes = {};
  const take = (path: string, value: Json): void => {
    if (value !== null) attributes[names.get(path) ?? path] = inward(names.get(path) ?? path, value);
  };
  for (const [name, value] of Object.entries(body)) {
    if (name === 'id' || name === 'schemas' || name === 'meta') continue;
    if (!name.toLowerCase().startsWith('urn:') || !isObject(value)) take(name, value);
    else for (const [inner, part] of Object.entries(value)) take(`${urnOf(name)}:${inner}`, part);
  }
  if (profile.externalIdIsId) attributes['externalId'] ??= String(id);
  return {id: String(id), attributes};
}

const urnOf = (name: string): string => (name.toLowerCase() === ENTERPRISE.toLowerCase() ? ENTERPRISE : name);

/** Some services answer `"active": "False"` and a manager as a bare string. */
function inward(path: string, value: Json): Json {
  if (path === 'active' && typeof value === 'string') return value.toLowerCase() === 'true';
  if (path === manager && typeof value === 'string') return {value};
  return value;
}

/** The value at a path of the flat form; `name.givenName` is looked up inside `name`. */
export function valueAt(attributes: Attributes, path: string): Json | undefined {
  if (path in attributes) return attributes[path];
  const {schema, names} = splitPath(path);
  let value = attributes[(schema ? `${schema}:` : '') + (names[0] ?? '')];
  for (const name of names.slice(1)) value = isObject(value) ? value[name] : undefined;
  return value;
}

/**
 * Whether a service holds what is desired. What it adds by itself (a formatted name, a `$ref`, a display) is no
 * difference, nor is the order of values.
 */
export function isSame(desired: Json | undefined, current: Json | undefined): boolean {
  if (isCleared(desired)) return isCleared(current) || current === '';
  if (Array.isArray(desired)) {
    if (!Array.isArray(current) || current.length !== desired.length) return false;
    const left = [...current];
    return desired.every((item) => {
      const at = left.findIndex((other) => isSame(item, other));
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    });
  }
  if (isObject(desired)) {
    if (!isObject(current)) return false;
    return Object.entries(desired).every(
      ([name, part]) =>
        isSame(part, current[name]) || (name === 'primary' && part === false && current[name] === undefined),
    );
  }
  return desired === current;
}
