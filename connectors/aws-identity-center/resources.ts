import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {JsonObject} from '../../src/core/json.ts';
import type {CallOptions, LookUp, ResourcePort} from '../../src/core/port.ts';
import type {Attributes, Remote} from '../../src/core/resource.ts';
import type {Answer, Center} from './client.ts';
import {unknownAnswer} from './errors.ts';
import {
  differing,
  fieldsAt,
  lacking,
  toFields,
  toRemote,
  toResource,
  type Fields,
  type Kind,
} from './mapping.ts';
import {pages, rowsOf} from './pages.ts';

type Update = Parameters<ResourcePort['update']>[1];
type Updated = Result<'updated' | 'missing' | 'exists'>;

const paths: Record<Kind, string> = {user: '/Users', group: '/Groups'};

/** `/Users` or `/Groups`, or one below it. */
export const pathOf = (kind: Kind, id?: string): string =>
  paths[kind] + (id === undefined ? '' : `/${encodeURIComponent(id)}`);

/** Users or groups of one Identity Center. */
export function createResources(center: Center, kind: Kind): ResourcePort {
  return {
    find: (lookUp, options) => find(center, kind, lookUp, options),
    get: (id, options) => read(center, kind, id, options),
    create: (attributes, options) => create(center, kind, attributes, options),
    update: (id, update, options) => updateResource(center, kind, id, update, options),
    async remove(id, options) {
      const call = {method: 'DELETE', path: pathOf(kind, id), operation: `delete ${kind}`} as const;
      const answered = await center.ask({...call, accept: [404]}, options);
      if (!answered.ok) return answered;
      return ok(answered.value.status === 404 ? 'missing' : 'removed');
    },
    async *list(options) {
      const list = {path: pathOf(kind), operation: `list ${kind}s`};
      for await (const page of pages(center.ask, list, options))
        yield page.ok ? ok(page.value.flatMap((row) => toRemote(row) ?? [])) : page;
    },
  };
}

/** The resource with this id, as it is now. */
export async function read(
  {ask}: Center,
  kind: Kind,
  id: string,
  options: CallOptions,
): Promise<Result<Remote | undefined>> {
  const call = {method: 'GET', path: pathOf(kind, id), operation: `read ${kind}`} as const;
  const answered = await ask({...call, accept: [404]}, options);
  if (!answered.ok) return answered;
  if (answered.value.status === 404) return ok(undefined);
  const remote = remoteOf(answered.value);
  // Another's account must neither be taken for this one, nor prove that this one is gone.
  return remote.ok && remote.value.id !== id ? failed(another(answered.value)) : remote;
}

function remoteOf({body, status, exchange}: Answer): Result<Remote> {
  const remote = body && toRemote(body);
  return remote ? ok(remote) : unknownAnswer(exchange, status);
}

const another = ({status, exchange}: Answer): Failure => ({
  kind: 'rejected',
  message: 'the endpoint answers with another resource than the one that was asked for',
  cause: `${status} another id`,
  status,
  exchange,
});

const ambiguous: Failure = {
  kind: 'conflict',
  message: 'more than one resource of AWS matches the look-up',
  cause: 'ambiguous look-up',
};

/** What one filter can ask for (developer guide, ListUsers and ListGroups): each takes these alone. */
const filterable: Record<Kind, readonly LookUp['by'][]> = {
  user: ['userName', 'externalId'],
  group: ['displayName', 'externalId'],
};

async function find(
  center: Center,
  kind: Kind,
  {by, value}: LookUp,
  options: CallOptions,
): Promise<Result<Remote | undefined>> {
  if (!filterable[kind].includes(by)) return ok(undefined);
  // A JSON string is SCIM's form of a text in a filter (RFC 7644 section 3.4.2.2).
  const rows = await filtered(center, kind, `${by} eq ${JSON.stringify(value)}`, `find ${kind}`, options);
  if (!rows.ok) return rows;
  const found = rows.value
    .flatMap((row) => toRemote(row) ?? [])
    .filter(({attributes}) => {
      const text = attributes[by];
      if (typeof text !== 'string') return false;
      // A userName is not case-exact (RFC 7643 section 4.1.1), the others are.
      return by === 'userName' ? text.toLowerCase() === value.toLowerCase() : text === value;
    });
  return found.length > 1 ? failed(ambiguous) : ok(found[0]);
}

/** What AWS lets through a filter: `eq` alone, joined by `and`. */
export async function filtered(
  {ask}: Center,
  kind: Kind,
  filter: string,
  operation: string,
  options: CallOptions,
): Promise<Result<JsonObject[]>> {
  const answered = await ask({method: 'GET', path: pathOf(kind), query: {filter}, operation}, options);
  return answered.ok ? rowsOf(answered.value) : answered;
}

async function create(
  {ask}: Center,
  kind: Kind,
  attributes: Attributes,
  options: CallOptions,
): Promise<Result<Remote | 'exists'>> {
  const fields = toFields(kind, attributes);
  const missing = kind === 'user' ? lacking(fields) : [];
  if (missing.length > 0) return failed(incomplete(missing));
  const body = toResource(kind, fields);
  const call = {method: 'POST', path: pathOf(kind), body, operation: `create ${kind}`} as const;
  const answered = await ask({...call, accept: [409]}, options);
  if (!answered.ok) return answered;
  return answered.value.status === 409 ? ok('exists') : remoteOf(answered.value);
}

const incomplete = (missing: readonly string[]): Failure => ({
  kind: 'rejected',
  message: `AWS demands of every user what this one lacks: ${missing.join(', ')}`,
  cause: `no ${missing.join(', ')}`,
});

/**
 * The smallest PATCH. Where an attribute is to be cleared, or nothing is known of what differs, the resource is read first:
 * AWS refuses the removal of what is not there.
 */
async function updateResource(
  center: Center,
  kind: Kind,
  id: string,
  {desired, changed, current}: Update,
  options: CallOptions,
): Promise<Updated> {
  const whole = toFields(kind, desired);
  const wanted = current || !changed ? whole : fieldsAt(whole, changed);
  if (Object.keys(wanted).length === 0) return ok('updated');
  let known = current;
  if (!known && (!changed || Object.values(wanted).includes(null))) {
    const there = await read(center, kind, id, options);
    if (!there.ok) return there;
    if (!there.value) return ok('missing');
    known = there.value;
  }
  const operations = operationsFor(known ? differing(wanted, toFields(kind, known.attributes)) : wanted);
  return operations.length === 0 ? ok('updated') : patch(center, kind, id, operations, options);
}

function operationsFor(fields: Fields): JsonObject[] {
  return Object.entries(fields).map(([path, value]) =>
    value === null ? {op: 'remove', path} : {op: 'replace', path, value},
  );
}

/** One PATCH (RFC 7644 section 3.5.2); AWS answers with the user, or nothing. */
export async function patch(
  {ask}: Center,
  kind: Kind,
  id: string,
  operations: JsonObject[],
  options: CallOptions,
): Promise<Updated> {
  const body = {schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations};
  const call = {method: 'PATCH', path: pathOf(kind, id), body, operation: `update ${kind}`} as const;
  const answered = await ask({...call, accept: [404, 409]}, options);
  if (!answered.ok) return answered;
  switch (answered.value.status) {
    case 404:
      return ok('missing');
    case 409:
      return ok('exists');
    default:
      return ok('updated');
  }
}
