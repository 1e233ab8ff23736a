import {expect, test} from '@jest/globals';
import {describeConnector, type ContractTarget, type ServiceError} from '../testing/contract.ts';
import {withApp} from '../github/testing/rig.ts';
import {startGithub} from '../github/testing/start.ts';
import {newNumber} from '../github/testing/store.ts';
import {githubOrganization} from './index.ts';
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
