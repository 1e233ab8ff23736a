import type {Tag, User} from '@aws-sdk/client-iam';
import type {Attributes, Json} from '../../src/core/resource.ts';
import type {IamConfig} from './manifest.ts';

/** Marks what this program manages, and holds the externalId. */
export const EXTERNAL_ID = 'avro-scim:externalId';

/** The inline policy by which an account is shut. IAM has no other word for it. */
export const DENY = 'avro-scim-cut-off';

/** Says that AWS's own policy was attached here in its place. */
export const SHUT = 'avro-scim:cut-off';

/** AWS's managed policy that denies all, in the partition that the user is in. */
export const denyAllOf = ({Arn}: Pick<User, 'Arn'>): string =>
  `arn:${Arn?.split(':')[1] ?? 'aws'}:iam::aws:policy/AWSDenyAll`;

/** Each tag that is wanted, with its text, or `null` for none; of attributes that say nothing there is none. */
export type Tags = Record<string, string | null>;

/** What IAM lets stand in a tag (letters, digits, blanks and _.:/=+-@, 256 of them). */
const fit = (text: string): string => text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_').slice(0, 256);

/** What is to stand in the tags of a user, of the attributes that say something. */
export function toTags({tags}: IamConfig, attributes: Attributes): Tags {
  const wanted: Tags = {};
  const put = (key: string, value: Json | undefined, form: (text: string) => string): void => {
    if (value !== undefined) wanted[key] = typeof value === 'string' && value !== '' ? form(value) : null;
  };
  for (const [key, path] of Object.entries(tags)) put(key, attributes[path], fit);
  // Never changed: two people must not become one.
  put(EXTERNAL_ID, attributes['externalId'], (text) => text);
  return wanted;
}

export const asList = (tags: Tags): Tag[] =>
  Object.entries(tags).flatMap(([Key, Value]) => (Value === null ? [] : [{Key, Value}]));

/** Which of the wanted are not so at this user. */
export function differing(wanted: Tags, {Tags: there = []}: User): Tags {
  const known = new Map(there.map(({Key, Value}) => [Key, Value]));
  return Object.fromEntries(
    Object.entries(wanted).filter(([key, value]) => value !== (known.get(key) ?? null)),
  );
}

/** What a user says of itself; whether it is active stands in its policies. */
export function toAttributes({tags}: IamConfig, user: Partial<User>): Attributes {
  const attributes: Attributes = {userName: user.UserName ?? ''};
  const paths = new Map([...Object.entries(tags), [EXTERNAL_ID, 'externalId'] as const]);
  for (const {Key, Value} of user.Tags ?? []) {
    const path = paths.get(Key ?? '');
    if (path !== undefined && Value) attributes[path] = Value;
  }
  return attributes;
}
