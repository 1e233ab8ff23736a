import type {JsonObject} from '../../../src/core/json.ts';

export interface Stored {
  id: string;
  body: JsonObject;
}

export interface StoredGroup extends Stored {
  /** Ids of users; the endpoint never shows them. */
  members: Set<string>;
}

/** What the Identity Center holds, and how it behaves where AWS's pages leave it open. */
export interface Store {
  users: Map<string, Stored>;
  groups: Map<string, StoredGroup>;
  /** The lists of today (cursors), those with startIndex, or those that end at 50. */
  paging: 'cursor' | 'index' | 'first-50';
  /** Rows of a page at most, whatever `count` says. */
  pageSize: number;
  /** Refuses to add who is in and to remove who is not. */
  refusesNoChange: boolean;
  now: () => number;
}

/** An answer of the double. */
export interface Reply {
  status: number;
  body?: JsonObject;
}

/** AWS's error body, which says `schema` where RFC 7644 says `schemas`; the kind of error is in the status alone. */
export function refusal(status: number, detail: string): Reply {
  const urn = 'urn:ietf:params:scim:api:messages:2.0:Error';
  const timeStamp = new Date(0).toISOString().replace('T', ' ').replace('Z', '');
  return {
    status,
    body: {
      schema: [urn],
      schemas: [urn],
      detail,
      status: String(status),
      exceptionRequestId: crypto.randomUUID(),
      timeStamp,
    },
  };
}

export const invalid = (): Reply =>
  refusal(400, 'Request is unparsable, syntactically incorrect, or violates schema.');
export const duplicate = (): Reply => refusal(409, 'Refused to create a new, duplicate resource.');
export const notFound = (kind: 'USER' | 'GROUP', id: string): Reply =>
  refusal(404, `Could not find ${kind} with identifier ${id}`);

/** As AWS shows a resource; a group's members are always empty (developer guide, GetGroup). */
export function rowOf(kind: 'user' | 'group', {id, body}: Stored): JsonObject {
  const resourceType = kind === 'user' ? 'User' : 'Group';
  const meta = {resourceType, created: '2026-01-05T08:00:00Z', lastModified: '2026-01-05T08:00:00Z'};
  return {id, meta, ...body, ...(kind === 'group' ? {members: []} : {})};
}
