import type {StoredGroup, StoredUser} from './store.ts';
import type {Xml} from './xml.ts';

/** A refusal of the double, or the result of an action. */
export type Reply = {status: number; code: string; message: string} | {result: Xml};

export const refuse = (status: number, code: string, message: string): Reply => ({status, code, message});
export const done = (result: Xml = {}): Reply => ({result});
export const noSuch = (what: string): Reply => refuse(404, 'NoSuchEntity', `The ${what} cannot be found.`);
export const taken = (what: string): Reply => refuse(409, 'EntityAlreadyExists', `${what} already exists.`);
export const conflict = (what: string): Reply =>
  refuse(409, 'DeleteConflict', `Cannot delete entity, must ${what} first.`);
export const invalid = (what: string): Reply =>
  refuse(400, 'ValidationError', `The specified value for ${what} is invalid.`);

const sample = '2026-01-05T08:00:00Z';

/** A user as GetUser shows it; a list leaves the tags out. */
export const userXml = (user: StoredUser, withTags = true): Xml => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: user.arn,
  CreateDate: sample,
  ...(withTags && user.tags.size > 0 ? {Tags: [...user.tags].map(([Key, Value]) => ({Key, Value}))} : {}),
});

export const groupXml = (group: StoredGroup): Xml => ({
  Path: group.path,
  GroupName: group.name,
  GroupId: group.id,
  Arn: `arn:aws:iam::123456789012:group${group.path}${group.name}`,
  CreateDate: sample,
});

/** One page of a list, with a marker to the next. */
export function paged(
  name: string,
  rows: Xml[],
  params: URLSearchParams,
  pageSize: number,
  more: {[name: string]: Xml} = {},
): Reply {
  const size = Math.min(Number(params.get('MaxItems') ?? 100), pageSize);
  const from = Number(params.get('Marker') ?? 0);
  const isTruncated = from + size < rows.length;
  return done({
    ...more,
    [name]: rows.slice(from, from + size),
    IsTruncated: isTruncated,
    ...(isTruncated ? {Marker: String(from + size)} : {}),
  });
}
