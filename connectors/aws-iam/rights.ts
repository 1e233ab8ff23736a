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
 * The rights that IAM, asked to judge, would refuse below the path (SimulatePrincipalPolicy: it changes nothing).
 * Nothing where it does not judge: the credential may not ask, or nothing says who it is.
 */
export async function missingRights(account: Account, options: CallOptions): Promise<string[] | undefined> {
  const {assumeRole, path} = account.config();
  const me = assumeRole?.roleArn ?? (await ownArn(account, options));
  if (me === undefined) return undefined;
  const [, partition = '', , , accountId = ''] = me.split(':');
  const missing: string[] = [];
  for (const [kind, names] of Object.entries(rights)) {
    const input = {
      PolicySourceArn: me,
      ActionNames: names.map((name) => `iam:${name}`),
      ResourceArns: [`arn:${partition}:iam::${accountId}:${kind}${path}avro-scim-check`],
      MaxItems: 1000,
    };
    const judged = await account.aws.ask('SimulatePrincipalPolicy', options, (iam, passed) =>
      iam.simulatePrincipalPolicy(input, passed),
    );
    if (!judged.ok) return undefined;
    for (const {EvalActionName = '', EvalDecision} of judged.value.EvaluationResults ?? [])
      if (EvalDecision !== 'allowed') missing.push(EvalActionName);
  }
  return missing;
}

/** GetUser without a name is the caller, and refused to one who is no user. */
async function ownArn({aws}: Account, options: CallOptions): Promise<string | undefined> {
  const me = await aws.ask('GetUser', options, (iam, passed) => iam.getUser({}, passed));
  return me.ok ? me.value.User?.Arn : undefined;
}
