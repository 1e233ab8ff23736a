import type {Group, IdentityEvent, User} from '../../src/core/event.ts';
import type {Random} from './random.ts';
import {departmentNames, departments, founderTitle, mailOf, namesOf, type Department} from './staff.ts';

/** An event as its source has it; it is recorded (`occurredAt`) when it is published. */
export type DemoEvent = Omit<IdentityEvent, 'occurredAt'>;

/** One event and its Kafka key. */
export interface Keyed {
  key: string;
  event: DemoEvent;
}

/** A company that tells of each thing that happens in it; every method answers the events that say so. */
export interface Company {
  /** Everybody and every department's group, in an order in which reports come before managers and lists before members. */
  found(size: number): Keyed[];
  /** A joiner: the person, then a membership change of the department's group. */
  hire(department: Department): Keyed[];
  /** An account of a machine: in no group, and nothing else happens to it. */
  addMachine(department: Department, userName: string): Keyed[];
  /** To another department: the person, and a membership change of either group. */
  move(id: string, to: Department): Keyed[];
  retitle(id: string, title: string): Keyed[];
  /** Another manager for everybody who has this one. */
  handOver(from: string, to: string): Keyed[];
  /** A leaver: one event that says `active: false`, and none about groups. */
  leave(id: string): Keyed[];
  /** A leaver comes back, under the same id. */
  rehire(id: string, department: Department): Keyed[];
  /** A group with its whole list. */
  formGroup(id: string, displayName: string, members: readonly string[]): Keyed[];
  /** A group whose name changes, and whose members are left unsaid. */
  renameGroup(id: string, displayName: string): Keyed[];
  changeGroup(id: string, change: {added?: string[]; removed?: string[]}): Keyed[];
  endGroup(id: string): Keyed[];
  /** Everybody who works here, as they are, once more. */
  sendAgain(): Keyed[];
  /** Ids of the people who work here and lead nothing, in an order of chance; of one department when it is named. */
  staff: (department?: Department) => string[];
  headOf: (department: Department) => string;
}

const groupIdOf = (department: Department): string => `g-${department.toLowerCase()}`;

/** An empty company. Every id, name and event id follows from `random`. */
export function createCompany(random: Random): Company {
  const people = new Map<string, User>();
  const heads = new Map<Department, string>();
  const machines = new Set<string>();
  const names = namesOf(random);
  const founder = 'p-001';

  const say = (key: string, reason: string, body: Partial<DemoEvent>): Keyed => ({
    key,
    event: {eventId: random.uuid(), source: 'hr', reason, ...structuredClone(body)},
  });
  const tell = (user: User, reason: string): Keyed => say(user.id, reason, {user});
  const tellGroup = (group: Group, reason: string): Keyed => say(group.id, reason, {group});
  const person = (id: string): User => {
    const found = people.get(id);
    if (found === undefined) throw new Error(`nobody here has the id ${id}`);
    return found;
  };
  const headOf = (department: Department): string => heads.get(department) ?? founder;

  function admit(department: Department, title: string, userName?: string): User {
    const number = people.size + 1;
    const name = names[people.size];
    if (name === undefined) throw new Error('there are no names left');
    const id = `p-${String(number).padStart(3, '0')}`;
    const mail = mailOf(name);
    const user: User = {
      id,
      userName: userName ?? mail,
      active: true,
      displayName: `${name.givenName} ${name.familyName}`,
      title,
      name,
      emails: [{value: mail, type: 'work', primary: true}],
      enterprise: {employeeNumber: String(1000 + number), organization: 'Lantern & Loom', department},
    };
    people.set(id, user);
    return user;
  }

  function place(user: User, department: Department, title: string, managerId: string): void {
    user.title = title;
    user.enterprise = {...user.enterprise, department, managerId};
  }

  const titleIn = (department: Department): string => {
    const [, ...titles] = departments[department];
    return titles[random.below(titles.length)] ?? departments[department][0];
  };
  const membership = (groupId: string, added: string[], removed: string[]): Keyed =>
    say(groupId, 'membership', {membership: {groupId, added, removed}});
  const staff = (department?: Department): string[] => {
    const apart = new Set([founder, ...heads.values(), ...machines]);
    const ids = [...people.values()]
      .filter(({active, id}) => active && !apart.has(id))
      .filter(({enterprise}) => department === undefined || enterprise?.department === department)
      .map(({id}) => id);
    return random.shuffled(ids);
  };

  return {
    found(size) {
      admit('People', founderTitle);
      for (const department of departmentNames) {
        const head = admit(department, departments[department][0]);
        place(head, department, departments[department][0], founder);
        heads.set(department, head.id);
      }
      for (let i = people.size; i < size; i++) {
        const department = departmentNames[i % departmentNames.length] ?? 'People';
        const user = admit(department, titleIn(department));
        place(user, department, user.title ?? '', headOf(department));
      }
      const groups = departmentNames.map((department) => {
        const members = [...people.values()]
          .filter(({enterprise}) => enterprise?.department === department)
          .map(({id}) => id);
        return tellGroup({id: groupIdOf(department), displayName: department, members}, 'founded');
      });
      return [...groups, ...random.shuffled([...people.values()]).map((user) => tell(user, 'founded'))];
    },
    hire(department) {
      const user = admit(department, titleIn(department));
      place(user, department, user.title ?? '', headOf(department));
      return [tell(user, 'joined'), membership(groupIdOf(department), [user.id], [])];
    },
    addMachine(department, userName) {
      const account = admit(department, 'Service Account', userName);
      machines.add(account.id);
      return [tell(account, 'set up')];
    },
    move(id, to) {
      const user = person(id);
      const from = user.enterprise?.department as Department;
      place(user, to, titleIn(to), headOf(to));
      return [
        tell(user, 'moved'),
        membership(groupIdOf(from), [], [id]),
        membership(groupIdOf(to), [id], []),
      ];
    },
    retitle(id, title) {
      const user = person(id);
      user.title = title;
      return [tell(user, 'promoted')];
    },
    handOver(from, to) {
      const reports = [...people.values()].filter(
        ({active, enterprise}) => active && enterprise?.managerId === from,
      );
      for (const [department, head] of heads) if (head === from) heads.set(department, to);
      return reports.map((user) => {
        user.enterprise = {...user.enterprise, managerId: user.id === to ? founder : to};
        return tell(user, 'new manager');
      });
    },
    leave(id) {
      const user = person(id);
      user.active = false;
      return [tell(user, 'left')];
    },
    rehire(id, department) {
      const user = person(id);
      user.active = true;
      place(user, department, titleIn(department), headOf(department));
      return [tell(user, 'came back'), membership(groupIdOf(department), [id], [])];
    },
    formGroup: (id, displayName, members) => [tellGroup({id, displayName, members: [...members]}, 'formed')],
    renameGroup: (id, displayName) => [tellGroup({id, displayName}, 'renamed')],
    changeGroup: (id, {added = [], removed = []}) => [membership(id, added, removed)],
    endGroup: (id) => [say(id, 'ended', {deletion: {id, kind: 'group'}})],
    sendAgain: () =>
      [...people.values()].filter(({active}) => active).map((user) => tell(user, 'nightly extract')),
    staff,
    headOf,
  };
}
