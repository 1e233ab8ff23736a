import {isObject, type JsonObject} from '../../src/core/json.ts';
import type {Attributes, Json} from '../../src/core/resource.ts';
import type {Profile} from './profile.ts';
import {isCleared, isSame, valueAt, withoutNulls} from './mapping.ts';

export interface Operation {
  op: 'add' | 'remove' | 'replace';
  path: string;
  value?: Json;
}

/** The body of a PATCH (RFC 7644 section 3.5.2), as the service writes operations and booleans. */
export const patchBody = (
  operations: readonly Operation[],
  {operations: style, booleans}: Pick<Profile, 'operations' | 'booleans'>,
): JsonObject => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations.map(({op, path, value}) => ({
    op: style === 'capitalized' ? capitalized[op] : op,
    path,
    ...(value === undefined ? {} : {value: booleans === 'text' && isBoolean(value) ? String(value) : value}),
  })),
});

const capitalized = {add: 'Add', remove: 'Remove', replace: 'Replace'} as const;
const isBoolean = (value: Json): value is boolean => typeof value === 'boolean';

/**
 * The smallest PATCH: one operation with a path for each attribute that differs from `current`, or of those in `changed`
 * when the current is not known, or of all. A cleared attribute is a `remove`.
 */
export function patchOperations(
  desired: Attributes,
  changed: readonly string[] | undefined,
  current: Attributes | undefined,
): Operation[] {
  const paths = current || !changed ? Object.keys(desired) : changed.filter((path) => path in desired);
  return paths.flatMap((path) => {
    const now = current && valueAt(current, path);
    return current && isSame(desired[path], now) ? [] : operationsFor(path, desired[path], current, now);
  });
}

function operationsFor(
  path: string,
  value: Json | undefined,
  current: Attributes | undefined,
  now: Json | undefined,
): Operation[] {
  if (value === undefined || isCleared(value)) return [{op: 'remove', path}];
  const replace: Operation = {op: 'replace', path, value: withoutNulls(value)};
  if (!isObject(value)) return [replace];
  // A replaced complex value keeps the parts that it is not given (section 3.5.2.3): what is cleared is removed by name.
  const cleared = Object.entries(value).filter(([, part]) => part === null);
  const there = cleared.filter(([name]) => !current || (isObject(now) && !isCleared(now[name])));
  return [replace, ...there.map(([name]): Operation => ({op: 'remove', path: `${path}.${name}`}))];
}
