import type {User} from '@aws-sdk/client-iam';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions, LookUp, ResourcePort} from '../../src/core/port.ts';
import type {Attributes, Remote} from '../../src/core/resource.ts';
import {deleteUser} from './deletion.ts';
import {isDenied, putDeny, removeDeny} from './deny.ts';
import {isMissing, isTaken, notVisible} from './errors.ts';
import type {Account} from './account.ts';
import type {Directory} from './directory.ts';
import {asList, differing, EXTERNAL_ID, toAttributes, toTags, type Tags} from './tags.ts';

type Update = Parameters<ResourcePort['update']>[1];
type Updated = Result<'updated' | 'missing' | 'exists'>;

/** The users of one account, below the configured path. */
export function createUsers(account: Account): ResourcePort {
  return {
    find: (lookUp, options) => find(account, lookUp, options),
    get: async (id, options) => {
      const user = await account.users.look(id, options);
      return user.ok && user.value ? toRemote(account, user.value, options) : (user as Result<undefined>);
    },
    create: (attributes, options) => create(account, attributes, options),
    update: (id, update, options) => updateUser(account, id, update, options),
    remove: (id, options) => deleteUser(account, id, options),
    async *list(options) {
      for await (const page of account.users.list(options)) {
        const remotes = page.ok ? await wholeOf(account, page.value, options) : page;
        yield remotes;
        if (!remotes.ok) return;
      }
    },
  };
}

async function toRemote({aws, config}: Account, user: User, options: CallOptions): Promise<Result<Remote>> {
  const denied = await isDenied(aws, user, options);
  if (!denied.ok) return denied;
  return ok({
    id: user.UserId ?? '',
    attributes: {...toAttributes(config(), user), active: !denied.value},
  });
}

/** IAM's list has no tags: each user is read. */
async function wholeOf(
  account: Account,
  listed: readonly User[],
  options: CallOptions,
): Promise<Result<Remote[]>> {
  const remotes: Remote[] = [];
  for (const {UserName = ''} of listed) {
    const user = await account.users.readByName(UserName, options);
    if (!user.ok) return user;
    const remote = user.value && (await toRemote(account, user.value, options));
    if (remote && !remote.ok) return remote;
    if (remote) remotes.push(remote.value);
  }
  return ok(remotes);
}

const ambiguous: Failure = {
  kind: 'conflict',
  message: 'more than one user of IAM has this externalId in its tag',
  cause: 'ambiguous look-up',
};

async function find(
  account: Account,
  {by, value}: LookUp,
  options: CallOptions,
): Promise<Result<Remote | undefined>> {
  switch (by) {
    case 'displayName':
      return ok(undefined);
    case 'userName': {
      const user = await account.users.readByName(value, options);
      if (!user.ok) return user;
      const isSame = user.value?.UserName?.toLowerCase() === value.toLowerCase();
      return user.value && isSame ? toRemote(account, user.value, options) : ok(undefined);
    }
    case 'externalId': {
      const user = await findByTag(account, value, options);
      return user.ok && user.value ? toRemote(account, user.value, options) : (user as Result<undefined>);
    }
  }
}

/** IAM has no search by tag: every user is read. It is asked after a lost answer or a taken name alone. */
async function findByTag(
  account: Account,
  value: string,
  options: CallOptions,
): Promise<Result<User | undefined>> {
  const found: User[] = [];
  for await (const page of account.users.list(options)) {
    if (!page.ok) return page;
    for (const {UserName = ''} of page.value) {
      const user = await account.users.readByName(UserName, options);
      if (!user.ok) return user;
      const tag = user.value?.Tags?.find(({Key}) => Key === EXTERNAL_ID);
      if (user.value && tag?.Value === value) found.push(user.value);
    }
  }
  return found.length > 1 ? failed(ambiguous) : ok(found[0]);
}

async function create(
  account: Account,
  attributes: Attributes,
  options: CallOptions,
): Promise<Result<Remote | 'exists'>> {
  const {aws, users} = account;
  const config = account.config();
  const UserName = textOf(attributes['userName']);
  const input = {UserName, Path: config.path, Tags: asList(toTags(config, attributes))};
  const made = await aws.ask('CreateUser', options, (iam, passed) => iam.createUser(input, passed));
  if (!made.ok) return isTaken(made.failure) ? exists(account.users, UserName, options) : made;
  const user = made.value.User;
  if (!user?.UserId)
    return failed({
      kind: 'rejected',
      message: 'IAM answered something that it does not document',
      cause: '200 undocumented',
      maybeDone: true,
    });
  users.named(user.UserId, UserName);
  const active = attributes['active'] !== false;
  const denied = active ? ok(undefined) : await putDeny(aws, user, options);
  if (!denied.ok) return failed({...denied.failure, maybeDone: true});
  return ok({id: user.UserId, attributes: {...toAttributes(config, {...input, ...user}), active}});
}

/** A name that is taken by nobody who is shown yet may be of one whom a lost answer made. */
export async function exists<T>(
  directory: Directory<T>,
  name: string,
  options: CallOptions,
): Promise<Result<'exists'>> {
  const shown = await directory.shows(name, options);
  if (!shown.ok) return shown;
  return shown.value ? ok('exists') : failed(notVisible);
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What is to be made true of one user; what is not named here is left alone. */
interface Wanted {
  userName?: string;
  active?: boolean;
  tags: Tags;
}

function wantedOf({config}: Account, {desired, changed, current}: Update): Wanted {
  const entries = Object.entries(desired).filter(([path, value]) =>
    current ? value !== (current.attributes[path] ?? null) : !changed || changed.includes(path),
  );
  const {userName, active, ...rest} = Object.fromEntries(entries);
  return {
    ...(typeof userName === 'string' && userName !== '' ? {userName} : {}),
    ...(typeof active === 'boolean' ? {active} : {}),
    tags: toTags(config(), rest),
  };
}

async function updateUser(
  account: Account,
  id: string,
  update: Update,
  options: CallOptions,
): Promise<Updated> {
  const wanted = wantedOf(account, update);
  if (wanted.userName === undefined && wanted.active === undefined && Object.keys(wanted.tags).length === 0)
    return ok('updated');
  const read = await account.users.read(id, options);
  if (!read.ok || !read.value) return read.ok ? ok('missing') : read;
  let isBegun = false;
  for (const write of writesOf(account, id, read.value, wanted, options)) {
    const written = await write();
    if (!written.ok) {
      if (isTaken(written.failure) && !isBegun) return ok('exists');
      const failure = isMissing(written.failure) ? notVisible : written.failure;
      return failed(isBegun ? {...failure, maybeDone: true} : failure);
    }
    isBegun = true;
  }
  return ok('updated');
}

type Write = () => Promise<Result<unknown>>;

/** What is to be done, the name last: IAM may know a user by the new one later than by the old one no more. */
function writesOf(
  account: Account,
  id: string,
  user: User,
  {userName, active, tags}: Wanted,
  options: CallOptions,
): Write[] {
  const {aws} = account;
  const isRenamed = userName !== undefined && userName !== user.UserName;
  return [
    ...(active === undefined ? [] : [() => (active ? removeDeny : putDeny)(aws, user, options)]),
    ...tagging(account, user, differing(tags, user), options),
    ...(isRenamed ? [() => rename(account, id, user, userName, options)] : []),
  ];
}

/** The ARN changes with the name: policies elsewhere that name it do not follow. */
async function rename(
  {aws, users}: Account,
  id: string,
  {UserName}: User,
  NewUserName: string,
  options: CallOptions,
): Promise<Result<unknown>> {
  const input = {UserName, NewUserName};
  const renamed = await aws.ask('UpdateUser', options, (iam, passed) => iam.updateUser(input, passed));
  if (renamed.ok) users.named(id, NewUserName);
  return renamed;
}

function tagging({aws}: Account, {UserName}: User, tags: Tags, options: CallOptions): Write[] {
  const Tags = asList(tags);
  const TagKeys = Object.keys(tags).filter((key) => tags[key] === null);
  const set = () => aws.ask('TagUser', options, (iam, passed) => iam.tagUser({UserName, Tags}, passed));
  const clear = () =>
    aws.ask('UntagUser', options, (iam, passed) => iam.untagUser({UserName, TagKeys}, passed));
  return [...(Tags.length > 0 ? [set] : []), ...(TagKeys.length > 0 ? [clear] : [])];
}
