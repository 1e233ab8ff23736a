import {isObject, objectsOf, parseJson, textOf, type JsonObject} from '../../../src/core/json.ts';
import type {Json} from '../../../src/core/resource.ts';
import {scimRefusal, type Reply} from './replies.ts';

/** The rows that a filter of GitHub's kind lets through: one `eq` of one of the attributes that the endpoint names. */
export function filtered(
  rows: readonly JsonObject[],
  filter: string | null,
  allowed: readonly string[],
): JsonObject[] | Reply {
  if (filter === null) return [...rows];
  const [, attribute = '', literal = ''] = /^(\w+) eq (".*")$/.exec(filter) ?? [];
  const wanted = textOf(parseJson(literal));
  if (wanted === undefined || !allowed.includes(attribute))
    return scimRefusal(400, 'Invalid filter', 'invalidFilter');
  return rows.filter((row) => {
    const held = attribute === 'emails' ? objectsOf(row['emails'])[0]?.['value'] : row[attribute];
    // GitHub's own comparing minds no case, so that what it lets through has to be compared again.
    return textOf(held)?.toLowerCase() === wanted.toLowerCase();
  });
}

/** One page (RFC 7644 section 3.4.2.4), no longer than the double's own limit. */
export function page(rows: readonly JsonObject[], query: URLSearchParams, limit: number): Reply {
  const startIndex = Math.max(1, Number(query.get('startIndex') ?? 1));
  const count = Math.min(limit, Number(query.get('count') ?? 30));
  const shown = rows.slice(startIndex - 1, startIndex - 1 + count);
  return {
    status: 200,
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: rows.length,
      startIndex,
      itemsPerPage: shown.length,
      Resources: shown,
    },
  };
}

/** Whether another resource has this value already. */
export const isTakenBy = (
  others: Iterable<{id: string; resource: JsonObject}>,
  id: string | undefined,
  wanted: JsonObject,
  attributes: readonly string[],
): boolean =>
  [...others].some(
    (other) =>
      other.id !== id &&
      attributes.some((name) => {
        const held = textOf(other.resource[name])?.toLowerCase();
        return held !== undefined && held === textOf(wanted[name])?.toLowerCase();
      }),
  );

/** One PATCH operation on a user or a group's own attributes; a filter in a path has no effect. */
export function patched(resource: JsonObject, operation: JsonObject): JsonObject | Reply {
  const {op, path, value = null} = operation;
  if (path === undefined) return isObject(value) ? {...resource, ...value} : invalidPath();
  if (typeof path !== 'string') return invalidPath();
  if (path.includes('[')) return resource;
  const [name = '', part] = path.split('.');
  const holder = part === undefined ? resource : isObject(resource[name]) ? resource[name] : {};
  const changed = op === 'remove' ? without(holder, part ?? name) : {...holder, [part ?? name]: value};
  if (!changed) return scimRefusal(400, 'Nothing is at the path', 'noTarget');
  return part === undefined ? changed : {...resource, [name]: changed};
}

const invalidPath = (): Reply => scimRefusal(400, 'Invalid path', 'invalidPath');

function without(holder: JsonObject, name: string): JsonObject | undefined {
  if (holder[name] === undefined) return undefined;
  return Object.fromEntries(Object.entries(holder).filter(([one]) => one !== name));
}

export const isReply = (value: JsonObject | Reply | JsonObject[]): value is Reply =>
  !Array.isArray(value) && typeof value['status'] === 'number' && 'body' in value;

export const operationsOf = (body: Json | undefined): JsonObject[] =>
  objectsOf(isObject(body) ? body['Operations'] : undefined);

export const metaOf = (kind: 'User' | 'Group', id: string): JsonObject => ({
  resourceType: kind,
  created: '2026-01-05T08:00:00.000Z',
  lastModified: '2026-01-05T08:00:00.000Z',
  location: `https://api.github.com/scim/v2/${kind}s/${id}`,
});
