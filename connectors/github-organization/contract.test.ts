import {expect, test} from '@jest/globals';
import {withApp} from '../github/testing/rig.ts';
import {errors} from '../github/testing/refused.ts';
import {startGithub} from '../github/testing/start.ts';
import {newNumber} from '../github/testing/store.ts';
import {describeConnector, type ContractTarget} from '../testing/contract.ts';
import {contractUser} from '../testing/people.ts';
import {githubOrganization} from './index.ts';
import {configSchema, manifest} from './manifest.ts';

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
  const logins = new Map<string, string>();
  return {
    connect: (context) => githubOrganization.create({...context, target: 'contract', config: () => config}),
    secrets: [token, ...(app ? [app.privateKey.slice(40, 80), 'ghs_'] : [])],
    leaves: manifest.cutOff?.leaves,
    user: contractUser,
    group: (key) => ({displayName: `group ${key}`, externalId: `group-${key}`}),
    use(id) {
      const login = acme?.identities.get(id)?.login ?? '';
      logins.set(id, login);
      acme?.authorizations.push({credential_id: newNumber(), login, credential_type: 'SSH key'});
      acme?.personalTokens.push({id: newNumber(), login});
    },
    left(id) {
      const login = logins.get(id) ?? '';
      const isTheirs = (row: {login: string}): boolean => row.login === login;
      return [
        ...(acme?.members.has(login.toLowerCase()) ? ['membership'] : []),
        ...(acme?.authorizations.some(isTheirs) ? ['an authorization'] : []),
        // Without an App nobody can revoke those, and the receipt says so.
        ...(hasApp && acme?.personalTokens.some(isTheirs) ? ['a token'] : []),
      ];
    },
    received: () => 100_000 - double.left,
    errors,
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
