import {done, noSuch, paged, type Reply} from './answers.ts';
import type {Store, StoredUser} from './store.ts';

/** Credentials that have an id and a status: by the end of their actions' names. */
const kinds = {
  AccessKey: {of: 'keys', list: 'AccessKeyMetadata', id: 'AccessKeyId', plural: 'AccessKeys'},
  ServiceSpecificCredential: {
    of: 'services',
    list: 'ServiceSpecificCredentials',
    id: 'ServiceSpecificCredentialId',
    plural: 'ServiceSpecificCredentials',
  },
  SigningCertificate: {
    of: 'certificates',
    list: 'Certificates',
    id: 'CertificateId',
    plural: 'SigningCertificates',
  },
  SSHPublicKey: {of: 'ssh', list: 'SSHPublicKeys', id: 'SSHPublicKeyId', plural: 'SSHPublicKeys'},
} as const;

/** List, Update and Delete of one kind; nothing when the action is none of these. */
export function credential(
  store: Store,
  user: StoredUser,
  action: string,
  params: URLSearchParams,
): Reply | undefined {
  for (const [name, {of, list, id, plural}] of Object.entries(kinds)) {
    const held = user[of];
    const given = params.get(id) ?? '';
    switch (action) {
      case `List${plural}`: {
        const rows = [...held].map(([one, Status]) => ({UserName: user.name, [id]: one, Status}));
        return paged(list, rows, params, store.pageSize);
      }
      case `Update${name}`:
        if (!held.has(given)) return noSuch(name);
        held.set(given, params.get('Status') ?? '');
        return done();
      case `Delete${name}`:
        return held.delete(given) ? done() : noSuch(name);
    }
  }
  return undefined;
}

/** MFA: deactivated at the user, then deleted by itself. */
export function device(
  store: Store,
  user: StoredUser,
  action: string,
  params: URLSearchParams,
): Reply | undefined {
  const serial = params.get('SerialNumber') ?? '';
  switch (action) {
    case 'ListMFADevices': {
      const rows = [...user.mfa].map((SerialNumber) => ({UserName: user.name, SerialNumber}));
      return paged('MFADevices', rows, params, store.pageSize);
    }
    case 'DeactivateMFADevice':
      return user.mfa.delete(serial) ? done() : noSuch('MFA device');
    case 'GetLoginProfile':
      return user.hasPassword ? done({LoginProfile: {UserName: user.name}}) : noSuch('Login Profile');
    case 'DeleteLoginProfile':
      if (!user.hasPassword) return noSuch('Login Profile');
      user.hasPassword = false;
      return done();
  }
  return undefined;
}
