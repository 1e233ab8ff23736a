/** What one event of the fault run says, and what the target must be after it. */
export interface Event {
  key: string;
  /** The event's body by its field's name; null is a tombstone; `raw` is no event at all. */
  body: object | null | 'raw';
}

/** A person whose account is looked at: `v<n>` in the title says which event made it. */
interface Person {
  version: number;
  active: boolean;
  /** By version: whether she was at work then. */
  history: boolean[];
}

export interface Model {
  people: Map<string, Person>;
  groups: Map<string, Set<string>>;
  /** The next event, of a subject drawn at random. */
  next(): Event;
}

export interface Size {
  people: number;
  members: number;
  groups: number;
  /** Subjects whose events the target refuses, each of them. */
  refused: number;
}

const nameOf = (kind: string, count: number, random: () => number): string =>
  `${kind}${Math.floor(random() * count)}`;

/** Whether the target refuses what this request says: the title of a subject that is always refused. */
export const refusedTitle = 'refused';

/**
 * Draws a company's events and keeps what must be true after them. `p…` join, move, leave and come back, and are in no group;
 * `m…` stay, move, and are in groups; `x…` are refused by the target; some records are no events.
 */
export function createModel(random: () => number, size: Size): Model {
  const people = new Map<string, Person>();
  const groups = new Map<string, Set<string>>();

  function person(id: string, active: boolean): Event {
    const known = people.get(id) ?? {version: -1, active: false, history: []};
    const version = known.version + 1;
    people.set(id, {version, active, history: [...known.history, active]});
    return {key: id, body: {user: {id, userName: id, active, title: `v${version}`}}};
  }

  function group(id: string): Event {
    const known = groups.get(id);
    const members = new Set(known);
    groups.set(id, members);
    const drawn = Array.from({length: 5}, () => nameOf('m', size.members, random));
    if (known === undefined || random() < 0.2) {
      const whole = new Set(drawn);
      groups.set(id, whole);
      return {key: id, body: {group: {id, displayName: id, members: [...whole]}}};
    }
    const removed = [...new Set(drawn)].filter((member) => members.has(member));
    const added = [...new Set(drawn)].filter((member) => !members.has(member));
    for (const member of removed) members.delete(member);
    for (const member of added) members.add(member);
    return {key: id, body: {membership: {groupId: id, added, removed}}};
  }

  return {
    people,
    groups,
    next() {
      const draw = random();
      if (draw < 0.005) return {key: nameOf('broken', 5, random), body: 'raw'};
      if (draw < 0.02) {
        const id = nameOf('x', size.refused, random);
        return {key: id, body: {user: {id, userName: id, active: true, title: refusedTitle}}};
      }
      if (draw < 0.2) return group(nameOf('g', size.groups, random));
      if (draw < 0.4) return person(nameOf('m', size.members, random), true);
      return person(nameOf('p', size.people, random), random() < 0.8);
    },
  };
}
