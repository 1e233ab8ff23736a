import type {User} from '@aws-sdk/client-iam';
import {ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions, CutOffMode, CutOffStep} from '../../src/core/port.ts';
import type {Account} from './account.ts';
import {deleteUser} from './deletion.ts';
import {isDenied, putDeny} from './deny.ts';
import {heldOf, turnOff, type Holding} from './holding.ts';
import {accessKeys, certificates, password, serviceCredentials, sshKeys} from './holdings.ts';

/** What no call on a user ends (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html). */
const remains =
  'sessions of roles that the person had assumed, for 12 hours at most: they are judged by the role, whose "Revoke active ' +
  'sessions" ends them';

/**
 * The order that cuts access first: the deny is judged at each request, so it ends temporary credentials of the user's own
 * (GetSessionToken, GetFederationToken) and the console at once; what follows leaves nothing that a lifted deny would open.
 */
export function cutOffSteps(account: Account, mode: CutOffMode): CutOffStep[] {
  const steps = [
    deny(account),
    shut(account, 'access keys', [accessKeys]),
    shut(account, 'console password', [password]),
    shut(account, 'service credentials', [serviceCredentials]),
    shut(account, 'certificates and SSH keys', [certificates, sshKeys]),
  ];
  return mode === 'delete' ? [...steps, deletion(account)] : steps;
}

/** Runs with the user as it is now, name and all. */
async function withUser<T>(
  {users}: Account,
  id: string,
  options: CallOptions,
  run: (user: User) => Promise<Result<T>>,
): Promise<Result<T | 'missing'>> {
  const user = await users.read(id, options);
  if (!user.ok) return user;
  return user.value ? run(user.value) : ok('missing');
}

/**
 * A read by the user's name, at the same time as the one that says whether the name is still theirs: where it was not, it is
 * read again by the new one. A cut-off is as many reads as writes, and half of them need not wait for the other half.
 */
async function readBeside<T>(
  {users}: Account,
  id: string,
  options: CallOptions,
  read: (UserName: string) => Promise<Result<T>>,
): Promise<Result<{UserName: string; found: T} | 'missing'>> {
  const name = users.lastName(id);
  const [user, early] = await Promise.all([
    users.read(id, options),
    name === undefined ? undefined : read(name),
  ]);
  if (!user.ok) return user;
  if (!user.value) return ok('missing');
  const {UserName = ''} = user.value;
  const found = early && name === UserName ? early : await read(UserName);
  return found.ok ? ok({UserName, found: found.value}) : found;
}

const deny = (account: Account): CutOffStep => ({
  name: 'deny policy',
  act: (id, options) =>
    withUser(account, id, options, async (user) => {
      const put = await putDeny(account.aws, user, options);
      return put.ok ? ok('done' as const) : put;
    }),
  async verify(id, options) {
    const denied = await readBeside(account, id, options, (UserName) =>
      isDenied(account.aws, {UserName}, options),
    );
    if (!denied.ok) return denied;
    return ok({ended: denied.value === 'missing' || denied.value.found, remains});
  },
});

/** Turns all of these kinds off, in their order. */
const shut = (account: Account, name: string, holdings: readonly Holding[]): CutOffStep => {
  const heldBy = (id: string, options: CallOptions) =>
    readBeside(account, id, options, (UserName) => heldOf(account.aws, holdings, UserName, options));
  return {
    name,
    async act(id, options) {
      const holder = await heldBy(id, options);
      if (!holder.ok) return holder;
      if (holder.value === 'missing') return ok('missing');
      for (const {holding, rows} of holder.value.found) {
        const ended = await turnOff(account.aws, holding, rows, holder.value.UserName, options);
        if (!ended.ok) return ended;
      }
      return ok('done');
    },
    async verify(id, options) {
      const holder = await heldBy(id, options);
      if (!holder.ok) return holder;
      const left = holder.value === 'missing' ? [] : holder.value.found.flatMap(({rows}) => rows);
      return ok({ended: !left.some(({isActive}) => isActive)});
    },
  };
};

const deletion = (account: Account): CutOffStep => ({
  name: 'delete',
  async act(id, options) {
    const removed = await deleteUser(account, id, options);
    return removed.ok ? ok(removed.value === 'missing' ? 'missing' : 'done') : removed;
  },
  async verify(id, options) {
    const user = await account.users.read(id, options);
    return user.ok ? ok({ended: user.value === undefined}) : user;
  },
});
