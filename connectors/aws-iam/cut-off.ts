import type {User} from '@aws-sdk/client-iam';
import {ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions, CutOffMode, CutOffStep} from '../../src/core/port.ts';
import type {Account} from './account.ts';
import {deleteUser} from './deletion.ts';
import {isDenied, putDeny} from './deny.ts';
import {end, held, type Holding} from './holding.ts';
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
    turnOff(account, 'access keys', [accessKeys]),
    turnOff(account, 'console password', [password]),
    turnOff(account, 'service credentials', [serviceCredentials]),
    turnOff(account, 'certificates and SSH keys', [certificates, sshKeys]),
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

const deny = (account: Account): CutOffStep => ({
  name: 'deny policy',
  act: (id, options) =>
    withUser(account, id, options, async (user) => {
      const put = await putDeny(account.aws, user, options);
      return put.ok ? ok('done' as const) : put;
    }),
  async verify(id, options) {
    const denied = await withUser(account, id, options, (user) => isDenied(account.aws, user, options));
    return denied.ok ? ok({ended: denied.value !== false, remains}) : denied;
  },
});

const turnOff = (account: Account, name: string, holdings: readonly Holding[]): CutOffStep => ({
  name,
  act: (id, options) =>
    withUser(account, id, options, async ({UserName = ''}) => {
      for (const holding of holdings) {
        const ended = await end(account.aws, holding, 'off', UserName, options);
        if (!ended.ok) return ended;
      }
      return ok('done' as const);
    }),
  async verify(id, options) {
    const ended = await withUser(account, id, options, async ({UserName = ''}) => {
      for (const holding of holdings) {
        const found = await held(account.aws, holding, UserName, options);
        if (!found.ok) return found;
        if (found.value.some(({isActive}) => isActive)) return ok(false);
      }
      return ok(true);
    });
    return ended.ok ? ok({ended: ended.value !== false}) : ended;
  },
});

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
