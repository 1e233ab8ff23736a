import {expect, test} from '@jest/globals';
import {exportPKCS8, generateKeyPair} from 'jose';
import type {OrgRules} from './testing/operations.ts';
import {openRig, options, scripted, value} from './testing/rig.ts';

const newKey = async () => exportPKCS8((await generateKeyPair('RS256', {extractable: true})).privateKey);

async function checked(settings: object, rules: Partial<OrgRules>) {
  const rig = await openRig(settings, rules);
  const result = await rig.port.check(options.signal);
  const {faults} = rig.double;
  await rig.close();
  expect(faults).toEqual([]);
  return result;
}

test('says as whom, and how old the token is', async () => {
  const report = value(await checked({groupExternalIdAttribute: 'externalId'}, {}));
  expect(report.summary).toMatch(/^127\.0\.0\.1:\d+ answers as Okta, with an API token of user 00u\d+$/);
  expect(report.credentialCreatedAt).toBe(Date.parse('2026-01-05T08:00:00Z'));
  expect(report.warnings).toEqual([]);
});

test.each<[string, Partial<OrgRules>]>([
  ['by the schema', {customAttributes: []}],
  ['by a search, where the schema may not be read', {customAttributes: [], mayReadSchema: false}],
])('the attribute for the externalId is missing: says how to add it, %s', async (_name, rules) => {
  expect(await checked({}, rules)).toMatchObject({
    failure: {
      kind: 'rejected',
      cause: 'no user attribute',
      message: expect.stringMatching(/Profile Editor.*externalId$/),
    },
  });
});

test('so for groups, when it is configured', async () => {
  expect(await checked({groupExternalIdAttribute: 'gid'}, {})).toMatchObject({
    failure: {cause: 'no group attribute'},
  });
});

test('an attribute is found by search where the schema may not be read', async () => {
  const report = value(await checked({}, {mayReadSchema: false, mayReadTokens: false}));
  expect(report.credentialCreatedAt).toBeUndefined();
  expect(report.warnings).toEqual([expect.stringContaining('groupExternalIdAttribute')]);
});

test('a token whose account may only read', async () => {
  expect(await checked({}, {ownerRoles: ['READ_ONLY_ADMIN', 'REPORT_ADMIN']})).toMatchObject({
    failure: {
      kind: 'unauthorized',
      cause: 'read-only role',
      message: expect.stringContaining('READ_ONLY_ADMIN'),
    },
  });
});

test('a token whose account may only read, and may not read even its roles', async () => {
  expect(await checked({}, {mayReadRoles: false, mayWrite: false})).toMatchObject({
    failure: {
      kind: 'unauthorized',
      cause: 'read-only role',
      message: expect.stringContaining('it may not write users): give it Organization Administrator'),
    },
  });
});

test.each<[string, Partial<OrgRules>]>([
  ['that may not be read', {mayReadRoles: false}],
  ['whose name does not tell', {ownerRoles: ['CUSTOM']}],
])('a role %s is tried, and nothing is made by it', async (_name, rules) => {
  const rig = await openRig({}, rules);
  const {users, groups} = rig.double.rules.store;
  const before = [users.size, groups.size];
  expect((await rig.port.check(options.signal)).ok).toBe(true);
  expect([users.size, groups.size]).toEqual(before);
  expect(rig.double.asked).toEqual(expect.arrayContaining(['createUser', 'addGroup']));
  await rig.close();
});

test('an app that was given its scopes and no admin role that may write', async () => {
  const {port} = scripted(
    ({url, method}) => {
      if (url.pathname.includes('token')) return [200, {access_token: 'a'}];
      return method === 'POST' ? [403, {errorCode: 'E0000006', errorCauses: []}] : [200, []];
    },
    {auth: {oauth2: {clientId: 'c', privateKey: await newKey()}}},
  );
  expect(await port.check(options.signal)).toMatchObject({
    failure: {kind: 'unauthorized', cause: 'read-only role', message: expect.stringContaining('Admin roles')},
  });
});

test('an app whose scopes do not let it write', async () => {
  const {port} = scripted(
    ({url}) => (url.pathname.includes('token') ? [200, {access_token: 'a'}] : [200, []]),
    {
      auth: {
        oauth2: {
          clientId: 'c',
          privateKey: await newKey(),
          scopes: ['okta.users.manage', 'okta.groups.read'],
        },
      },
    },
  );
  expect(await port.check(options.signal)).toMatchObject({
    failure: {kind: 'unauthorized', message: expect.stringContaining('lacks okta.groups.manage:')},
  });
});

test('rights that are missing are named', async () => {
  const {port} = scripted(({url}) =>
    url.pathname.endsWith('/groups') ? [403, {errorCode: 'E0000006', errorCauses: []}] : [200, []],
  );
  expect(await port.check(options.signal)).toMatchObject({
    failure: {kind: 'unauthorized', message: expect.stringContaining('okta.groups.manage')},
  });
});

test.each<[string, number, object | string]>([
  ['a SCIM service', 200, {schemas: [], Resources: []}],
  ['a list of something else', 200, [{login: 'octocat', id: 1}]],
  ['another API', 401, {message: 'Bad credentials'}],
  ['a page', 200, '<html>'],
  ['nothing there', 404, 'default backend'],
])("another vendor's service (%s) is no Okta org", async (_name, status, body) => {
  const result = await scripted(() => [status, body]).port.check(options.signal);
  expect(result).toMatchObject({ok: false, failure: {cause: expect.stringMatching(/not Okta|undocumented/)}});
});

test('a clock that is off, and a credential in the clear', async () => {
  const made = scripted(
    ({url, method}) => {
      const headers = {date: new Date(made.clock.now - 300_000).toUTCString()};
      if (method === 'POST') return [400, {errorCode: 'E0000001', errorCauses: []}];
      if (url.pathname.endsWith('/me')) return [200, {id: '00u1', profile: {}}];
      if (!url.pathname.includes('/meta/')) return [200, [], headers];
      return [200, {definitions: {custom: {properties: {externalId: {type: 'string'}}}}}];
    },
    {orgUrl: 'http://acme.okta.com'},
  );
  expect(value(await made.port.check(options.signal)).warnings).toEqual([
    expect.stringContaining('groupExternalIdAttribute'),
    expect.stringContaining('300 s ahead'),
    expect.stringContaining('in the clear'),
  ]);
});
