import {startDouble, type Double, type DoubleAnswer, type DoubleRequest} from 'avro-scim/testing';

type Item = Record<string, unknown> & {id: string};

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, word: string) {
    super(word);
    this.status = status;
  }
}

/** Deskbook's rules, in memory: what the real one refuses, this refuses too. */
class Store {
  readonly people = new Map<string, Item>();
  readonly teams = new Map<string, Item>();
  readonly members = new Map<string, Set<string>>();
  readonly sessions = new Map<string, string[]>();
  #lastId = 0;

  save(items: Map<string, Item>, item: Partial<Item>): Item {
    const unique = items === this.people ? 'login' : 'title';
    const name = item[unique];
    if (typeof name !== 'string' || name === '') throw new Refusal(400, 'invalid');
    const isTaken = [...items.values()].some(
      (other) => other.id !== item.id && String(other[unique]).toLowerCase() === name.toLowerCase(),
    );
    if (isTaken) throw new Refusal(409, `${unique}_taken`);
    const saved = {...item, id: item.id ?? String(++this.#lastId)};
    items.set(saved.id, saved);
    return saved;
  }

  person(id: string): Item {
    return found(this.people.get(id), 'no_such_person');
  }

  team(id: string): Item {
    return found(this.teams.get(id), 'no_such_team');
  }
}

const found = (item: Item | undefined, word: string): Item => {
  if (item === undefined) throw new Refusal(404, word);
  return item;
};

const pageSize = 3;

const page = (items: Map<string, Item>, query: URLSearchParams): DoubleAnswer => {
  const filter = [...query].find(([name]) => name !== 'after');
  const matching = [...items.values()].filter(({id, ...item}) => {
    if (Number(id) <= Number(query.get('after') ?? 0)) return false;
    if (filter === undefined) return true;
    const [name, value] = filter;
    const [one, other] = [String(item[name]), value];
    return name === 'login' ? one.toLowerCase() === other.toLowerCase() : one === other;
  });
  const shown = matching.slice(0, pageSize);
  const next = matching.length > pageSize ? shown.at(-1)?.id : null;
  return {status: 200, body: {items: shown, next}};
};

const onItems = (
  items: Map<string, Item>,
  get: (id: string) => Item,
  store: Store,
  id: string,
  request: DoubleRequest,
): DoubleAnswer => {
  const {method, query} = request;
  const body = request.body as Partial<Item>;
  if (id === '')
    return method === 'POST'
      ? {status: 201, body: store.save(items, {active: true, ...body})}
      : page(items, query);
  const item = get(id);
  if (method === 'GET') return {status: 200, body: item};
  if (method === 'PATCH') return {status: 200, body: store.save(items, {...item, ...body, id})};
  items.delete(id);
  for (const members of store.members.values()) members.delete(id);
  return {status: 204};
};

const onMembers = (
  store: Store,
  teamId: string,
  personId: string,
  {method, body}: DoubleRequest,
): DoubleAnswer => {
  const {id} = store.team(teamId);
  const members = store.members.get(id) ?? new Set();
  store.members.set(id, members);
  if (method === 'GET') return {status: 200, body: {member: members.has(personId)}};
  const {add, remove} = body as {add: string[]; remove: string[]};
  if (add.length + remove.length > 20) throw new Refusal(422, 'too_many');
  if (add.some((one) => !store.people.has(one))) throw new Refusal(422, 'unknown_person');
  for (const one of add) members.add(one);
  for (const one of remove) members.delete(one);
  return {status: 204};
};

const onSessions = (store: Store, id: string, {method}: DoubleRequest): DoubleAnswer => {
  store.person(id);
  if (method === 'GET') return {status: 200, body: {sessions: store.sessions.get(id) ?? []}};
  store.sessions.delete(id);
  return {status: 204};
};

const route = (store: Store, request: DoubleRequest): DoubleAnswer => {
  const [, , kind = '', id = '', part = '', inner = ''] = request.path.split('/').map(decodeURIComponent);
  if (kind === 'me') return {status: 200, body: {login: 'robot', admin: true}};
  if (part === 'members') return onMembers(store, id, inner, request);
  if (part === 'sessions') return onSessions(store, id, request);
  if (kind === 'people') return onItems(store.people, (one) => store.person(one), store, id, request);
  if (kind === 'teams') return onItems(store.teams, (one) => store.team(one), store, id, request);
  return {status: 404, body: 'no such page'};
};

/** A Deskbook that only `token` opens; `signIn` leaves a session of this person. */
export async function startDeskbook(token: string): Promise<Double & {signIn(id: string): void}> {
  const store = new Store();
  const double = await startDouble((request) => {
    if (request.headers.authorization !== `Bearer ${token}`) return {status: 401, body: {error: 'token'}};
    try {
      return route(store, request);
    } catch (error) {
      if (error instanceof Refusal) return {status: error.status, body: {error: error.message}};
      throw error;
    }
  });
  return {...double, signIn: (id) => store.sessions.set(id, [crypto.randomUUID()])};
}
