export type Json = Record<string, unknown>;

export interface Resource extends Json {
  id: string;
  meta: {resourceType: string; version: string};
}

/** The attribute whose value is one resource's alone, compared without case. */
const uniqueAttribute = {User: 'userName', Group: 'displayName'} as const;
const indexed = ['userName', 'externalId', 'displayName'] as const;
type Indexed = (typeof indexed)[number];

export type ResourceType = keyof typeof uniqueAttribute;

/** Resources of one type in memory, found at once by the attributes that a client looks up. */
export interface Store {
  all: Map<string, Resource>;
  /** Undefined when the unique attribute is another's. */
  put(id: string, attributes: Json): Resource | undefined;
  remove(id: string): boolean;
  /** By `id` or an indexed attribute; undefined for one that is not indexed. */
  find(attribute: string, value: string): Resource[] | undefined;
  nextId(): string;
}

const keyOf = (attribute: Indexed, value: unknown): string | undefined => {
  if (typeof value !== 'string') return undefined;
  return attribute === 'externalId' ? value : value.toLowerCase();
};

export function createStore(resourceType: ResourceType): Store {
  const all = new Map<string, Resource>();
  const indexes = new Map<Indexed, Map<string, Set<string>>>(indexed.map((name) => [name, new Map()]));
  let created = 0;
  let written = 0;

  const idsOf = (attribute: Indexed, value: unknown): Set<string> =>
    indexes.get(attribute)?.get(keyOf(attribute, value) ?? '') ?? new Set();

  function unindex(resource: Resource): void {
    for (const [name, index] of indexes) {
      const key = keyOf(name, resource[name]);
      const ids = key === undefined ? undefined : index.get(key);
      ids?.delete(resource.id);
      if (key !== undefined && ids?.size === 0) index.delete(key);
    }
  }

  function reindex(resource: Resource): void {
    for (const [name, index] of indexes) {
      const key = keyOf(name, resource[name]);
      if (key === undefined) continue;
      const ids = index.get(key);
      if (ids === undefined) index.set(key, new Set([resource.id]));
      else ids.add(resource.id);
    }
  }

  return {
    all,
    put(id, attributes) {
      const unique = uniqueAttribute[resourceType];
      for (const other of idsOf(unique, attributes[unique])) if (other !== id) return undefined;
      const before = all.get(id);
      if (before !== undefined) unindex(before);
      written += 1;
      const resource: Resource = {...attributes, id, meta: {resourceType, version: `W/"${written}"`}};
      all.set(id, resource);
      reindex(resource);
      return resource;
    },
    remove(id) {
      const before = all.get(id);
      if (before !== undefined) unindex(before);
      return all.delete(id);
    },
    find(attribute, value) {
      const one = attribute.toLowerCase() === 'id' ? all.get(value) : undefined;
      if (attribute.toLowerCase() === 'id') return one === undefined ? [] : [one];
      const name = indexed.find((candidate) => candidate.toLowerCase() === attribute.toLowerCase());
      if (name === undefined) return undefined;
      return [...idsOf(name, value)].flatMap((id) => all.get(id) ?? []);
    },
    nextId() {
      created += 1;
      return `${resourceType.toLowerCase()}-${created}`;
    },
  };
}
