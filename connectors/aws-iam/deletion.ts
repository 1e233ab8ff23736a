import {ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Account} from './account.ts';
import {removeDeny} from './deny.ts';
import {end} from './holding.ts';
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
  const user = await users.read(id, options);
  if (!user.ok) return user;
  if (!user.value) return ok('missing');
  const {UserName = ''} = user.value;
  for (const holding of inOrder) {
    const ended = await end(aws, holding, 'remove', UserName, options);
    if (!ended.ok) return ended;
  }
  const opened = await removeDeny(aws, UserName, options);
  if (!opened.ok) return opened;
  const deleted = await aws.askIfThere('DeleteUser', options, (iam, passed) =>
    iam.deleteUser({UserName}, passed),
  );
  if (!deleted.ok) return deleted;
  users.forget(id);
  return ok('removed');
}
