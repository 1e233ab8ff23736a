import {ENTERPRISE} from '../../src/core/resource.ts';
import {describeConnector, type ContractTarget, type ServiceError} from '../testing/contract.ts';
import {contractUser} from '../testing/people.ts';
import {awsIdentityCenter} from './index.ts';
import {configSchema} from './manifest.ts';
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

async function makeTarget(rules: Partial<Store>): Promise<ContractTarget> {
  const token = `contract-${crypto.randomUUID()}`;
  const double = await startIdentityCenter(token, {pageSize: 3, ...rules});
  const config = configSchema.parse({endpoint: double.url, token: ['of-the-slot-before', token]});
  return {
    connect: (context) => awsIdentityCenter.create({...context, target: 'contract', config: () => config}),
    secrets: [token],
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
