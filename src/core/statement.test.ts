import {describe, expect, test} from '@jest/globals';
import type {IdentityEvent} from './event.ts';
import {isLeave, readStatement, tombstone} from './statement.ts';

const event = (body: object): IdentityEvent => ({
  eventId: '2f1f7d5a-4f0b-4a3c-9a53-0d8a3f1c9f11',
  occurredAt: 1_790_000_000_000,
  source: 'hr',
  ...body,
});
const user = {id: 'u1', userName: 'ada', active: true};
const read = (body: object, key: string | null = 'u1') => readStatement(event(body), key);

describe('readStatement', () => {
  test('a user', () => {
    const statement = read({user, reason: 'hired', correlationId: null, actor: {id: 'a', kind: 'human'}});
    expect(statement).toEqual({
      ok: true,
      value: {
        kind: 'user',
        subject: 'u1',
        user,
        meta: {
          eventId: '2f1f7d5a-4f0b-4a3c-9a53-0d8a3f1c9f11',
          occurredAt: 1_790_000_000_000,
          source: 'hr',
          reason: 'hired',
          actor: {id: 'a', kind: 'human'},
        },
      },
    });
  });

  test.each([
    [{group: {id: 'g1', displayName: 'wiki', members: ['u1']}}, 'group'],
    [{membership: {groupId: 'g1', added: ['u1'], removed: []}}, 'membership'],
    [{deletion: {id: 'g1', kind: 'group'}}, 'deletion'],
    [{}, 'unknown'],
    [{user: null, group: undefined}, 'unknown'],
  ])('%j is a %s', (body, kind) => {
    expect(read(body, 'g1')).toMatchObject({ok: true, value: {kind, subject: 'g1'}});
  });

  test('a membership whose lists the writer lacks or leaves null, and repeats', () => {
    expect(read({membership: {groupId: 'g1', added: ['a', 'a'], removed: null}}, 'g1')).toMatchObject({
      value: {added: ['a'], removed: []},
    });
    expect(read({membership: {groupId: 'g1'}}, 'g1')).toMatchObject({value: {added: [], removed: []}});
  });

  test.each([
    [{user, group: {id: 'u1', displayName: 'x'}}, 'user and group are both set: expected one'],
    [{user: {...user, id: ''}}, 'user.id is empty'],
    [{user: {...user, id: 'u2'}}, "user.id differs from the record's key"],
    [{user: {...user, userName: ''}}, 'user.userName is empty'],
    [{user: {...user, userName: null}}, 'user.userName is empty'],
    [{user: {...user, active: null}}, 'user.active is neither true nor false'],
    [{group: {id: 'u1', displayName: ''}}, 'group.displayName is empty'],
    [{group: {id: 'u1', displayName: 'x', members: ['']}}, 'group.members holds an empty id'],
    [
      {membership: {groupId: 'u2', added: [], removed: []}},
      "membership.groupId differs from the record's key",
    ],
    [{membership: {groupId: 'u1', added: [''], removed: []}}, 'membership.added holds an empty id'],
    [{membership: {groupId: 'u1', added: [], removed: ['']}}, 'membership.removed holds an empty id'],
    [
      {membership: {groupId: 'u1', added: ['a', 'b'], removed: ['b']}},
      'membership.added and membership.removed name the same subject',
    ],
    [{deletion: {id: '', kind: 'user'}}, 'deletion.id is empty'],
    [{user, occurredAt: Number.NaN}, 'occurredAt is not a time'],
    [{user, occurredAt: 1e16}, 'occurredAt is not a time'],
    [{user, eventId: ''}, 'eventId is empty'],
  ])('%j is undecodable', (body, message) => {
    expect(read(body)).toMatchObject({ok: false, failure: {kind: 'undecodable', message}});
  });

  test.each([null, ''])('a record with the key %j is undecodable', (key) => {
    expect(read({user}, key)).toMatchObject({ok: false, failure: {cause: 'undecodable key'}});
    expect(tombstone(key, 5)).toMatchObject({ok: false, failure: {cause: 'undecodable key'}});
  });
});

test.each([
  ['that is too long', 'x'.repeat(1025), 'key has 1025 characters, more than 1024'],
  ['of control characters, as a framed one', '\0\0\0\0\u0001u1', 'key holds a control character'],
])('a tombstone with a key %s is undecodable', (_, key, message) => {
  const failure = {kind: 'undecodable', cause: 'undecodable key', message: expect.stringContaining(message)};
  expect(tombstone(key, 5)).toMatchObject({ok: false, failure});
  expect(tombstone('x'.repeat(1024), 5)).toMatchObject({ok: true});
});

test('a tombstone deletes whatever the subject was', () => {
  expect(tombstone('u1', 5)).toEqual({
    ok: true,
    value: {
      kind: 'deletion',
      of: 'unknown',
      subject: 'u1',
      meta: {eventId: '', occurredAt: 5, source: 'tombstone'},
    },
  });
  expect(tombstone('u1', Number.NaN)).toMatchObject({ok: false});
});

test.each([
  [{user}, false],
  [{user: {...user, active: false}}, true],
  [{deletion: {id: 'u1', kind: 'user'}}, true],
  [{deletion: {id: 'u1', kind: 'group'}}, false],
  [{deletion: {id: 'u1', kind: 'agent'}}, true],
  [{group: {id: 'u1', displayName: 'x'}}, false],
])('%j: is it a leave? %s', (body, leave) => {
  const statement = read(body);
  if (!statement.ok) throw new Error(statement.failure.message);
  expect(isLeave(statement.value)).toBe(leave);
});
