/**
 * The canonical identity event (`schemas/identity-event.avsc`, record `avroscim.IdentityEvent`), decoded.
 *
 * In every nullable field `null` clears the attribute at a target where it is mapped, and `undefined` says nothing
 * about it: the writer's schema lacks the field, so the event can not have meant to clear it.
 */

type Optional<T> = T | null | undefined;

export interface Actor {
  id: string;
  kind: 'human' | 'service' | 'agent';
}

export interface PersonName {
  formatted?: Optional<string>;
  familyName?: Optional<string>;
  givenName?: Optional<string>;
  middleName?: Optional<string>;
  honorificPrefix?: Optional<string>;
  honorificSuffix?: Optional<string>;
}

/** A value of a SCIM multi-valued attribute (RFC 7643 section 2.4). */
export interface TypedValue {
  value: string;
  display?: Optional<string>;
  type?: Optional<string>;
  primary?: Optional<boolean>;
}

export interface Address {
  formatted?: Optional<string>;
  streetAddress?: Optional<string>;
  locality?: Optional<string>;
  region?: Optional<string>;
  postalCode?: Optional<string>;
  country?: Optional<string>;
  type?: Optional<string>;
  primary?: Optional<boolean>;
}

/** The enterprise extension (RFC 7643 section 4.3); `managerId` is a subject id, resolved at each target. */
export interface Enterprise {
  employeeNumber?: Optional<string>;
  costCenter?: Optional<string>;
  organization?: Optional<string>;
  division?: Optional<string>;
  department?: Optional<string>;
  managerId?: Optional<string>;
}

/** A whole user, as it now is. */
export interface User {
  id: string;
  userName: string;
  active: boolean;
  externalId?: Optional<string>;
  displayName?: Optional<string>;
  nickName?: Optional<string>;
  profileUrl?: Optional<string>;
  title?: Optional<string>;
  userType?: Optional<string>;
  preferredLanguage?: Optional<string>;
  locale?: Optional<string>;
  timezone?: Optional<string>;
  name?: Optional<PersonName>;
  emails?: TypedValue[] | undefined;
  phoneNumbers?: TypedValue[] | undefined;
  photos?: TypedValue[] | undefined;
  ims?: TypedValue[] | undefined;
  roles?: TypedValue[] | undefined;
  entitlements?: TypedValue[] | undefined;
  addresses?: Address[] | undefined;
  enterprise?: Optional<Enterprise>;
  /** Group subject ids. `null` or absent says nothing about memberships, `[]` says none. */
  groups?: Optional<string[]>;
  attributes?: Optional<Record<string, string>>;
}

/** A whole group, as it now is. */
export interface Group {
  id: string;
  displayName: string;
  externalId?: Optional<string>;
  /** Subject ids. `null` or absent says nothing about memberships. */
  members?: Optional<string[]>;
}

/** Members that came and went. The Kafka key is the group's id. */
export interface Membership {
  groupId: string;
  added: string[];
  removed: string[];
}

export interface Deletion {
  id: string;
  kind: 'user' | 'group';
}

export interface IdentityEvent {
  eventId: string;
  /** Milliseconds since the epoch: when the source recorded it, not a date in the future it speaks of. */
  occurredAt: number;
  source: string;
  correlationId?: Optional<string>;
  reason?: Optional<string>;
  actor?: Optional<Actor>;
  user?: Optional<User>;
  group?: Optional<Group>;
  membership?: Optional<Membership>;
  deletion?: Optional<Deletion>;
}
