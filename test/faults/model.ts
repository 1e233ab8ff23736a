import {createJournal, type Journal} from './journal.ts';

/** What one event of the fault run says. */
export interface Event {
  key: string;
  /** The event's body by its field's name; null is a tombstone; `raw` is no event at all. */
  body: object | null | 'raw';
  /** When it occurred, in ms since the epoch: its place among all events. The time of its publication unless told. */
  at?: number;
}

/** A person or a group that is looked at: `v<n>` in the title, or the name, says which event made it. */
export interface Subject {
  version: number;
  /** Whether the target is to have it: at work, or made, and in scope. */
  isThere: boolean;
  /** By version: whether it was to be there then. */
  history: boolean[];
}

export interface Model {
  people: Map<string, Subject>;
  groups: Map<string, Subject>;
  /** Those of `people` that are in groups. */
  members: readonly string[];
  journal: Journal;
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

type Random = () => number;

const nameOf = (kind: string, count: number, random: Random): string =>
  `${kind}${Math.floor(random() * count)}`;
const namesOf = (kind: string, count: number, most: number, random: Random): string[] => [
  ...new Set(Array.from({length: most}, () => nameOf(kind, count, random))),
];

/** The title of a subject that is always refused. */
export const refusedTitle = 'refused';

/** Who and what is wanted at the target: `scope` of its config. */
export const scope = {users: 'userType eq "staff"', groups: 'displayName sw "team "'};
const typeOf = (isInScope: boolean): string => (isInScope ? 'staff' : 'guest');
/** What a group is called by one of its events. */
export const groupName = (id: string, version: number, isInScope = true): string =>
  `${isInScope ? 'team' : 'circle'} ${id} v${version}`;

/** As it is after one more event. */
function moved(all: Map<string, Subject>, id: string, isThere: boolean): Subject {
  const {version, history} = all.get(id) ?? {version: -1, history: []};
  const subject = {version: version + 1, isThere, history: [...history, isThere]};
  all.set(id, subject);
  return subject;
}

/** Whom or what the source has deleted: by a tombstone, or an event that says so. */
const deletion = (id: string, kind: 'user' | 'group', random: Random): Event['body'] =>
  random() < 0.6 ? null : {deletion: {id, kind}};

interface Draw {
  random: Random;
  size: Size;
  journal: Journal;
}

/** Joins, moves, leaves, comes back, falls out of scope and into it; `groups`: and says at times which groups are theirs. */
function personEvents({random, size, journal}: Draw, people: Model['people']) {
  return (id: string, at: number, isMember: boolean): Event => {
    const isActive = random() < 0.8;
    const isInScope = random() < 0.85;
    const wasActive = people.get(id)?.isThere === true;
    const {version} = moved(people, id, isActive && isInScope);
    if (!isActive) {
      journal.note(id, {at, isThere: false, says: () => 'ended'});
      if (random() < 0.3) return {key: id, at, body: deletion(id, 'user', random)};
    }
    const saysGroups = isActive && isMember && random() < (wasActive ? 0.15 : 0.5);
    const groups = saysGroups ? namesOf('g', size.groups, 3, random) : null;
    if (isActive) {
      const listed = groups && new Set(groups);
      const says = (group: string) => listed && (listed.has(group) ? 'in' : 'out');
      journal.note(id, {at, isThere: isInScope, says: (group) => says(group) ?? undefined});
    }
    const user = {id, userName: id, active: isActive, title: `v${version}`, userType: typeOf(isInScope)};
    return {key: id, at, body: {user: {...user, groups}}};
  };
}

/** Made, renamed within the scope and out of it, deleted and made again; its members one by one and all at once. */
function groupEvents({random, size, journal}: Draw, groups: Model['groups']) {
  const delta = (id: string, at: number): Event => {
    const drawn = namesOf('m', size.members, 5, random).map((member) => ({member, isIn: random() < 0.6}));
    const said = new Map(drawn.map(({member, isIn}) => [member, isIn ? 'in' : 'out'] as const));
    journal.note(id, {at, isThere: groups.get(id)?.isThere === true, says: (member) => said.get(member)});
    const those = (wanted: boolean): string[] =>
      drawn.filter(({isIn}) => isIn === wanted).map(({member}) => member);
    return {key: id, at, body: {membership: {groupId: id, added: those(true), removed: those(false)}}};
  };
  const whole = (id: string, at: number, saysMembers: boolean): Event => {
    const isInScope = random() < 0.85;
    const {version} = moved(groups, id, isInScope);
    const members = saysMembers ? namesOf('m', size.members, 12, random) : null;
    const listed = members && new Set(members);
    const says = (member: string) => (listed ? (listed.has(member) ? 'in' : 'out') : undefined);
    journal.note(id, {at, isThere: isInScope, says});
    return {key: id, at, body: {group: {id, displayName: groupName(id, version, isInScope), members}}};
  };
  return (id: string, at: number): Event => {
    const draw = random();
    if (!groups.has(id)) return whole(id, at, true);
    if (draw < 0.7) return delta(id, at);
    if (draw < 0.8) return whole(id, at, true);
    if (draw < 0.94) return whole(id, at, false);
    moved(groups, id, false);
    journal.note(id, {at, isThere: false, says: () => 'ended'});
    return {key: id, at, body: deletion(id, 'group', random)};
  };
}

/**
 * Draws a company's events and keeps what must be true after them. `p…` are in no group, `m…` are, `g…` are the groups; `x…` are
 * refused by the target; some records are no events.
 */
export function createModel(random: Random, size: Size): Model {
  const people: Model['people'] = new Map();
  const groups: Model['groups'] = new Map();
  const journal = createJournal();
  const person = personEvents({random, size, journal}, people);
  const group = groupEvents({random, size, journal}, groups);
  const draw = (): Drawn => {
    const kind = random();
    if (kind < 0.01) return {id: nameOf('broken', 5, random), next: (key) => ({key, body: 'raw'})};
    if (kind < 0.03) return {id: nameOf('x', size.refused, random), next: refused};
    if (kind < 0.3) return {id: nameOf('g', size.groups, random), next: group};
    if (kind < 0.6) return {id: nameOf('m', size.members, random), next: (id, at) => person(id, at, true)};
    return {id: nameOf('p', size.people, random), next: (id, at) => person(id, at, false)};
  };
  let clock = Date.now();
  let last = draw();
  return {
    people,
    groups,
    members: Array.from({length: size.members}, (_, i) => `m${i}`),
    journal,
    next() {
      if (random() >= again) last = draw();
      return last.next(last.id, (clock += 1));
    },
  };
}

/** How often the next event is about the same subject: one that waits is overtaken, or joined, by another. */
const again = 0.5;

/** Who or what the next event is about. */
interface Drawn {
  id: string;
  next: (id: string, at: number) => Event;
}

function refused(id: string, at: number): Event {
  const user = {id, userName: id, active: true, title: refusedTitle, userType: typeOf(true)};
  return {key: id, at, body: {user}};
}
