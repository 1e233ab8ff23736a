import {isObject, objectsOf, textOf, type JsonObject} from '../../src/core/json.ts';
import type {Attributes, Json, Remote} from '../../src/core/resource.ts';

/** A resource as GitHub answered it, in the flat form; nothing when it has no id. */
export function toRemote(row: JsonObject): Remote | undefined {
  const {id} = row;
  if (typeof id !== 'string' || id === '') return undefined;
  const attributes: Attributes = {};
  for (const [path, value] of Object.entries(row))
    if (value !== null && !['id', 'schemas', 'meta'].includes(path)) attributes[path] = value;
  return {id, attributes};
}

/** Whether a value says that the attribute has none. */
export const isCleared = (value: Json | undefined): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.values(value).every((part) => part === null));

/** Whether GitHub holds what is desired; what it adds by itself is no difference, nor is the order of values. */
export function isSame(desired: Json | undefined, current: Json | undefined): boolean {
  if (isCleared(desired)) return isCleared(current);
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
      ([name, part]) => isSame(part, current[name]) || (part === false && current[name] === undefined),
    );
  }
  return desired === current;
}

/** Both parts of a name, which GitHub demands where there is one; nothing where one of them is not known. */
export function nameOf(value: Json | undefined): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const {givenName, familyName} = value;
  return textOf(givenName) && textOf(familyName) ? value : undefined;
}

/** Addresses as GitHub takes them; of the login where there is no other. */
export function emailsOf(value: Json | undefined, userName: Json | undefined): JsonObject[] {
  const given = objectsOf(value).filter((email) => textOf(email['value']));
  const login = textOf(userName);
  const emails = given.length > 0 || !login?.includes('@') ? given : [{value: login}];
  const primary = Math.max(
    0,
    emails.findIndex((email) => email['primary'] === true),
  );
  return emails.map(({value: address = null, type}, place) => ({
    value: address,
    type: textOf(type) ?? 'work',
    primary: place === primary,
  }));
}

/** `name.givenName` and the like are parts of `name`. */
export function withWholeName(attributes: Attributes): Attributes {
  const rest: Attributes = {};
  const parts: JsonObject = {};
  for (const [path, value] of Object.entries(attributes)) {
    if (path.startsWith('name.')) parts[path.slice(5)] = value;
    else rest[path] = value;
  }
  if (Object.keys(parts).length === 0) return rest;
  return {...rest, name: {...(isObject(rest['name']) ? rest['name'] : {}), ...parts}};
}
