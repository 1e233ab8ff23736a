import SCIMMY from 'scimmy';

/** strict: keeps the RFCs where SCIMMY leaves them to its embedder. sloppy: what real servers get wrong. */
export type Temper = 'strict' | 'sloppy';

type Stored = {id: string} & Record<string, unknown>;

export interface Store {
  users: Map<string, Stored>;
  groups: Map<string, Stored>;
  /** userNames that a write is refused for, with 400 invalidValue. */
  rejected: Set<string>;
}

interface Asked {
  id?: string;
  filter?: {expression: unknown; match(rows: object[]): object[]};
}

/** Hands SCIMMY's two resource types to maps in memory. SCIMMY's state is the process's: one store in one process. */
export function declareStore(temper: Temper): Store {
  const store: Store = {users: new Map(), groups: new Map(), rejected: new Set()};
  const {User, Group} = SCIMMY.Resources;
  SCIMMY.Resources.declare(User);
  SCIMMY.Resources.declare(Group);
  User.extend(SCIMMY.Schemas.EnterpriseUser, false);
  User.ingress((asked, instance) => {
    const {userName} = instance as {userName?: unknown};
    if (typeof userName === 'string' && store.rejected.has(userName.toLowerCase()))
      throw new SCIMMY.Types.Error(400, 'invalidValue', 'This userName is not welcome here');
    return scimmys(put(store.users, asked, instance, 'userName', temper));
  });
  User.egress((asked) => scimmys(get(store.users, asked, temper)));
  User.degress((asked) => {
    drop(store.users, asked);
    for (const group of store.groups.values())
      group['members'] = membersOf(group).filter(({value}) => value !== asked.id);
  });
  Group.ingress((asked, instance) => {
    const group = put(store.groups, asked, instance, 'displayName', temper);
    if (temper === 'strict') {
      const ids = new Set(membersOf(group).map(({value}) => value));
      group['members'] = [...ids].map((value) => ({value}));
    }
    return scimmys(group);
  });
  Group.egress((asked) => scimmys(get(store.groups, asked, temper)));
  Group.degress((asked) => drop(store.groups, asked));
  return store;
}

/** SCIMMY's types want its schema classes where its code takes any object. */
const scimmys = (row: Stored | Stored[]): never => row as never;

const membersOf = (group: Stored): {value: string}[] =>
  (group['members'] as {value: string}[] | undefined) ?? [];

function put(
  rows: Map<string, Stored>,
  asked: Asked,
  instance: object,
  unique: string,
  temper: Temper,
): Stored {
  const fields = structuredCloneOf(instance);
  const same = (one: unknown, other: unknown): boolean =>
    temper === 'strict' ? String(one).toLowerCase() === String(other).toLowerCase() : one === other;
  // The sloppy one leaves the uniqueness of groups to whoever asks.
  if (temper === 'strict' || unique === 'userName')
    for (const row of rows.values())
      if (row.id !== asked.id && same(row[unique], fields[unique]))
        throw new SCIMMY.Types.Error(409, 'uniqueness', `This ${unique} is taken`);
  if (asked.id !== undefined && !rows.has(asked.id))
    throw new SCIMMY.Types.Error(404, '', 'No such resource');
  const id = asked.id ?? crypto.randomUUID();
  const before = rows.get(id)?.['meta'] as object | undefined;
  const now = new Date().toISOString();
  const row = {...fields, id, meta: {created: now, ...before, lastModified: now}};
  rows.set(id, row);
  return structuredClone(row);
}

/** SCIMMY's instances are proxies with types of their own; what is kept is plain JSON. */
const structuredCloneOf = (instance: object): Record<string, unknown> =>
  JSON.parse(JSON.stringify(instance)) as Record<string, unknown>;

function get(rows: Map<string, Stored>, asked: Asked, temper: Temper): Stored | Stored[] {
  if (asked.id !== undefined) {
    const row = rows.get(asked.id);
    if (!row) throw new SCIMMY.Types.Error(404, '', 'No such resource');
    return structuredClone(row);
  }
  const all = [...rows.values()].map((row) => structuredClone(row));
  if (!asked.filter || temper === 'sloppy') return all;
  const simple = /^(\w+) eq "((?:[^"\\]|\\.)*)"$/.exec(String(asked.filter.expression));
  if (!simple) return asked.filter.match(all) as Stored[];
  const [, name = '', quoted = ''] = simple;
  const wanted = JSON.parse(`"${quoted}"`) as string;
  // RFC 7643: externalId and id are case-exact, userName and displayName are not.
  const form = (value: unknown): string =>
    name === 'externalId' || name === 'id' ? String(value) : String(value).toLowerCase();
  return all.filter((row) => row[name] !== undefined && form(row[name]) === form(wanted));
}

function drop(rows: Map<string, Stored>, asked: Asked): void {
  if (!rows.delete(asked.id ?? '')) throw new SCIMMY.Types.Error(404, '', 'No such resource');
}
