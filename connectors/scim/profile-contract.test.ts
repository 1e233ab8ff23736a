import {expect, test} from '@jest/globals';
import {startScimServer} from '../../test/doubles/start.ts';
import {describeConnector, type ContractTarget} from '../testing/contract.ts';
import {contractUser} from '../testing/people.ts';
import {scim} from './index.ts';
import {configSchema, manifest} from './manifest.ts';
import {profileNames} from './profile.ts';
import {startVendor} from './testing/vendor.ts';

/** What a vendor has no way to do, whatever its profile says. */
const limits: Record<string, Pick<ContractTarget, 'isFixed' | 'keepsUsers' | 'hasGroups'>> = {
  canva: {keepsUsers: true},
  gitlab: {isFixed: true, hasGroups: false},
  salesforce: {keepsUsers: true},
  sentry: {isFixed: true},
};

const gitlab = {
  idIsExternal: true,
  deactivationDeletes: true,
  updatesActiveAlone: true,
  hasNoGroups: true,
  capitalized: true,
};

/** Where the vendor keeps to SCIM, a service by others; where its ids are given to it, the double with its rules. */
async function serve(
  profile: string,
  token: string,
): Promise<Pick<ContractTarget, 'left' | 'close'> & {url: string}> {
  if (profile === 'gitlab') {
    const {url, users, ...vendor} = await startVendor(gitlab);
    return {url, left: (id) => (users.has(id) ? ['an account'] : []), close: () => vendor.close()};
  }
  const server = await startScimServer('sloppy', token);
  return {
    url: server.url,
    async left(id) {
      const {users} = await server.state();
      const isIn = users.some((user) => user['id'] === id && user['active'] !== false);
      return isIn ? ['an active account'] : [];
    },
    close: () => server.stop(),
  };
}

async function makeTarget(profile: unknown, more: Partial<ContractTarget> = {}): Promise<ContractTarget> {
  const token = `contract-${crypto.randomUUID()}`;
  const {url, ...service} = await serve(String(profile), token);
  const config = configSchema.parse({baseUrl: url, auth: {bearer: token}, profile});
  return {
    connect: (context) => scim.create({...context, target: 'contract', config: () => config}),
    secrets: [token],
    leaves: manifest.cutOff?.leaves,
    user: contractUser,
    group: (key) => ({displayName: `group ${key}`, externalId: `group-${key}`}),
    ...service,
    ...limits[String(profile)],
    ...more,
  };
}

for (const profile of profileNames) describeConnector(`the profile ${profile}`, () => makeTarget(profile));

describeConnector('a profile that sends no externalId', () =>
  makeTarget({drop: ['externalId']}, {keepsExternalId: false}),
);

test.each(Object.entries(limits))('the manifest says what %s has no way to do', (profile, limit) => {
  const config = configSchema.parse({baseUrl: 'https://x.example', auth: {bearer: 'of-a-test'}, profile});
  expect({
    keepsUsers: manifest.keepsUsers?.(config),
    hasGroups: manifest.hasGroups?.(config),
  }).toEqual({keepsUsers: limit.keepsUsers ?? false, hasGroups: limit.hasGroups ?? true});
});
