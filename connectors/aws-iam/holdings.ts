import type {Change, Held, Holding} from './holding.ts';
import {DENY, denyAllOf} from './tags.ts';

/** IAM's words for what lets nobody in; an end that has passed can not be put off. */
const off = ['Inactive', 'Expired'];

const heldOf = <T extends {Status?: string | undefined}>(
  rows: T[] | undefined,
  id: (row: T) => string | undefined,
): Held[] => (rows ?? []).map((row) => ({id: id(row) ?? '', isActive: !off.includes(row.Status ?? '')}));
const namesOf = <T>(rows: T[] | undefined, id: (row: T) => string | undefined): Held[] =>
  (rows ?? []).map((row) => ({id: id(row) ?? '', isActive: true}));

export const accessKeys: Holding = {
  list: {
    operation: 'ListAccessKeys',
    run: async (iam, UserName, at, passed) => {
      const page = await iam.listAccessKeys({UserName, ...at}, passed);
      return {...page, held: heldOf(page.AccessKeyMetadata, (key) => key.AccessKeyId)};
    },
  },
  off: {
    operation: 'UpdateAccessKey',
    run: (iam, UserName, AccessKeyId, passed) =>
      iam.updateAccessKey({UserName, AccessKeyId, Status: 'Inactive'}, passed),
  },
  remove: [
    {
      operation: 'DeleteAccessKey',
      run: (iam, UserName, AccessKeyId, passed) => iam.deleteAccessKey({UserName, AccessKeyId}, passed),
    },
  ],
};

const deletePassword: Change = {
  operation: 'DeleteLoginProfile',
  run: (iam, UserName, _id, passed) => iam.deleteLoginProfile({UserName}, passed),
};

export const password: Holding = {
  list: {
    operation: 'GetLoginProfile',
    isOne: true,
    run: async (iam, UserName, _at, passed) => {
      await iam.getLoginProfile({UserName}, passed);
      return {held: [{id: 'password', isActive: true}]};
    },
  },
  off: deletePassword,
  remove: [deletePassword],
};

export const serviceCredentials: Holding = {
  list: {
    operation: 'ListServiceSpecificCredentials',
    run: async (iam, UserName, at, passed) => {
      const page = await iam.listServiceSpecificCredentials({UserName, ...at}, passed);
      return {
        ...page,
        held: heldOf(page.ServiceSpecificCredentials, (one) => one.ServiceSpecificCredentialId),
      };
    },
  },
  off: {
    operation: 'UpdateServiceSpecificCredential',
    run: (iam, UserName, ServiceSpecificCredentialId, passed) =>
      iam.updateServiceSpecificCredential(
        {UserName, ServiceSpecificCredentialId, Status: 'Inactive'},
        passed,
      ),
  },
  remove: [
    {
      operation: 'DeleteServiceSpecificCredential',
      run: (iam, UserName, ServiceSpecificCredentialId, passed) =>
        iam.deleteServiceSpecificCredential({UserName, ServiceSpecificCredentialId}, passed),
    },
  ],
};

export const certificates: Holding = {
  list: {
    operation: 'ListSigningCertificates',
    run: async (iam, UserName, at, passed) => {
      const page = await iam.listSigningCertificates({UserName, ...at}, passed);
      return {...page, held: heldOf(page.Certificates, (one) => one.CertificateId)};
    },
  },
  off: {
    operation: 'UpdateSigningCertificate',
    run: (iam, UserName, CertificateId, passed) =>
      iam.updateSigningCertificate({UserName, CertificateId, Status: 'Inactive'}, passed),
  },
  remove: [
    {
      operation: 'DeleteSigningCertificate',
      run: (iam, UserName, CertificateId, passed) =>
        iam.deleteSigningCertificate({UserName, CertificateId}, passed),
    },
  ],
};

export const sshKeys: Holding = {
  list: {
    operation: 'ListSSHPublicKeys',
    run: async (iam, UserName, at, passed) => {
      const page = await iam.listSSHPublicKeys({UserName, ...at}, passed);
      return {...page, held: heldOf(page.SSHPublicKeys, (one) => one.SSHPublicKeyId)};
    },
  },
  off: {
    operation: 'UpdateSSHPublicKey',
    run: (iam, UserName, SSHPublicKeyId, passed) =>
      iam.updateSSHPublicKey({UserName, SSHPublicKeyId, Status: 'Inactive'}, passed),
  },
  remove: [
    {
      operation: 'DeleteSSHPublicKey',
      run: (iam, UserName, SSHPublicKeyId, passed) =>
        iam.deleteSSHPublicKey({UserName, SSHPublicKeyId}, passed),
    },
  ],
};

export const mfaDevices: Holding = {
  list: {
    operation: 'ListMFADevices',
    run: async (iam, UserName, at, passed) => {
      const page = await iam.listMFADevices({UserName, ...at}, passed);
      return {...page, held: namesOf(page.MFADevices, (one) => one.SerialNumber)};
    },
  },
  remove: [
    {
      operation: 'DeactivateMFADevice',
      run: (iam, UserName, SerialNumber, passed) => iam.deactivateMFADevice({UserName, SerialNumber}, passed),
    },
    {
      operation: 'DeleteVirtualMFADevice',
      // A device that can be held in a hand has no ARN, and nothing of it is left at IAM.
      run: (iam, _name, SerialNumber, passed) =>
        SerialNumber.startsWith('arn:') && SerialNumber.includes(':mfa/')
          ? iam.deleteVirtualMFADevice({SerialNumber}, passed)
          : Promise.resolve(),
    },
  ],
};

export const memberships: Holding = {
  list: {
    operation: 'ListGroupsForUser',
    run: async (iam, UserName, at, passed) => {
      const page = await iam.listGroupsForUser({UserName, ...at}, passed);
      return {...page, held: namesOf(page.Groups, (one) => one.GroupName)};
    },
  },
  remove: [
    {
      operation: 'RemoveUserFromGroup',
      run: (iam, UserName, GroupName, passed) => iam.removeUserFromGroup({UserName, GroupName}, passed),
    },
  ],
};

const isDenyAll = (arn: string): boolean => arn === denyAllOf({Arn: arn});

const attached = (isWanted: (arn: string) => boolean): Holding => ({
  list: {
    operation: 'ListAttachedUserPolicies',
    run: async (iam, UserName, at, passed) => {
      const page = await iam.listAttachedUserPolicies({UserName, ...at}, passed);
      const rows = namesOf(page.AttachedPolicies, (one) => one.PolicyArn);
      return {...page, held: rows.filter(({id}) => isWanted(id))};
    },
  },
  remove: [
    {
      operation: 'DetachUserPolicy',
      run: (iam, UserName, PolicyArn, passed) => iam.detachUserPolicy({UserName, PolicyArn}, passed),
    },
  ],
});

const inline = (isWanted: (name: string) => boolean): Holding => ({
  list: {
    operation: 'ListUserPolicies',
    run: async (iam, UserName, at, passed) => {
      const page = await iam.listUserPolicies({UserName, ...at}, passed);
      return {...page, held: namesOf(page.PolicyNames, (name) => name).filter(({id}) => isWanted(id))};
    },
  },
  remove: [
    {
      operation: 'DeleteUserPolicy',
      run: (iam, UserName, PolicyName, passed) => iam.deleteUserPolicy({UserName, PolicyName}, passed),
    },
  ],
});

/** All but those that shut the account: they go last. */
export const attachedPolicies = attached((arn) => !isDenyAll(arn));
export const inlinePolicies = inline((name) => name !== DENY);
export const attachedDeny = attached(isDenyAll);
export const everyInlinePolicy = inline(() => true);
