import type {Group, User} from '@aws-sdk/client-iam';
import {failed, ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Aws} from './aws.ts';
import {notVisible} from './errors.ts';

/** IAM takes names; what stays when one is renamed, and is never given twice, is the id (`AIDA…`, `AGPA…`). */
export interface Directory<T> {
  /** As IAM shows it now, on whatever path; nothing when it shows none. Fails where it may only not show it yet. */
  look(id: string, options: CallOptions): Promise<Result<T | undefined>>;
  /** The same for who acts on it: that there is none is believed of a second look, a minute after the first. */
  read(id: string, options: CallOptions): Promise<Result<T | undefined>>;
  /** The name that it was last seen to have; it may be another's by now. */
  lastName(id: string): string | undefined;
  /** Below the configured path alone. */
  readByName(name: string, options: CallOptions): Promise<Result<T | undefined>>;
  /** Whether both the list and a read show who has this name, in any case and on any path. */
  shows(name: string, options: CallOptions): Promise<Result<boolean>>;
  /** Pages of all below the configured path, in the short form of a list. */
  list(options: CallOptions): AsyncIterable<Result<T[]>>;
  /** The name was given here just now. */
  named(id: string, name: string): void;
  /** Its deletion was asked for here: that it is not there is no matter of waiting. */
  forget(id: string): void;
}

/** So long IAM may still show what was before a write, or show nothing. */
const settlingMs = 60_000;

interface Kind<T> {
  idOf(found: T): string;
  nameOf(found: T): string;
  get(name: string, options: CallOptions): Promise<Result<T | undefined>>;
  page(
    path: string,
    marker: string | undefined,
    options: CallOptions,
  ): Promise<Result<{found: T[]; next?: string}>>;
}

/** What was learned of one id, times in ms since the epoch; its name may be another's by now. */
interface Known {
  name?: string;
  namedAt?: number;
  /** The first of the looks, since one that found it, that did not; -Infinity: it was deleted here. */
  missingSince?: number;
}

/** What was learned of the ids of one kind; as much as the account holds. */
interface Memory<T> {
  of(id: string): Known;
  /** It was shown under this name, which an own write may have overtaken. */
  listed(one: T): void;
  found(one: T): void;
  note(id: string, known: Known): void;
  isFresh(id: string): boolean;
}

function createMemory<T>(kind: Kind<T>, now: () => number): Memory<T> {
  const known = new Map<string, Known>();
  const of = (id: string): Known => known.get(id) ?? {};
  const isFresh = (id: string): boolean => {
    const {namedAt} = of(id);
    return namedAt !== undefined && now() - namedAt < settlingMs;
  };
  return {
    of,
    isFresh,
    listed(one) {
      const id = kind.idOf(one);
      if (!isFresh(id)) known.set(id, {...of(id), name: kind.nameOf(one)});
    },
    found(one) {
      const id = kind.idOf(one);
      const {namedAt} = of(id);
      known.set(id, {name: kind.nameOf(one), ...(namedAt === undefined ? {} : {namedAt})});
    },
    note: (id, more) => void known.set(id, {...of(id), ...more}),
  };
}

/** Names and ids of one kind in one account. */
export function createDirectory<T extends {Path: string | undefined}>(
  kind: Kind<T>,
  path: () => string,
  now: () => number,
): Directory<T> {
  const memory = createMemory(kind, now);
  return {
    look: (id, options) => look(kind, memory, id, options),
    async read(id, options) {
      const found = await look(kind, memory, id, options);
      if (!found.ok || found.value) return found;
      const {missingSince = now()} = memory.of(id);
      memory.note(id, {missingSince});
      return now() - missingSince < settlingMs ? failed(notVisible) : found;
    },
    lastName: (id) => memory.of(id).name,
    async readByName(name, options) {
      const found = await kind.get(name, options);
      if (!found.ok || !found.value) return found;
      if (!found.value.Path?.startsWith(path())) return ok(undefined);
      memory.listed(found.value);
      return found;
    },
    async shows(name, options) {
      const isSame = (one: T): boolean => kind.nameOf(one).toLowerCase() === name.toLowerCase();
      const row = await rowIn(list(kind, memory, '/', options), isSame);
      if (!row.ok || !row.value) return row.ok ? ok(false) : row;
      const found = await kind.get(kind.nameOf(row.value), options);
      return found.ok ? ok(found.value !== undefined) : found;
    },
    list: (options) => list(kind, memory, path(), options),
    named: (id, name) => memory.note(id, {name, namedAt: now()}),
    forget: (id) => memory.note(id, {namedAt: -Infinity, missingSince: -Infinity}),
  };
}

/** By the name that it had last; where that is gone or another's, by a list of all. */
async function look<T>(
  kind: Kind<T>,
  memory: Memory<T>,
  id: string,
  options: CallOptions,
): Promise<Result<T | undefined>> {
  const byName = async (name: string | undefined): Promise<Result<T | undefined>> => {
    const found = name === undefined ? ok(undefined) : await kind.get(name, options);
    if (!found.ok || !found.value) return found;
    if (kind.idOf(found.value) !== id) return ok(undefined);
    memory.found(found.value);
    return found;
  };
  const {name, missingSince} = memory.of(id);
  const found = await byName(name);
  if (!found.ok || found.value) return found;
  if (name !== undefined && missingSince === -Infinity) return found;
  const row = await rowIn(list(kind, memory, '/', options), (one) => kind.idOf(one) === id);
  if (!row.ok || !row.value) return row.ok && memory.isFresh(id) ? failed(notVisible) : row;
  const listed = await byName(kind.nameOf(row.value));
  // Listed by a name that is no more: it was renamed, and neither shows the new one.
  return listed.ok && !listed.value ? failed(notVisible) : listed;
}

async function* list<T>(
  kind: Kind<T>,
  memory: Memory<T>,
  path: string,
  options: CallOptions,
): AsyncGenerator<Result<T[]>> {
  for (let marker: string | undefined, isLast = false; !isLast;) {
    const page = await kind.page(path, marker, options);
    if (!page.ok) {
      yield page;
      return;
    }
    page.value.found.forEach((one) => memory.listed(one));
    yield ok(page.value.found);
    marker = page.value.next;
    isLast = marker === undefined;
  }
}

async function rowIn<T>(
  pages: AsyncIterable<Result<T[]>>,
  isIt: (row: T) => boolean,
): Promise<Result<T | undefined>> {
  for await (const page of pages) {
    const row = page.ok ? page.value.find(isIt) : undefined;
    if (!page.ok || row !== undefined) return page.ok ? ok(row) : page;
  }
  return ok(undefined);
}

export const userKind = (aws: Aws): Kind<User> => ({
  idOf: ({UserId}) => UserId ?? '',
  nameOf: ({UserName}) => UserName ?? '',
  async get(name, options) {
    const found = await aws.askIfThere('GetUser', options, (iam, passed) =>
      iam.getUser({UserName: name}, passed),
    );
    return found.ok ? ok(found.value?.User) : found;
  },
  async page(path, marker, options) {
    const input = {PathPrefix: path, MaxItems: 1000, ...(marker === undefined ? {} : {Marker: marker})};
    const page = await aws.ask('ListUsers', options, (iam, passed) => iam.listUsers(input, passed));
    return page.ok ? ok({found: page.value.Users ?? [], ...nextOf(page.value)}) : page;
  },
});

export const groupKind = (aws: Aws): Kind<Group> => ({
  idOf: ({GroupId}) => GroupId ?? '',
  nameOf: ({GroupName}) => GroupName ?? '',
  async get(name, options) {
    const input = {GroupName: name, MaxItems: 1};
    const found = await aws.askIfThere('GetGroup', options, (iam, passed) => iam.getGroup(input, passed));
    return found.ok ? ok(found.value?.Group) : found;
  },
  async page(path, marker, options) {
    const input = {PathPrefix: path, MaxItems: 1000, ...(marker === undefined ? {} : {Marker: marker})};
    const page = await aws.ask('ListGroups', options, (iam, passed) => iam.listGroups(input, passed));
    return page.ok ? ok({found: page.value.Groups ?? [], ...nextOf(page.value)}) : page;
  },
});

/** Where a list goes on; IAM may give fewer than asked for and still go on. */
export const nextOf = (page: {
  IsTruncated?: boolean | undefined;
  Marker?: string | undefined;
}): {next?: string} => (page.IsTruncated && page.Marker !== undefined ? {next: page.Marker} : {});
