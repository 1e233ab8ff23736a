import {failed, ok, type Failure, type Result} from '../../../src/core/failure.ts';
import type {CutOffStep, GroupPort, LookUp, ResourcePort, TargetPort} from '../../../src/core/port.ts';
import type {Attributes, Remote} from '../../../src/core/resource.ts';

/** One call of the port: `what` as in `create user`, `whom` the id, or the userName (displayName) of a create. */
export interface Call {
  what: string;
  whom: string;
  at: number;
}

/** A target in memory. */
export interface Here {
  port: TargetPort;
  users: Map<string, Attributes>;
  groups: Map<string, Attributes>;
  calls: Call[];
  /** Asked before each call is carried out: its failure, or nothing where it is. */
  answer: (call: Call) => Failure | Promise<Failure | undefined> | undefined;
  named(userName: string): Remote | undefined;
}

/** Opens an empty one, which answers well. */
export function createHere(): Here {
  const here: Omit<Here, 'port'> = {
    users: new Map(),
    groups: new Map(),
    calls: [],
    answer: () => undefined,
    named: (userName) => match(here.users, {by: 'userName', value: userName}),
  };
  const call = async (what: string, whom: string): Promise<Failure | undefined> => {
    const one = {what, whom, at: Date.now()};
    here.calls.push(one);
    return here.answer(one);
  };
  const users = resources('user', here.users, call);
  const groups: GroupPort = {
    ...resources('group', here.groups, call),
    membersPerRequest: 100,
    changeMembers: async (id) => {
      const failure = await call('change members', id);
      return failure ? failed(failure) : ok('changed');
    },
    hasMember: () => Promise.resolve(ok(false)),
  };
  const check = () => Promise.resolve(ok({summary: 'here'}));
  const made = {
    ...here,
    port: {check, users, groups, cutOffSteps: (mode: string) => [step(mode, here.users, call)]},
  };
  // The closures above look at `answer` when they are called: it is the test's to set.
  Object.defineProperty(here, 'answer', {get: () => made.answer});
  return made;
}

type Ask = (what: string, whom: string) => Promise<Failure | undefined>;

const match = (all: Map<string, Attributes>, {by, value}: LookUp): Remote | undefined => {
  const found = [...all].find(([, attributes]) => attributes[by] === value);
  return found && {id: found[0], attributes: found[1]};
};

const textOf = (value: Attributes[string] | undefined): string => (typeof value === 'string' ? value : '');

function step(mode: string, users: Map<string, Attributes>, ask: Ask): CutOffStep {
  return {
    name: mode,
    async act(id) {
      const failure = await ask(`${mode} user`, id);
      if (failure) return failed(failure);
      const account = users.get(id);
      if (!account) return ok('missing');
      if (mode === 'delete') users.delete(id);
      else account['active'] = false;
      return ok('done');
    },
    verify: (id) => Promise.resolve(ok({ended: users.get(id)?.['active'] !== true})),
  };
}

function resources(kind: string, all: Map<string, Attributes>, ask: Ask): ResourcePort {
  const name = kind === 'user' ? 'userName' : 'displayName';
  const asked = async <T>(what: string, whom: string, then: () => T): Promise<Result<T>> => {
    const failure = await ask(`${what} ${kind}`, whom);
    return failure ? failed(failure) : ok(then());
  };
  let made = 0;
  return {
    find: (lookUp) => asked('find', lookUp.value, () => match(all, lookUp)),
    get: (id) =>
      asked('get', id, () => {
        const attributes = all.get(id);
        return attributes && {id, attributes};
      }),
    create: (attributes) =>
      asked('create', textOf(attributes[name]), () => {
        if (match(all, {by: name, value: textOf(attributes[name])})) return 'exists' as const;
        const id = `${kind}-${(made += 1)}`;
        all.set(id, {...attributes});
        return {id, attributes};
      }),
    update: (id, {desired}) =>
      asked('update', id, () => {
        const account = all.get(id);
        if (!account) return 'missing' as const;
        Object.assign(account, desired);
        return 'updated' as const;
      }),
    remove: (id) => asked('remove', id, () => (all.delete(id) ? ('removed' as const) : ('missing' as const))),
    async *list() {
      yield ok([...all].map(([id, attributes]) => ({id, attributes})));
      await Promise.resolve();
    },
  };
}
