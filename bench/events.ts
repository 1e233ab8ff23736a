import {randomUUID} from 'node:crypto';
import type {IdentityEvent, User} from '../src/core/event.ts';
import type {Encoder} from '../src/stages/decode/index.ts';

/** What is produced: a subject and its event, every field of it set. */
export interface Produced {
  key: string;
  event: IdentityEvent;
}

/** Makes events of made-up people, about 300 bytes each when encoded. */
export interface Events {
  /** A person as of version `version`: another title each time. */
  person(id: string, version: number): Produced;
  leave(id: string): Produced;
  group(id: string, members: readonly string[] | null): Produced;
  membership(id: string, added: readonly string[], removed: readonly string[]): Produced;
}

const departments = ['Engineering', 'Sales', 'Finance', 'Legal', 'Support'];

function userOf(id: string, version: number, active: boolean): User {
  const name = `person-${id}`;
  return {
    id,
    userName: `${name}@example.com`,
    active,
    displayName: `Person ${id}`,
    title: `Title ${version}`,
    name: {givenName: 'Person', familyName: id},
    emails: [{value: `${name}@example.com`, type: 'work', primary: true}],
    enterprise: {employeeNumber: id, department: departments[version % departments.length] ?? 'Engineering'},
  };
}

export function createEvents(encoder: Encoder): Events {
  const complete = (key: string, body: Partial<IdentityEvent>): Produced => {
    const head = {eventId: randomUUID(), occurredAt: Date.now(), source: 'bench'};
    const read = encoder.read({...head, ...body});
    if (!read.ok) throw new Error(read.failure.message);
    return {key, event: read.value};
  };
  return {
    person: (id, version) => complete(id, {user: userOf(id, version, true)}),
    leave: (id) => complete(id, {user: userOf(id, 0, false)}),
    group: (id, members) =>
      complete(id, {group: {id, displayName: `Group ${id}`, members: members && [...members]}}),
    membership: (id, added, removed) =>
      complete(id, {membership: {groupId: id, added: [...added], removed: [...removed]}}),
  };
}
