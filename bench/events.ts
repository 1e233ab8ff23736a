import {randomUUID} from 'node:crypto';
import type {IdentityEvent, User} from '../src/core/event.ts';
import type {Produced} from '../scripts/services/topic.ts';

export type {Produced} from '../scripts/services/topic.ts';

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

const produced = (key: string, body: Partial<IdentityEvent>): Produced => ({
  key,
  value: {eventId: randomUUID(), occurredAt: Date.now(), source: 'bench', ...body},
});

/** Events of made-up people, about 300 bytes each when encoded. */
export const events = {
  /** A person as of version `version`: another title each time. */
  person: (id: string, version: number): Produced => produced(id, {user: userOf(id, version, true)}),
  /** The same by another name. */
  renamed: (id: string, version: number): Produced =>
    produced(id, {user: {...userOf(id, version, true), displayName: `Person ${id} ${version}`}}),
  leave: (id: string): Produced => produced(id, {user: userOf(id, 0, false)}),
  group: (id: string, members: readonly string[] | null): Produced =>
    events.namedGroup(id, `Group ${id}`, members),
  /** Where a service has its own idea of names. */
  namedGroup: (id: string, displayName: string, members: readonly string[] | null): Produced =>
    produced(id, {group: {id, displayName, members: members && [...members]}}),
  membership: (id: string, added: readonly string[], removed: readonly string[]): Produced =>
    produced(id, {membership: {groupId: id, added: [...added], removed: [...removed]}}),
};

/** So many events of so many people in turn, each with another title than the one before. */
export function* changing(count: number, people: number, from = 0): Generator<Produced> {
  for (let n = from; n < from + count; n += 1) yield events.person(`p${n % people}`, Math.floor(n / people));
}
