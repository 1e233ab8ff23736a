import {expect, test} from '@jest/globals';
import {describeConnector, type ContractTarget} from '../testing/contract.ts';
import {startGithub} from '../github/testing/start.ts';
import {newNumber} from '../github/testing/store.ts';
import type {Rules} from '../github/testing/world.ts';
import {githubEnterprise} from './index.ts';
import {configSchema} from './manifest.ts';

const faults: string[] = [];

async function makeTarget(settings: object, rules: Partial<Rules>): Promise<ContractTarget> {
  const token = `ghp_contract-${crypto.randomUUID()}`;
  const double = await startGithub({pageSize: 3, ...rules});
  double.credentials.tokens.set(token, ['admin:org', 'scim:enterprise', 'admin:enterprise']);
  const config = configSchema.parse({
    enterprise: 'acme-inc',
    apiUrl: double.url,
    auth: {token},
    ...settings,
  });
  const {enterprise, organizations} = double.store;
  return {
    connect: (context) => githubEnterprise.create({...context, target: 'contract', config: () => config}),
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
    }),
    group: (key) => ({displayName: `group ${key}`, externalId: `group-${key}`}),
    use(id) {
      const login = enterprise.identities.get(id)?.login ?? '';
      enterprise.withCredentials.add(login.toLowerCase());
      organizations[1]?.authorizations.push({credential_id: newNumber(), login, credential_type: 'SSH key'});
    },
    close: async () => {
      faults.push(...double.faults);
      await double.close();
    },
  };
}

describeConnector('github-enterprise', () => makeTarget({organizations: ['acme-dev']}, {}));
describeConnector('github-enterprise that answers the removal of who is not in with noTarget', () =>
  makeTarget({credentials: 'keep', sendRoles: true}, {absentMembers: 'noTarget'}),
);

test('every request is one of the published document', () => {
  expect(faults).toEqual([]);
});
