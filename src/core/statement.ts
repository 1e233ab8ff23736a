import type {Actor, Group, IdentityEvent, User} from './event.ts';
import {failed, ok, type Failure, type Result} from './failure.ts';

/** Who said it, when and why: carried to logs, traces and audit. `occurredAt` is in milliseconds since the epoch. */
export interface StatementMeta {
  /** Empty for a tombstone, which has none. */
  eventId: string;
  occurredAt: number;
  source: string;
  correlationId?: string;
  reason?: string;
  actor?: Actor;
}

type About = {subject: string; meta: StatementMeta};

/** What one event says, about one subject. `unknown` is a kind newer than this program, or what `reason` says: it is skipped. */
export type Statement = About &
  (
    | {kind: 'user'; user: User}
    | {kind: 'group'; group: Group}
    | {kind: 'membership'; added: readonly string[]; removed: readonly string[]}
    | {kind: 'deletion'; of: 'user' | 'group' | 'unknown'}
    | {kind: 'unknown'; reason?: string}
  );

/** The largest time that a JavaScript Date can hold (ECMA-262, "Time Values and Time Range"). */
const maxTimeMs = 8.64e15;

/** A record that is not an event: `field` is where, `what` is in words. */
export function undecodable(field: string, what: string): {ok: false; failure: Failure} {
  return failed({kind: 'undecodable', message: `${field} ${what}`, cause: `undecodable ${field}`});
}

/** Reads a decoded event. `key` is the record's key as text. Failure: `undecodable`, naming the field. */
export function readStatement(event: IdentityEvent, key: string | null): Result<Statement> {
  if (key === null || key === '') return undecodable('key', 'is missing: expected the id of the subject');
  const meta = readMeta(event);
  return meta.ok ? readBody(event, key, meta.value) : meta;
}

/** Longer than any id: what else stands in a tombstone's key names nobody. */
const maxKeyLength = 1024;

/** A key that a serializer has framed begins with a zero byte. */
const control = /\p{Cc}/u;

/** A record without a value: the subject is gone, as of the record's own timestamp in ms. Failure: `undecodable`. */
export function tombstone(key: string | null, timestampMs: number): Result<Statement> {
  if (key === null || key === '') return undecodable('key', 'is missing: expected the id of the subject');
  // There is no body to compare it with: what is no id would be taken for somebody who is not known here.
  if (key.length > maxKeyLength)
    return undecodable(
      'key',
      `has ${key.length} characters, more than ${maxKeyLength}: expected the id of the subject`,
    );
  if (control.test(key))
    return undecodable(
      'key',
      'holds a control character, as a framed one does: expected the id of the subject',
    );
  if (!isTime(timestampMs)) return undecodable('timestamp', 'is not a time');
  const meta = {eventId: '', occurredAt: timestampMs, source: 'tombstone'};
  return ok({kind: 'deletion', of: 'unknown', subject: key, meta});
}

/** Whether it ends a person's access: a user who is not active, or a deletion of what is not known to be a group. */
export function isLeave(statement: Statement): boolean {
  if (statement.kind === 'user') return !statement.user.active;
  return statement.kind === 'deletion' && statement.of !== 'group';
}

function readMeta(event: IdentityEvent): Result<StatementMeta> {
  if (!isText(event.eventId)) return undecodable('eventId', 'is empty');
  if (!isTime(event.occurredAt)) return undecodable('occurredAt', 'is not a time');
  const meta: StatementMeta = {eventId: event.eventId, occurredAt: event.occurredAt, source: event.source};
  if (isText(event.correlationId)) meta.correlationId = event.correlationId;
  if (isText(event.reason)) meta.reason = event.reason;
  if (event.actor) meta.actor = event.actor;
  return ok(meta);
}

function readBody(event: IdentityEvent, key: string, meta: StatementMeta): Result<Statement> {
  const bodies = (['user', 'group', 'membership', 'deletion'] as const).filter((name) => event[name] != null);
  if (bodies.length > 1) return undecodable(bodies.join(' and '), 'are both set: expected one');
  if (event.user) return readUser(event.user, key, meta);
  if (event.group) return readGroup(event.group, key, meta);
  if (event.membership) return readMembership(event.membership, key, meta);
  if (event.deletion) {
    const {id, kind} = event.deletion as {id: string; kind: string};
    const wrong = wrongId('deletion.id', id, key);
    const of = kind === 'user' || kind === 'group' ? kind : 'unknown';
    return wrong ?? ok({kind: 'deletion', of, subject: key, meta});
  }
  return ok({kind: 'unknown', subject: key, meta});
}

function readUser(user: User, key: string, meta: StatementMeta): Result<Statement> {
  const wrong = wrongId('user.id', user.id, key);
  if (wrong) return wrong;
  if (!isText(user.userName)) return undecodable('user.userName', 'is empty');
  if (!isBoolean(user.active)) return undecodable('user.active', 'is neither true nor false');
  return ok({kind: 'user', user, subject: key, meta});
}

function readGroup(group: Group, key: string, meta: StatementMeta): Result<Statement> {
  const wrong = wrongId('group.id', group.id, key);
  if (wrong) return wrong;
  if (!isText(group.displayName)) return undecodable('group.displayName', 'is empty');
  if (group.members?.some((id) => !isText(id))) return undecodable('group.members', 'holds an empty id');
  return ok({kind: 'group', group, subject: key, meta});
}

/** What a writer's schema may leave out or make nullable, whatever the canonical one says. */
type LooseMembership = {groupId: string; added?: string[] | null; removed?: string[] | null};

function readMembership(body: LooseMembership, key: string, meta: StatementMeta): Result<Statement> {
  const wrong = wrongId('membership.groupId', body.groupId, key);
  if (wrong) return wrong;
  const added = [...new Set(body.added ?? [])];
  const removed = [...new Set(body.removed ?? [])];
  if (!added.every(isText)) return undecodable('membership.added', 'holds an empty id');
  if (!removed.every(isText)) return undecodable('membership.removed', 'holds an empty id');
  const leaving = new Set(removed);
  if (added.some((id) => leaving.has(id))) {
    return undecodable('membership.added', 'and membership.removed name the same subject');
  }
  return ok({kind: 'membership', added, removed, subject: key, meta});
}

function wrongId(field: string, id: string, key: string): {ok: false; failure: Failure} | undefined {
  if (!isText(id)) return undecodable(field, 'is empty');
  return id === key ? undefined : undecodable(field, "differs from the record's key");
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isTime = (value: unknown): value is number =>
  Number.isFinite(value) && Math.abs(value as number) <= maxTimeMs;
