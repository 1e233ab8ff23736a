import {failed, ok, type Result} from '../../src/core/failure.ts';
import type {JsonObject} from '../../src/core/json.ts';
import type {CallOptions, ResourcePort} from '../../src/core/port.ts';
import type {Attributes, Remote} from '../../src/core/resource.ts';
import {isTaken, notScim} from './errors.ts';
import {find} from './find.ts';
import {isCleared, outward, toRemote, toResource, type Kind} from './mapping.ts';
import {pages} from './paging.ts';
import {patchBody, patchOperations} from './patch.ts';
import {pathOf, read, readWhole} from './read.ts';
import type {Service} from './service.ts';

type Update = Parameters<ResourcePort['update']>[1];
type Updated = Result<'updated' | 'missing' | 'exists'>;

/** Users or groups of one service. */
export function createResources(service: Service, kind: Kind): ResourcePort {
  return {
    find: (lookUp, options) => find(service, kind, lookUp, options),
    get: (id, options) => read(service, kind, id, options),
    create: (attributes, options) => create(service, kind, attributes, options),
    update: (id, update, options) => updateResource(service, kind, id, update, options),
    async remove(id, options) {
      const call = {method: 'DELETE', path: pathOf(service, kind, id), operation: `delete ${kind}`} as const;
      const answered = await service.ask({...call, accept: [404]}, options);
      if (!answered.ok) return answered;
      return ok(answered.value.status === 404 ? 'missing' : 'removed');
    },
    async *list(options) {
      const profile = service.profile();
      const list = {path: pathOf(service, kind), query: {}, operation: `list ${kind}s`, profile};
      for await (const page of pages(service.ask, list, options)) {
        if (!page.ok) yield page;
        else yield ok(page.value.fresh.flatMap((row) => toRemote(row, profile) ?? []));
      }
    },
  };
}

async function create(
  service: Service,
  kind: Kind,
  attributes: Attributes,
  options: CallOptions,
): Promise<Result<Remote | 'exists'>> {
  const profile = service.profile();
  const whole = kind === 'user' ? withUserDefaults(attributes) : attributes;
  const call = {
    method: 'POST',
    path: pathOf(service, kind),
    body: toResource(kind, outward(whole, profile)),
    operation: `create ${kind}`,
  } as const;
  const answered = await service.ask({...call, accept: [409]}, options);
  if (!answered.ok) return isTaken(answered.failure) ? ok('exists') : answered;
  const {body, status, exchange} = answered.value;
  if (status === 409) return ok('exists');
  const remote = body && toRemote(body, profile);
  return remote ? ok(remote) : notScim(exchange, status);
}

/** Without `active` some services create an account that is off, and without `name` some fail. */
function withUserDefaults(attributes: Attributes): Attributes {
  const formatted = attributes['displayName'] ?? attributes['userName'] ?? null;
  const named = Object.keys(attributes).some((path) => path.startsWith('name.') || path === 'name');
  return {
    ...attributes,
    active: attributes['active'] ?? true,
    ...(named && !isCleared(attributes['name'] ?? 'parts') ? {} : {name: {formatted}}),
  };
}

/** PUT of all, or the smallest PATCH; no request when nothing differs. */
export async function updateResource(
  service: Service,
  kind: Kind,
  id: string,
  asked: Update,
  options: CallOptions,
): Promise<Updated> {
  const fit = kind === 'user' ? await unlessActiveAnyway(service, id, asked, options) : ok(asked);
  if (!fit.ok) return fit;
  if (fit.value === 'missing') return ok('missing');
  const update = fit.value;
  const desired = outward(update.desired, service.profile());
  const known = update.current && renamed(service, update.current.attributes);
  const names = service.profile().rename;
  const changed = update.changed?.map((path) => names[path] ?? path);
  const operations = patchOperations(updatable(kind, desired, service), changed, known);
  if (operations.length === 0) return ok('updated');
  const usesPut = await service.usesPut(options);
  if (!usesPut.ok) return usesPut;
  if (usesPut.value) {
    // A group that was found in a list may lack its members.
    const whole = kind === 'user' ? update.current : undefined;
    return putOver(service, kind, id, desired, options, whole);
  }

  const patched = await write(service, kind, id, 'PATCH', patchBody(operations, service.profile()), options);
  if (patched.ok || known || !patched.failure.cause.endsWith('noTarget')) return patched;
  // It refuses to remove what is not there: with the difference to what is there nothing such is left.
  const current = await read(service, kind, id, options);
  if (!current.ok) return current;
  if (!current.value) return ok('missing');
  const smaller = patchOperations(
    updatable(kind, desired, service),
    undefined,
    renamed(service, current.value.attributes),
  );
  if (smaller.length === 0) return ok('updated');
  return write(service, kind, id, 'PATCH', patchBody(smaller, service.profile()), options);
}

/**
 * Where `active: false` ends the account, one that is there is active, and some services refuse to be told so: it is read
 * instead, and `active` is written only where it shows that it is off.
 */
async function unlessActiveAnyway(
  service: Service,
  id: string,
  update: Update,
  options: CallOptions,
): Promise<Result<Update | 'missing'>> {
  const {changed, current: known} = update;
  const {active, ...rest} = update.desired;
  const isAsked = active === true && (known !== undefined || (changed?.includes('active') ?? true));
  if (!isAsked || service.profile().deactivation !== 'ends-account') return ok(update);
  const there = known ? ok(known) : await read(service, 'user', id, options);
  if (!there.ok) return there;
  if (!there.value) return ok('missing');
  const isOff = there.value.attributes['active'] === false;
  return ok({desired: isOff ? update.desired : rest, current: there.value});
}

/** What an update may carry: where the profile names it, that and whether the account is active. */
function updatable(kind: Kind, desired: Attributes, service: Service): Attributes {
  const {updatable: paths, rename} = service.profile();
  if (paths === undefined || kind === 'group') return desired;
  const sent = new Set(['active', ...paths].map((path) => rename[path] ?? path));
  return Object.fromEntries(Object.entries(desired).filter(([path]) => sent.has(path)));
}

/** Under the service's own names, with what the profile would not send. */
function renamed(service: Service, attributes: Attributes): Attributes {
  const {rename} = service.profile();
  return Object.fromEntries(Object.entries(attributes).map(([path, value]) => [rename[path] ?? path, value]));
}

/**
 * A PUT replaces everything, so it carries what is there with what is desired over it (RFC 7644 section 3.5.1): an
 * attribute, or a member, that this program knows nothing of would be lost otherwise.
 */
export async function putOver(
  service: Service,
  kind: Kind,
  id: string,
  desired: Attributes,
  options: CallOptions,
  known?: Remote,
): Promise<Updated> {
  const current = known ? ok(known) : await readWhole(service, kind, id, options);
  if (!current.ok) return current;
  if (!current.value) return ok('missing');
  const whole = {...renamed(service, current.value.attributes), ...desired};
  // Whose groups they are is the groups' to say (RFC 7643 section 4.1.2).
  if (kind === 'user') delete whole['groups'];
  return write(service, kind, id, 'PUT', toResource(kind, whole, id), options);
}

/** One write to an existing resource. */
export async function write(
  service: Service,
  kind: Kind,
  id: string,
  method: 'PUT' | 'PATCH',
  body: JsonObject,
  options: CallOptions,
): Promise<Updated> {
  const call = {method, path: pathOf(service, kind, id), body, operation: `update ${kind}`} as const;
  const answered = await service.ask({...call, accept: [404, 409]}, options);
  if (!answered.ok) return isTaken(answered.failure) ? ok('exists') : failed(answered.failure);
  switch (answered.value.status) {
    case 404:
      return ok('missing');
    case 409:
      return ok('exists');
    default:
      return ok('updated');
  }
}
