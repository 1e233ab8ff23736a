import type {Group, User} from '@aws-sdk/client-iam';
import {failed, ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Aws} from './aws.ts';

/** IAM takes names; what stays when one is renamed, and is never given twice, is the id (`AIDA…`, `AGPA…`). */
export interface Directory<T> {
  /** As it is now; nothing when there is none. */
  read(id: string, options: CallOptions): Promise<Result<T | undefined>>;
  readByName(name: string, options: CallOptions): Promise<Result<T | undefined>>;
  /** Pages of all below the configured path, in the short form of a list. */
  list(options: CallOptions): AsyncIterable<Result<T[]>>;
  /** A name was given or changed here. */
  named(id: string, name: string, isNew: boolean): void;
  /** It was deleted here: that it is not there is no matter of waiting. */
  forget(id: string): void;
}

/** So long after it was made, IAM may still say that something is not there. */
const settlingMs = 60_000;

interface Kind<T> {
  idOf(found: T): string;
  nameOf(found: T): string;
  get(name: string, options: CallOptions): Promise<Result<T | undefined>>;
  page(marker: string | undefined, options: CallOptions): Promise<Result<{found: T[]; next?: string}>>;
}

/** What was learned of names, by id; a name may be another's by now. */
interface Known {
  names: Map<string, string>;
  madeAt: Map<string, number>;
}

function createDirectory<T extends {Path: string | undefined}>(aws: Aws, kind: Kind<T>): Directory<T> {
  const known: Known = {names: new Map(), madeAt: new Map()};
  const {names, madeAt} = known;
  const directory: Directory<T> = {
    async readByName(name, options) {
      const found = await kind.get(name, options);
      if (!found.ok || !found.value) return found;
      if (!found.value.Path?.startsWith(aws.config().path)) return ok(undefined);
      names.set(kind.idOf(found.value), kind.nameOf(found.value));
      return found;
    },
    list: (options) => list(kind, names, options),
    named(id, name, isNew) {
      names.set(id, name);
      if (isNew) madeAt.set(id, aws.now());
    },
    forget: (id) => void madeAt.delete(id),
    read: (id, options) => readById(directory, kind, known, id, aws.now(), options),
  };
  return directory;
}

async function* list<T>(
  kind: Kind<T>,
  names: Known['names'],
  options: CallOptions,
): AsyncGenerator<Result<T[]>> {
  for (let marker: string | undefined, isLast = false; !isLast;) {
    const page = await kind.page(marker, options);
    if (!page.ok) {
      yield page;
      return;
    }
    for (const one of page.value.found) names.set(kind.idOf(one), kind.nameOf(one));
    yield ok(page.value.found);
    marker = page.value.next;
    isLast = marker === undefined;
  }
}

/** By the name that it had last; where that is gone or another's, by a list of all. */
async function readById<T>(
  directory: Directory<T>,
  kind: Kind<T>,
  {names, madeAt}: Known,
  id: string,
  now: number,
  options: CallOptions,
): Promise<Result<T | undefined>> {
  const readKnown = async (): Promise<Result<T | undefined>> => {
    const name = names.get(id);
    const found = name === undefined ? ok(undefined) : await directory.readByName(name, options);
    if (!found.ok || (found.value && kind.idOf(found.value) === id)) return found;
    names.delete(id);
    return ok(undefined);
  };
  const found = await readKnown();
  if (!found.ok || found.value) return found;
  for await (const page of directory.list(options)) if (!page.ok) return page;
  const listed = await readKnown();
  if (!listed.ok || listed.value) return listed;
  if (now - (madeAt.get(id) ?? -settlingMs) >= settlingMs) return ok(undefined);
  return failed({
    kind: 'transient',
    message: 'IAM does not show yet what was just made',
    cause: 'not visible yet',
  });
}

/** The users of one account, below the configured path. */
export const createUserDirectory = (aws: Aws): Directory<User> =>
  createDirectory<User>(aws, {
    idOf: ({UserId}) => UserId ?? '',
    nameOf: ({UserName}) => UserName ?? '',
    async get(name, options) {
      const found = await aws.askIfThere('GetUser', options, (iam, passed) =>
        iam.getUser({UserName: name}, passed),
      );
      return found.ok ? ok(found.value?.User) : found;
    },
    async page(marker, options) {
      const input = {
        PathPrefix: aws.config().path,
        MaxItems: 1000,
        ...(marker === undefined ? {} : {Marker: marker}),
      };
      const page = await aws.ask('ListUsers', options, (iam, passed) => iam.listUsers(input, passed));
      return page.ok ? ok({found: page.value.Users ?? [], ...nextOf(page.value)}) : page;
    },
  });

/** The groups of one account, below the configured path. */
export const createGroupDirectory = (aws: Aws): Directory<Group> =>
  createDirectory<Group>(aws, {
    idOf: ({GroupId}) => GroupId ?? '',
    nameOf: ({GroupName}) => GroupName ?? '',
    async get(name, options) {
      const input = {GroupName: name, MaxItems: 1};
      const found = await aws.askIfThere('GetGroup', options, (iam, passed) => iam.getGroup(input, passed));
      return found.ok ? ok(found.value?.Group) : found;
    },
    async page(marker, options) {
      const input = {
        PathPrefix: aws.config().path,
        MaxItems: 1000,
        ...(marker === undefined ? {} : {Marker: marker}),
      };
      const page = await aws.ask('ListGroups', options, (iam, passed) => iam.listGroups(input, passed));
      return page.ok ? ok({found: page.value.Groups ?? [], ...nextOf(page.value)}) : page;
    },
  });

/** Where a list goes on; IAM may give fewer than asked for and still go on. */
export const nextOf = (page: {
  IsTruncated?: boolean | undefined;
  Marker?: string | undefined;
}): {next?: string} => (page.IsTruncated && page.Marker !== undefined ? {next: page.Marker} : {});
