import {expect, test} from '@jest/globals';
import {describeConnector, type ContractTarget} from '../testing/contract.ts';
import {withApp} from '../github/testing/rig.ts';
import {startGithub} from '../github/testing/start.ts';
import {newNumber} from '../github/testing/store.ts';
import {githubOrganization} from './index.ts';
import {configSchema} from './manifest.ts';

const faults: string[] = [];

async function makeTarget(hasApp: boolean): Promise<ContractTarget> {
  const token = `ghp_contract-${crypto.randomUUID()}`;
  const double = await startGithub({pageSize: 3});
  double.credentials.tokens.set(token, ['admin:org']);
  const app = hasApp ? await withApp(double) : undefined;
  const config = configSchema.parse({
    organization: 'acme',
    apiUrl: double.url,
    auth: {token, ...(app ? {app} : {})},
  });
  const [acme] = double.store.organizations;
  return {
    connect: (context) => githubOrganization.create({...context, target: 'contract', config: () => config}),
    secrets: [token, ...(app ? [app.privateKey.slice(40, 80), 'ghs_'] : [])],
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
      const login = acme?.identities.get(id)?.login ?? '';
      acme?.authorizations.push({credential_id: newNumber(), login, credential_type: 'SSH key'});
      acme?.personalTokens.push({id: newNumber(), login});
    },
    close: async () => {
      faults.push(...double.faults);
      await double.close();
    },
  };
}

describeConnector('github-organization with a token', () => makeTarget(false));
describeConnector('github-organization with a token for SCIM and an App', () => makeTarget(true));

test('every request is one of the published document', () => {
  expect(faults).toEqual([]);
});
