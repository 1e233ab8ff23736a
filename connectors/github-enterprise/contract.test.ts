import {expect, test} from '@jest/globals';
import {describeConnector, type ContractTarget, type ServiceError} from '../testing/contract.ts';
import {startGithub} from '../github/testing/start.ts';
import {newNumber} from '../github/testing/store.ts';
import type {Rules} from '../github/testing/world.ts';
import {githubEnterprise} from './index.ts';
import {configSchema} from './manifest.ts';

const faults: string[] = [];

const said = (message: string, more: object = {}): string =>
  JSON.stringify({message, documentation_url: 'https://docs.github.com/rest', ...more});
const scimError = (status: number, scimType: string): string =>
  JSON.stringify({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status,
    scimType,
    detail: 'in words',
  });

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api and the document's ScimError. */
const errors: ServiceError[] = [
  {answer: {status: 400, text: scimError(400, 'invalidValue')}, failure: {kind: 'rejected', status: 400}},
  {answer: {status: 401, text: said('Bad credentials')}, failure: {kind: 'unauthorized', status: 401}},
  {
    answer: {status: 403, text: said('Resource not accessible by integration')},
    failure: {kind: 'unauthorized', status: 403},
  },
  {
    answer: {
      status: 403,
      text: said('You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'),
      headers: {'retry-after': '60'},
    },
    failure: {kind: 'throttled', retryAfterMs: 60_000},
  },
  {
    answer: {status: 422, text: said('Validation Failed', {errors: [{code: 'invalid', field: 'name'}]})},
    failure: {kind: 'rejected', status: 422},
  },
  {answer: {status: 502, text: '<html>Unicorn!</html>'}, failure: {kind: 'unavailable', status: 502}},
];

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
