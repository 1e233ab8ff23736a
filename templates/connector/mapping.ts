import {z, type Attributes, type Json, type Remote} from 'avro-scim/connector';

/** A person or a team as Deskbook writes it. */
export const itemSchema = z.object({id: z.string()}).catchall(z.json());
export type Item = z.output<typeof itemSchema>;

/** One sort of thing at Deskbook, and its name for each SCIM attribute. What is not here is not kept there. */
export interface Kind {
  name: 'person' | 'team';
  path: string;
  fields: Readonly<Record<string, string>>;
}

export const person: Kind = {
  name: 'person',
  path: 'v1/people',
  fields: {userName: 'login', externalId: 'ref', displayName: 'name', emails: 'email', active: 'active'},
};

export const team: Kind = {
  name: 'team',
  path: 'v1/teams',
  fields: {displayName: 'title', externalId: 'ref'},
};

/** What an attribute is at Deskbook; `null` clears it. */
export const fieldOf = (path: string, attributes: Attributes): Json => {
  const value = attributes[path] ?? null;
  return path === 'emails' ? addressOf(value) : value;
};

const emailsSchema = z.array(z.object({value: z.string(), primary: z.boolean().nullish()}));

/** Deskbook keeps one address: the primary one, or else the first. */
const addressOf = (emails: Json): Json => {
  const listed = emailsSchema.safeParse(emails).data ?? [];
  return (listed.find(({primary}) => primary) ?? listed[0])?.value ?? null;
};

/** Those of some attributes that Deskbook has, by its names. */
export const fieldsOf = (
  kind: Kind,
  attributes: Attributes,
  paths: readonly string[],
): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(kind.fields)
      .filter(([path]) => path in attributes && paths.includes(path))
      .map(([path, field]) => [field, fieldOf(path, attributes)]),
  );

/** The way back. */
export const remoteOf = (kind: Kind, item: Item): Remote => {
  const attributes: Attributes = {};
  for (const [path, field] of Object.entries(kind.fields)) {
    const value = item[field] ?? null;
    if (value === null) continue;
    attributes[path] = path === 'emails' ? [{value, type: 'work', primary: true}] : value;
  }
  return {id: item.id, attributes};
};
