import {startScimServer} from '../../test/doubles/start.ts';
import type {Temper} from '../../test/doubles/store.ts';
import {describeConnector, type ContractTarget} from '../testing/contract.ts';
import {ENTERPRISE} from '../../src/core/resource.ts';
import {scim} from './index.ts';
import {configSchema} from './manifest.ts';

async function makeTarget(temper: Temper): Promise<ContractTarget> {
  const token = `contract-${crypto.randomUUID()}`;
  const server = await startScimServer(temper, token);
  const config = configSchema.parse({baseUrl: `${server.url}/`, auth: {bearer: token}});
  return {
    connect: (context) => scim.create({...context, target: 'contract', config: () => config}),
    secrets: [token],
    user: (key) => ({
      userName: `user.${key}@example.com`,
      externalId: `subject-${key}`,
      active: true,
      displayName: `User ${key}`,
      title: null,
      name: {givenName: 'User', familyName: key, middleName: null},
      emails: [{value: `user.${key}@example.com`, type: 'work', primary: true}],
      phoneNumbers: [],
      [`${ENTERPRISE}:department`]: 'Engineering',
    }),
    group: (key) => ({displayName: `group ${key}`, externalId: `group-${key}`}),
    close: () => server.stop(),
  };
}

for (const temper of ['strict', 'sloppy'] as const)
  describeConnector(`scim at a ${temper} server`, () => makeTarget(temper));
