import {expect, test} from '@jest/globals';
import {checkedAt} from '../github/testing/checked.ts';
import {options, scripted, token, value, type Rig} from '../github/testing/rig.ts';
import {newTeam} from '../github/testing/teams.ts';
import {githubEnterprise} from './index.ts';

const link = {group: 'Engineering', organization: 'acme-dev', team: 'builders'};

const checked = checkedAt(githubEnterprise, {enterprise: 'acme-inc'});

test('says as whom, with all that is configured', async () => {
  const report = value(
    await checked(
      ({double: {store}}) => {
        const organization = store.organizations[1];
        if (organization) newTeam(organization, 'builders');
      },
      {organizations: ['acme'], teams: [link]},
    ),
  );
  expect(report.summary).toMatch(/answers as GitHub for the enterprise acme-inc, with a token$/);
  expect(report.credentialExpiresAt).toBeUndefined();
  expect(report.warnings).toEqual([]);
});

test('the least scope is enough where credentials are kept', async () => {
  const report = await checked(({double}) => double.credentials.tokens.set(token, ['scim:enterprise']), {
    credentials: 'keep',
  });
  expect(report.ok).toBe(true);
});

test.each<[string, (rig: Rig) => unknown, object, RegExp]>([
  [
    'a token without the scope',
    ({double}) => double.credentials.tokens.set(token, ['repo']),
    {},
    /scim:enterprise/,
  ],
  [
    'a token that may not end credentials',
    ({double}) => double.credentials.tokens.set(token, ['scim:enterprise']),
    {},
    /lacks the scope admin:enterprise/,
  ],
  ['another enterprise', (rig) => rig.configure({enterprise: 'nowhere'}), {}, /no SCIM of the enterprise/],
  [
    'an organization that it may not read',
    () => undefined,
    {organizations: ['nowhere']},
    /authorizations of nowhere/,
  ],
  ['a team that is not there', () => undefined, {teams: [link]}, /no team builders of acme-dev: make it/],
])('%s: says what to do', async (_name, prepare, settings, message) => {
  expect(await checked(prepare, settings)).toMatchObject({
    ok: false,
    failure: {message: expect.stringMatching(message)},
  });
});

test('one that is no enterprise owner is told so', async () => {
  const {port} = scripted(githubEnterprise, {enterprise: 'acme-inc'}, ({url}) =>
    url.pathname === '/graphql'
      ? [200, {data: {enterprise: {ownerInfo: null}}}]
      : [200, {Resources: []}, {'x-github-request-id': '1'}],
  );
  expect(await port.check(options.signal)).toMatchObject({
    failure: {kind: 'unauthorized', message: expect.stringContaining('enterprise owner')},
  });
});
