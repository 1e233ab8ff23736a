import {expect, test} from '@jest/globals';
import {checkedAt} from '../github/testing/checked.ts';
import {options, scopes, scripted, token, value, withApp, type Rig} from '../github/testing/rig.ts';
import {githubOrganization} from './index.ts';

const checked = checkedAt(githubOrganization, {organization: 'acme'});

test('says as whom, and until when', async () => {
  const report = value(
    await checked(async (rig) => {
      rig.configure({auth: {token, app: await withApp(rig.double)}});
      rig.double.credentials.expires = '2030-12-01 10:00:00 UTC';
    }),
  );
  expect(report.summary).toMatch(
    /^127\.0\.0\.1:\d+ answers as GitHub for acme, as the App Iv1\.contract and with a token$/,
  );
  expect(report.credentialExpiresAt).toBe(Date.parse('2030-12-01T10:00:00Z'));
  expect(report.warnings).toEqual([]);
});

test.each<[Record<string, string>, RegExp]>([
  [{members: 'read'}, /may not write Members: set it to read and write/],
  [{members: 'read', organization_administration: 'read'}, /may not write Members, Administration: /],
])('an App that was let do no more than %j', async (less, message) => {
  const result = await checked(async (rig) => {
    rig.configure({auth: {token, app: await withApp(rig.double)}});
    Object.assign(rig.double.credentials.permissions, less);
  });
  expect(result).toMatchObject({
    ok: false,
    failure: {kind: 'unauthorized', cause: 'permission missing', message: expect.stringMatching(message)},
  });
});

test('warns of a token that ends soon, and of what only an App can end', async () => {
  const report = value(
    await checked((rig) => {
      rig.clock.now = Date.parse('2026-06-01T00:00:00Z');
      rig.double.credentials.expires = '2026-06-08 10:00:00 UTC';
    }),
  );
  expect(report.warnings).toEqual([
    expect.stringContaining('2026-06-08'),
    expect.stringContaining('fine-grained'),
  ]);
});

test.each<[string, (rig: Rig) => unknown, RegExp]>([
  [
    'no single sign-on',
    ({double}) => double.store.organizations.forEach((one) => (one.hasSaml = false)),
    /SAML single/,
  ],
  [
    'a token without its scope',
    ({double}) => double.credentials.tokens.set(token, ['read:org']),
    /admin:org/,
  ],
  ['a token that was revoked', ({double}) => double.credentials.tokens.clear(), /revoked/],
  ['another organization', (rig) => rig.configure({organization: 'nowhere'}), /no SCIM of the organization/],
])('%s: says what to do', async (_name, prepare, message) => {
  expect(await checked(prepare)).toMatchObject({
    ok: false,
    failure: {message: expect.stringMatching(message)},
  });
});

test.each<[string, string, RegExp]>([
  ['teams', '/orgs/acme/teams', /Members \(read and write\)/],
  ['authorizations', '/orgs/acme/credential-authorizations', /Administration \(read and write\)/],
])('an App that may not read %s: names the permission', async (_name, path, message) => {
  const {port} = scripted(githubOrganization, {organization: 'acme'}, ({url}) => {
    if (url.pathname === path) return [403, {message: 'Resource not accessible by integration'}];
    if (url.pathname === '/graphql') {
      const saml = {externalIdentities: {nodes: [], pageInfo: {hasNextPage: false}}};
      return [200, {data: {organization: {samlIdentityProvider: saml}}}];
    }
    const headers = {'x-github-request-id': '1'};
    return url.pathname.startsWith('/scim/') ? [200, {Resources: []}, headers] : [200, [], headers];
  });
  expect(await port.check(options.signal)).toMatchObject({
    failure: {kind: 'unauthorized', message: expect.stringMatching(message)},
  });
});

test('a scope that lets it only read is named', async () => {
  expect(scopes).toContain('admin:org');
  const headers = {'x-github-request-id': '1', 'x-oauth-scopes': 'repo, read:org'};
  const {port} = scripted(githubOrganization, {organization: 'acme'}, () => [200, {Resources: []}, headers]);
  expect(await port.check(options.signal)).toMatchObject({
    failure: {kind: 'unauthorized', cause: 'scope missing'},
  });
});

test.each<[string, number, object | string]>([
  ['another SCIM service', 200, {schemas: [], Resources: []}],
  ['another API', 401, {errorCode: 'E0000011'}],
  ['a page', 200, '<html>'],
])("another vendor's service (%s) is no GitHub", async (_name, status, body) => {
  const {port} = scripted(githubOrganization, {organization: 'acme'}, () => [status, body]);
  expect(await port.check(options.signal)).toMatchObject({
    failure: {cause: expect.stringMatching(/not GitHub$/), message: expect.stringContaining('apiUrl')},
  });
});

test('a clock that is off, and a credential in the clear', async () => {
  const settings = {organization: 'acme', apiUrl: 'http://api.acme.example'};
  const made = scripted(githubOrganization, settings, ({url}) => {
    const headers = {'x-github-request-id': '1', date: new Date(made.clock.now - 300_000).toUTCString()};
    if (url.pathname === '/graphql') {
      const saml = {externalIdentities: {nodes: [], pageInfo: {hasNextPage: false}}};
      return [200, {data: {organization: {samlIdentityProvider: saml}}}];
    }
    return url.pathname.startsWith('/scim/') ? [200, {Resources: []}, headers] : [200, []];
  });
  expect(value(await made.port.check(options.signal)).warnings).toEqual([
    expect.stringContaining('300 s ahead'),
    expect.stringContaining('in the clear'),
    expect.stringContaining('fine-grained'),
  ]);
});
