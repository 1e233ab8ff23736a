import {ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Account} from './account.ts';
import {putDeny, removeEveryDeny} from './deny.ts';
import {notVisible} from './errors.ts';
import {heldOf, remove} from './holding.ts';
import {
  accessKeys,
  attachedPolicies,
  certificates,
  inlinePolicies,
  memberships,
  mfaDevices,
  password,
  serviceCredentials,
  sshKeys,
} from './holdings.ts';

/** DeleteUser is refused while any of these is left (API_DeleteUser); what lets in goes first. */
const inOrder = [
  ...[accessKeys, password, serviceCredentials, certificates, sshKeys, mfaDevices],
  ...[memberships, attachedPolicies, inlinePolicies],
];

/** Removes all that a user holds, the policy that shuts the account last, and then the user. */
export async function deleteUser(
  {aws, users}: Account,
  id: string,
  options: CallOptions,
): Promise<Result<'removed' | 'missing'>> {
  const read = await users.read(id, options);
  if (!read.ok) return read;
  const user = read.value;
  if (!user) return ok('missing');
  const {UserName = ''} = user;
  const holder = await heldOf(aws, inOrder, UserName, options);
  if (!holder.ok) return holder;
  for (const {holding, rows} of holder.value) {
    const ended = await remove(aws, holding, rows, UserName, options);
    if (!ended.ok) return ended;
  }
  const opened = await removeEveryDeny(aws, user, options);
  const deleted = opened.ok
    ? await aws.askIfThere('DeleteUser', options, (iam, passed) => iam.deleteUser({UserName}, passed))
    : opened;
  // Should it be gone when it is looked for again, that is no wonder.
  if (deleted.ok || deleted.failure.maybeDone) users.forget(id);
  if (!deleted.ok) {
    // Sessions that the keys had opened live for 36 hours, and only the policy that is off now ends them.
    const shut = await putDeny(aws, user, options);
    return shut.ok || shut.failure === notVisible ? deleted : shut;
  }
  return ok('removed');
}
