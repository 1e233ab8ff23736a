import {failed, ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Account} from './account.ts';

/** Every right that is used, by what it is held on. */
export const rights = {
  user: [
    ...['ListUsers', 'GetUser', 'CreateUser', 'UpdateUser', 'DeleteUser', 'TagUser', 'UntagUser'],
    ...['GetUserPolicy', 'PutUserPolicy', 'DeleteUserPolicy', 'ListUserPolicies'],
    ...['ListAttachedUserPolicies', 'AttachUserPolicy', 'DetachUserPolicy'],
    ...['ListAccessKeys', 'UpdateAccessKey', 'DeleteAccessKey', 'GetLoginProfile', 'DeleteLoginProfile'],
    ...['ListServiceSpecificCredentials', 'UpdateServiceSpecificCredential'],
    ...['DeleteServiceSpecificCredential'],
    ...['ListSigningCertificates', 'UpdateSigningCertificate', 'DeleteSigningCertificate'],
    ...['ListSSHPublicKeys', 'UpdateSSHPublicKey', 'DeleteSSHPublicKey'],
    ...['ListMFADevices', 'DeactivateMFADevice', 'ListGroupsForUser'],
  ],
  group: [
    ...['ListGroups', 'GetGroup', 'CreateGroup', 'UpdateGroup', 'DeleteGroup'],
    ...['AddUserToGroup', 'RemoveUserFromGroup', 'ListGroupPolicies', 'ListAttachedGroupPolicies'],
  ],
  mfa: ['DeleteVirtualMFADevice'],
} as const;

/**
 * The rights that IAM, asked to judge, would refuse below the path (SimulatePrincipalPolicy: it changes nothing);
 * `untested` where the credential may not ask, or nothing says who it is.
 */
export async function missingRights(
  account: Account,
  options: CallOptions,
): Promise<Result<string[] | 'untested'>> {
  const {assumeRole, path} = account.config();
  const me = assumeRole ? ok(assumeRole.roleArn) : await ownArn(account, options);
  if (!me.ok) return isNo(me.failure.kind) ? ok('untested') : me;
  const [, partition = '', , , accountId = ''] = me.value.split(':');
  const missing: string[] = [];
  for (const [kind, names] of Object.entries(rights)) {
    const input = {
      PolicySourceArn: me.value,
      ActionNames: names.map((name) => `iam:${name}`),
      ResourceArns: [`arn:${partition}:iam::${accountId}:${kind}${path}avro-scim-check`],
      MaxItems: 1000,
    };
    const judged = await account.aws.ask('SimulatePrincipalPolicy', options, (iam, passed) =>
      iam.simulatePrincipalPolicy(input, passed),
    );
    if (!judged.ok) return isNo(judged.failure.kind) ? ok('untested') : judged;
    for (const {EvalActionName = '', EvalDecision} of judged.value.EvaluationResults ?? [])
      if (EvalDecision !== 'allowed') missing.push(EvalActionName);
  }
  return ok(missing);
}

const isNo = (kind: string): boolean => kind === 'rejected' || kind === 'unauthorized';

/** GetUser without a name is the caller, and refused to one who is no user. */
async function ownArn({aws}: Account, options: CallOptions): Promise<Result<string>> {
  const me = await aws.ask('GetUser', options, (iam, passed) => iam.getUser({}, passed));
  if (!me.ok) return me;
  const arn = me.value.User?.Arn;
  return arn === undefined
    ? failed({kind: 'rejected', message: 'IAM does not say who this is', cause: '200 undocumented'})
    : ok(arn);
}
