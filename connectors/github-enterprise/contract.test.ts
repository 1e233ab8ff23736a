import {expect, test} from '@jest/globals';
import {errors} from '../github/testing/refused.ts';
import {startGithub} from '../github/testing/start.ts';
import {newNumber} from '../github/testing/store.ts';
import type {Rules} from '../github/testing/world.ts';
import {describeConnector, type ContractTarget} from '../testing/contract.ts';
import {contractUser} from '../testing/people.ts';
import {githubEnterprise} from './index.ts';
import {configSchema, manifest} from './manifest.ts';

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
  const authorizations = new Map<string, number>();
  return {
    connect: (context) => githubEnterprise.create({...context, target: 'contract', config: () => config}),
    secrets: [token],
    leaves: manifest.cutOff?.leaves,
    user: contractUser,
    group: (key) => ({displayName: `group ${key}`, externalId: `group-${key}`}),
    use(id) {
      const login = enterprise.identities.get(id)?.login ?? '';
      enterprise.withCredentials.add(login.toLowerCase());
      const credential = newNumber();
      authorizations.set(id, credential);
      organizations[1]?.authorizations.push({
        credential_id: credential,
        credential_type: 'SSH key',
        // A suspended account has another login, and so has what it is authorized for.
        get login() {
          return enterprise.identities.get(id)?.login ?? '';
        },
      });
    },
    left(id) {
      const identity = enterprise.identities.get(id);
      const credential = authorizations.get(id);
      const isTheirs = (row: {credential_id: number}): boolean => row.credential_id === credential;
      const isOpen = identity && identity.resource['active'] !== false;
      const isKept = config.credentials === 'keep' || !identity;
      return [
        ...(isOpen ? ['an account'] : []),
        ...(!isKept && organizations[1]?.authorizations.some(isTheirs) ? ['an authorization'] : []),
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

describeConnector('github-enterprise', () => makeTarget({organizations: ['acme-dev']}, {}));
describeConnector('github-enterprise that answers the removal of who is not in with noTarget', () =>
  makeTarget({credentials: 'keep', sendRoles: true}, {absentMembers: 'noTarget'}),
);

test('every request is one of the published document', () => {
  expect(faults).toEqual([]);
});
