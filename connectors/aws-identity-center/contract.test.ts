import {ENTERPRISE} from '../../src/core/resource.ts';
import {newPolicy} from '../aws-iam/testing/policies.ts';
import {useCredential} from '../aws-iam/testing/rig.ts';
import {startIam} from '../aws-iam/testing/start.ts';
import {describeConnector, type ContractTarget, type ServiceError} from '../testing/contract.ts';
import {contractUser} from '../testing/people.ts';
import {fromDocument, toDocument} from './deny-document.ts';
import {awsIdentityCenter} from './index.ts';
import {configSchema, manifest} from './manifest.ts';
import {startIdentityCenter} from './testing/start.ts';
import {refusal, type Store} from './testing/store.ts';

const said = (status: number): string => JSON.stringify(refusal(status, 'in words').body);

const errors: ServiceError[] = [
  {answer: {status: 400, text: said(400)}, failure: {kind: 'rejected', status: 400}},
  {answer: {status: 401, text: said(401)}, failure: {kind: 'unauthorized', status: 401}},
  {answer: {status: 403, text: said(403)}, failure: {kind: 'unauthorized', status: 403}},
  {answer: {status: 429, text: said(429)}, failure: {kind: 'throttled', status: 429}},
  {answer: {status: 500, text: said(500)}, failure: {kind: 'transient', status: 500}},
];

async function makeTarget(rules: Partial<Store>, denyPolicies: object[] = []): Promise<ContractTarget> {
  const token = `contract-${crypto.randomUUID()}`;
  const double = await startIdentityCenter(token, {pageSize: 3, ...rules});
  const config = configSchema.parse({
    endpoint: double.url,
    token: ['of-the-slot-before', token],
    denyPolicies,
  });
  return {
    connect: (context) => awsIdentityCenter.create({...context, target: 'contract', config: () => config}),
    secrets: [token],
    leaves: manifest.cutOff?.leaves,
    user: (key) => ({
      ...contractUser(key),
      emails: [
        {value: `private.${key}@example.com`, type: 'home'},
        {value: `user.${key}@example.com`, type: 'work', primary: true, display: 'User'},
      ],
      phoneNumbers: [{value: '+31 20 555 0100', type: 'mobile'}],
      roles: [{value: 'engineer'}],
      [`${ENTERPRISE}:department`]: 'Engineering',
    }),
    group: (key) => ({displayName: `group ${key}`, externalId: `group-${key}`}),
    left: (id) => {
      const user = double.store.users.get(id);
      return user && user.body['active'] !== false ? ['an active account'] : [];
    },
    received: () => double.asked.length,
    errors,
    close: () => double.close(),
  };
}

describeConnector('aws-identity-center', () => makeTarget({}));
describeConnector('aws-identity-center that pages by index and refuses what changes nothing', () =>
  makeTarget({paging: 'index', refusesNoChange: true}),
);

/** As the default chain finds it. */
useCredential('AKIACONTRACT');

/** The same, where a policy in an account denies leavers what their role sessions still could do. */
async function makeDenying(): Promise<ContractTarget> {
  const policyArn = 'arn:aws:iam::123456789012:policy/avro-scim-denied';
  const iam = await startIam('AKIACONTRACT');
  const policy = newPolicy(toDocument({denied: new Map()}));
  iam.store.policies.set(policyArn, policy);
  const center = await makeTarget({}, [{policyArn, endpoint: iam.url}]);
  const denied = () => fromDocument(policy.versions.get(policy.inForce) ?? '')?.denied;
  return {
    ...center,
    secrets: [...center.secrets, process.env['AWS_SECRET_ACCESS_KEY'] ?? ''],
    left: async (id) => [
      ...((await center.left?.(id)) ?? []),
      ...(denied()?.has(id) ? [] : ['role sessions']),
    ],
    isBeside: ({url}) => url.origin === iam.url,
    received: async () => ((await center.received?.()) ?? 0) + iam.store.requests,
    async close() {
      await iam.close();
      await center.close();
    },
  };
}

describeConnector('aws-identity-center with a deny policy', makeDenying);
