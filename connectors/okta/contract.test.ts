import {expect, test} from '@jest/globals';
import {ENTERPRISE} from '../../src/core/resource.ts';
import {describeConnector, type ContractTarget, type ServiceError} from '../testing/contract.ts';
import {contractUser} from '../testing/people.ts';
import {okta} from './index.ts';
import {configSchema, manifest} from './manifest.ts';
import type {OrgRules} from './testing/operations.ts';
import {startOkta} from './testing/start.ts';

const faults: string[] = [];

const said = (code: string, ...causes: string[]): string =>
  JSON.stringify({
    errorCode: code,
    errorSummary: 'Api validation failed',
    errorLink: code,
    errorId: 'oaeX5Gr8',
    errorCauses: causes.map((errorSummary) => ({errorSummary})),
  });

/** https://developer.okta.com/docs/reference/error-codes/ */
const errors: ServiceError[] = [
  {
    answer: {status: 400, text: said('E0000001', 'displayName: The field is too long')},
    failure: {kind: 'rejected', cause: '400 E0000001 displayName'},
  },
  {answer: {status: 401, text: said('E0000011')}, failure: {kind: 'unauthorized', cause: '401 E0000011'}},
  {answer: {status: 403, text: said('E0000006')}, failure: {kind: 'unauthorized', cause: '403 E0000006'}},
  {answer: {status: 403, text: said('E0000038')}, failure: {kind: 'rejected', cause: '403 E0000038'}},
  {answer: {status: 409, text: said('E0000112')}, failure: {kind: 'transient', cause: '409 E0000112'}},
  {
    answer: {status: 429, text: said('E0000047'), headers: {'x-rate-limit-limit': '0'}},
    failure: {kind: 'throttled', cause: '429 E0000047', retryAfterMs: 1000},
  },
  {
    answer: {status: 500, text: said('E0000009')},
    failure: {kind: 'transient', cause: '500 E0000009', maybeDone: true},
  },
];

async function makeTarget(settings: object, rules: Partial<OrgRules>): Promise<ContractTarget> {
  const token = `00contract-${crypto.randomUUID()}`;
  const double = await startOkta(token, {pageSize: 3, ...rules});
  // What was just written is not found by search yet, as at Okta.
  double.rules.store.searchLag = 4;
  const config = configSchema.parse({orgUrl: double.url, auth: {apiToken: token}, ...settings});
  return {
    connect: (context) => okta.create({...context, target: 'contract', config: () => config}),
    secrets: [token],
    leaves: manifest.cutOff?.leaves,
    user: (key) => ({
      ...contractUser(key),
      phoneNumbers: [{value: '+31 20 555 0100', type: 'mobile'}],
      [`${ENTERPRISE}:department`]: 'Engineering',
    }),
    group: (key) => ({displayName: `group ${key}`, externalId: `group-${key}`}),
    use: (id) => double.signIn(id),
    left(id) {
      const user = double.rules.store.users.get(id);
      if (!user) return [];
      const isOpen = !['SUSPENDED', 'DEPROVISIONED'].includes(user.status);
      const sessions = user.sessions > 0 ? ['a session'] : [];
      return [...(isOpen ? [user.status] : []), ...sessions, ...user.grants, ...user.refreshTokens];
    },
    received: () => double.rules.store.requests,
    errors,
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
describeConnector('okta that refuses what is asked of a deactivated account', () =>
  makeTarget({}, {refusesAccessIn: ['DEPROVISIONED']}),
);

test('every request is one of the published document, and so is every answer of the double', () => {
  expect(faults).toEqual([]);
});
