import {done, noSuch, refuse, type Reply} from './answers.ts';
import type {Store} from './store.ts';

export interface StoredPolicy {
  /** Documents by number, as given. */
  versions: Map<number, string>;
  inForce: number;
  newest: number;
  attachments: number;
}

export const newPolicy = (document: string): StoredPolicy => ({
  versions: new Map([[1, document]]),
  inForce: 1,
  newest: 1,
  attachments: 1,
});

/** Every action that is about customer managed policies; nothing for another. */
export function policyAction(store: Store, action: string, params: URLSearchParams): Reply | undefined {
  if (!/^(Get|List|Create|Delete)Policy/.test(action)) return undefined;
  const arn = params.get('PolicyArn') ?? '';
  const policy = store.policies.get(arn);
  if (!policy) return noSuch(`policy ${arn}`);
  const version = Number(params.get('VersionId')?.slice(1));
  const rowOf = (number: number) => ({
    VersionId: `v${number}`,
    IsDefaultVersion: number === policy.inForce,
    CreateDate: '2026-01-05T08:00:00Z',
  });
  switch (action) {
    case 'GetPolicy':
      return done({
        Policy: {Arn: arn, DefaultVersionId: `v${policy.inForce}`, AttachmentCount: policy.attachments},
      });
    case 'ListPolicyVersions':
      return done({Versions: [...policy.versions.keys()].reverse().map(rowOf), IsTruncated: false});
    case 'GetPolicyVersion': {
      const document = policy.versions.get(version);
      if (document === undefined) return noSuch(`policy version ${version}`);
      return done({PolicyVersion: {...rowOf(version), Document: encodeURIComponent(document)}});
    }
    case 'CreatePolicyVersion':
      return create(policy, params.get('PolicyDocument') ?? '', params.get('SetAsDefault') === 'true');
    case 'DeletePolicyVersion':
      if (version === policy.inForce)
        return refuse(409, 'DeleteConflict', 'Cannot delete the default version of a policy.');
      return policy.versions.delete(version) ? done() : noSuch(`policy version ${version}`);
  }
  return undefined;
}

function create(policy: StoredPolicy, document: string, isDefault: boolean): Reply {
  if (policy.versions.size >= 5)
    return refuse(409, 'LimitExceeded', 'A managed policy can have up to 5 versions.');
  if (document.replace(/\s/g, '').length > 6144)
    return refuse(409, 'LimitExceeded', 'Cannot exceed quota for PolicySize: 6144');
  policy.newest += 1;
  policy.versions.set(policy.newest, document);
  if (isDefault) policy.inForce = policy.newest;
  return done({PolicyVersion: {VersionId: `v${policy.newest}`, IsDefaultVersion: isDefault}});
}
