import {startScimServer} from '../../test/doubles/start.ts';
import type {Temper} from '../../test/doubles/store.ts';
import {describeConnector, type ContractTarget, type ServiceError} from '../testing/contract.ts';
import {contractUser} from '../testing/people.ts';
import {ENTERPRISE} from '../../src/core/resource.ts';
import {scim} from './index.ts';
import {configSchema, manifest} from './manifest.ts';

const said = (status: string, more: object): string =>
  JSON.stringify({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status,
    detail: 'in words',
    ...more,
  });

/** RFC 7644 section 3.12, and what services say in its place. */
const errors: ServiceError[] = [
  {
    answer: {status: 400, text: said('400', {scimType: 'invalidValue'})},
    failure: {kind: 'rejected', cause: '400 invalidValue'},
  },
  {
    answer: {status: 400, text: said('400', {scimType: 'mutability'})},
    failure: {kind: 'rejected', cause: '400 mutability'},
  },
  {
    answer: {status: 400, text: '{"code":"INVALID_FILTER"}'},
    failure: {kind: 'rejected', cause: '400 INVALID_FILTER'},
  },
  {answer: {status: 401, text: said('401', {})}, failure: {kind: 'unauthorized', status: 401}},
  {answer: {status: 412, text: said('412', {})}, failure: {kind: 'rejected', status: 412}},
  {answer: {status: 500, text: '<html>'}, failure: {kind: 'transient', cause: '500 not JSON'}},
];

async function makeTarget(temper: Temper): Promise<ContractTarget> {
  const token = `contract-${crypto.randomUUID()}`;
  const server = await startScimServer(temper, token);
  const config = configSchema.parse({baseUrl: `${server.url}/`, auth: {bearer: token}});
  return {
    connect: (context) => scim.create({...context, target: 'contract', config: () => config}),
    secrets: [token],
    leaves: manifest.cutOff?.leaves,
    user: (key) => ({
      ...contractUser(key),
      [`${ENTERPRISE}:department`]: 'Engineering',
    }),
    group: (key) => ({displayName: `group ${key}`, externalId: `group-${key}`}),
    async left(id) {
      const {users} = await server.state();
      return users
        .filter((user) => user['id'] === id && user['active'] !== false)
        .map(() => 'an active account');
    },
    async received() {
      const {requests} = await server.state();
      return Object.values(requests).reduce((sum, count) => sum + count, 0);
    },
    errors,
    close: () => server.stop(),
  };
}

for (const temper of ['strict', 'sloppy'] as const)
  describeConnector(`scim at a ${temper} server`, () => makeTarget(temper));
