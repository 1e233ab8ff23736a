import {
  failed,
  ok,
  z,
  type Attributes,
  type CallOptions,
  type LookUp,
  type Remote,
  type ResourcePort,
  type Result,
} from 'avro-scim/connector';
import type {Ask} from './client.ts';
import {fieldOf, fieldsOf, itemSchema, remoteOf, type Kind} from './mapping.ts';

const nothing = z.undefined();
/** What a cache in between answers about somebody else is no word about this one. */
const itemOf = (id: string) => itemSchema.refine((item) => item.id === id);
const pageSchema = z.object({items: z.array(itemSchema), next: z.string().nullable()});

/** People, or teams: each method is one request. */
export function createResources(ask: Ask, kind: Kind): ResourcePort {
  const at = (id: string): string => `${kind.path}/${encodeURIComponent(id)}`;
  return {
    find: (lookUp, options) => find(ask, kind, lookUp, options),
    list: (options) => list(ask, kind, options),
    async get(id, options) {
      const question = {method: 'GET', path: at(id), operation: `read ${kind.name}`} as const;
      const found = await ask({...question, answer: itemOf(id), expected: ['missing']}, options);
      if (!found.ok) return found;
      return ok(found.value === 'missing' ? undefined : remoteOf(kind, found.value));
    },
    async create(attributes, options) {
      const body = fieldsOf(kind, attributes, Object.keys(attributes));
      const question = {method: 'POST', path: kind.path, operation: `create ${kind.name}`, body} as const;
      const made = await ask({...question, answer: itemSchema, expected: ['exists']}, options);
      if (!made.ok) return made;
      return ok(made.value === 'exists' ? made.value : remoteOf(kind, made.value));
    },
    async update(id, {desired, changed, current}, options) {
      const body = fieldsOf(kind, desired, differing(desired, changed, current));
      if (Object.keys(body).length === 0) return ok('updated');
      const question = {method: 'PATCH', path: at(id), operation: `update ${kind.name}`, body} as const;
      const done = await ask({...question, answer: itemOf(id), expected: ['missing', 'exists']}, options);
      if (!done.ok) return done;
      return ok(typeof done.value === 'string' ? done.value : 'updated');
    },
    async remove(id, options) {
      const question = {method: 'DELETE', path: at(id), operation: `delete ${kind.name}`} as const;
      const done = await ask({...question, answer: nothing, expected: ['missing']}, options);
      return done.ok ? ok(done.value ?? 'removed') : done;
    },
  };
}

/** The attributes to send: those that differ from what was just read, or else from what was last applied. */
const differing = (desired: Attributes, changed?: readonly string[], current?: Remote): readonly string[] => {
  if (current === undefined) return changed ?? Object.keys(desired);
  return Object.keys(desired).filter((path) => fieldOf(path, desired) !== fieldOf(path, current.attributes));
};

const find = async (
  ask: Ask,
  kind: Kind,
  {by, value}: LookUp,
  options: CallOptions,
): Promise<Result<Remote | undefined>> => {
  const query = new URLSearchParams({[kind.fields[by] ?? by]: value});
  const question = {
    method: 'GET',
    path: `${kind.path}?${query.toString()}`,
    operation: `find ${kind.name}`,
  } as const;
  const page = await ask({...question, answer: pageSchema, expected: []}, options);
  if (!page.ok) return page;
  // The service's filter is never trusted: an account that only looks alike would be taken over.
  const [first, ...more] = page.value.items
    .map((item) => remoteOf(kind, item))
    .filter(({attributes}) => isSame(by, attributes[by], value));
  if (more.length === 0) return ok(first);
  return failed({kind: 'conflict', message: 'more than one match', cause: `ambiguous ${by}`});
};

/** Deskbook takes logins in any case for the same. */
const isSame = (by: LookUp['by'], found: unknown, value: string): boolean =>
  by === 'userName' ? String(found).toLowerCase() === value.toLowerCase() : found === value;

async function* list(ask: Ask, kind: Kind, options: CallOptions): AsyncIterable<Result<Remote[]>> {
  for (let after: string | null = ''; after !== null;) {
    const path: string = after === '' ? kind.path : `${kind.path}?${new URLSearchParams({after}).toString()}`;
    const question = {method: 'GET', path, operation: `list ${kind.path}`} as const;
    const page = await ask({...question, answer: pageSchema, expected: []}, options);
    if (!page.ok) {
      yield page;
      return;
    }
    yield ok(page.value.items.map((item) => remoteOf(kind, item)));
    after = page.value.next;
  }
}
