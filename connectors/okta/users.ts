import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {isObject, textOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions, LookUp, ResourcePort} from '../../src/core/port.ts';
import type {Attributes, Remote} from '../../src/core/resource.ts';
import {isTaken} from './errors.ts';
import {find} from './find.ts';
import {activate, letIn, refused, shutOut} from './lifecycle.ts';
import {differing, isActive, toProfile, toRemote} from './mapping.ts';
import {act, readById, userPath, type Org} from './org.ts';
import {objectOf, pages} from './pages.ts';

type Update = Parameters<ResourcePort['update']>[1];
type Updated = Result<'updated' | 'missing' | 'exists'>;

const externalIdOf = (org: Org): string => org.context.config().externalIdAttribute;
const remoteOf = (org: Org, user: JsonObject): Remote | undefined => toRemote(user, externalIdOf(org));

/** The users of one org, of every status. */
export function createUsers(org: Org): ResourcePort {
  return {
    find: (lookUp, options) => findUser(org, lookUp, options),
    get: async (id, options) => {
      const user = await readById(org, 'user', id, options);
      return user.ok ? ok(user.value && remoteOf(org, user.value)) : user;
    },
    create: (attributes, options) => create(org, attributes, options),
    update: (id, update, options) => updateUser(org, id, update, options),
    remove: (id, options) => remove(org, id, options),
    list: (options) => list(org, options),
  };
}

async function findUser(
  org: Org,
  {by, value}: LookUp,
  options: CallOptions,
): Promise<Result<Remote | undefined>> {
  const attribute = {externalId: externalIdOf(org), userName: 'login', displayName: 'displayName'}[by];
  const matches = (row: JsonObject): boolean => {
    const profile = row['profile'];
    const found = isObject(profile) ? textOf(profile[attribute]) : undefined;
    // A login is not case-exact (RFC 7643 section 4.1.1), the others are.
    return by === 'userName' ? found?.toLowerCase() === value.toLowerCase() : found === value;
  };
  const found = await find(org, {kind: 'user', attribute, value, matches}, options);
  return found.ok ? ok(found.value && remoteOf(org, found.value)) : found;
}

async function create(
  org: Org,
  attributes: Attributes,
  options: CallOptions,
): Promise<Result<Remote | 'exists'>> {
  const wanted = toProfile(attributes, externalIdOf(org));
  const profile = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null));
  // Okta demands an address, and most logins are one.
  if (profile['email'] === undefined && textOf(profile['login'])?.includes('@'))
    profile['email'] = profile['login'] ?? null;
  const isWantedActive = attributes['active'] !== false;
  const byEmail = org.context.config().activation === 'email';
  const answered = await org.ask(
    {
      method: 'POST',
      path: '/api/v1/users',
      query: {activate: String(isWantedActive && byEmail)},
      body: {profile},
      operation: 'create user',
    },
    options,
  );
  if (!answered.ok) return isTaken(answered.failure) ? ok('exists') : answered;
  const user = objectOf(answered.value);
  if (!user.ok) return user;
  const remote = remoteOf(org, user.value) ?? {id: textOf(user.value['id']) ?? '', attributes: {}};
  if (!isWantedActive || byEmail) return ok(remote);
  const activated = await activate(org, remote.id, options);
  // The account is there, whatever became of its activation: it is looked for before it is created again.
  if (!activated.ok) return failed({...activated.failure, maybeDone: true});
  if (activated.value === 'missing') return failed(notYetThere);
  return ok({...remote, attributes: {...remote.attributes, active: true}});
}

const notYetThere: Failure = {
  kind: 'transient',
  message: 'Okta does not find the account that it just created',
  cause: '404 created account',
  status: 404,
  maybeDone: true,
};

/** The smallest partial update (POST leaves alone what it does not name), and the step of the lifecycle that it takes. */
async function updateUser(org: Org, id: string, update: Update, options: CallOptions): Promise<Updated> {
  const {desired, changed, current} = update;
  const isRead = !current && (!changed || changed.includes('active'));
  const user = isRead ? await readById(org, 'user', id, options) : ok(undefined);
  if (!user.ok) return user;
  if (isRead && !user.value) return ok('missing');
  const known = current ?? (user.value && remoteOf(org, user.value));

  const entries = Object.entries(desired).filter(([path]) => known || !changed || changed.includes(path));
  const attribute = externalIdOf(org);
  const wanted = toProfile(Object.fromEntries(entries), attribute);
  const profile = known ? differing(wanted, toProfile(known.attributes, attribute)) : wanted;
  const {active} = desired;
  const turns = known !== undefined && typeof active === 'boolean' && known.attributes['active'] !== active;
  if (turns) {
    // First: the profile of a deactivated account can not be written, and an account that is to be shut is shut first.
    const turned = await turn(org, id, active, user.value, options);
    if (!turned.ok) return turned;
    if (turned.value === 'missing') return ok('missing');
  }
  return Object.keys(profile).length === 0 ? ok('updated') : writeProfile(org, id, profile, options);
}

async function turn(
  org: Org,
  id: string,
  active: boolean,
  known: JsonObject | undefined,
  options: CallOptions,
): Promise<Result<'done' | 'missing'>> {
  if (!active) return shutOut(org, id, options);
  const user = known ? ok(known) : await readById(org, 'user', id, options);
  if (!user.ok) return user;
  return user.value ? letIn(org, user.value, options) : ok('missing');
}

async function writeProfile(
  org: Org,
  id: string,
  profile: JsonObject,
  options: CallOptions,
): Promise<Updated> {
  const call = {
    method: 'POST',
    path: userPath(id),
    body: {profile},
    operation: 'update user',
    missing: true,
  } as const;
  const answered = await org.ask(call, options);
  if (!answered.ok)
    return isTaken(answered.failure) ? ok('exists') : refused(org, id, answered.failure, options);
  return ok(answered.value.status === 404 ? 'missing' : 'updated');
}

/** The first DELETE of an account that is not deactivated deactivates it; the second deletes it. */
async function remove(org: Org, id: string, options: CallOptions): Promise<Result<'removed' | 'missing'>> {
  const call = {method: 'DELETE', path: userPath(id), operation: 'delete user'} as const;
  const first = await act(org, call, options);
  if (!first.ok) return refused(org, id, first.failure, options);
  if (first.value === 'missing') return ok('missing');
  const second = await act(org, call, options);
  return second.ok ? ok('removed') : refused(org, id, second.failure, options);
}

/** Okta leaves deactivated users out of its list, and shows them only to a filter. */
async function* list(org: Org, options: CallOptions): AsyncGenerator<Result<Remote[]>> {
  const seen = new Set<string>();
  for (const query of [{}, {filter: 'status eq "DEPROVISIONED"'}]) {
    const call = {
      method: 'GET',
      path: '/api/v1/users',
      query: {...query, limit: '200'},
      operation: 'list users',
    } as const;
    for await (const page of pages(org.ask, call, options)) {
      if (!page.ok) {
        yield page;
        return;
      }
      const remotes = page.value.flatMap((user) => remoteOf(org, user) ?? []);
      yield ok(remotes.filter(({id}) => !seen.has(id) && seen.add(id)));
    }
  }
}

/** Whether Okta shows the account to be shut for good, and not only on its way there. */
export const isShut = (user: JsonObject, statuses: readonly string[]): boolean =>
  !isActive(user) && statuses.includes(textOf(user['status']) ?? '');
