import {expect, test} from '@jest/globals';
import {ENTERPRISE} from '../../src/core/resource.ts';
import {describeConnector, type ContractTarget} from '../testing/contract.ts';
import {okta} from './index.ts';
import {configSchema} from './manifest.ts';
import type {OrgRules} from './testing/operations.ts';
import {startOkta} from './testing/start.ts';

const faults: string[] = [];

async function makeTarget(settings: object, rules: Partial<OrgRules>): Promise<ContractTarget> {
  const token = `00contract-${crypto.randomUUID()}`;
  const double = await startOkta(token, {pageSize: 3, ...rules});
  // What was just written is not found by search yet, as at Okta.
  double.rules.store.searchLag = 4;
  const config = configSchema.parse({orgUrl: double.url, auth: {apiToken: token}, ...settings});
  return {
    connect: (context) => okta.create({...context, target: 'contract', config: () => config}),
    secrets: [token],
    user: (key) => ({
      userName: `user.${key}@example.com`,
      externalId: `subject-${key}`,
      active: true,
      displayName: `User ${key}`,
      title: null,
      name: {givenName: 'User', familyName: key, middleName: null},
      emails: [{value: `user.${key}@example.com`, type: 'work', primary: true}],
      phoneNumbers: [{value: '+31 20 555 0100', type: 'mobile'}],
      [`${ENTERPRISE}:department`]: 'Engineering',
    }),
    group: (key) => ({displayName: `group ${key}`, externalId: `group-${key}`}),
    use: (id) => double.signIn(id),
    close: async () => {
      faults.push(...double.faults);
      await double.close();
    },
  };
}

describeConnector('okta', () => makeTarget({}, {}));
describeConnector('okta that suspends, activates silently and knows groups by externalId', () =>
  makeTarget(
    {deactivation: 'suspend', activation: 'silent', groupExternalIdAttribute: 'externalId'},
    {activatesTo: 'ACTIVE'},
  ),
);

test('every request is one of the published document, and so is every answer of the double', () => {
  expect(faults).toEqual([]);
});
